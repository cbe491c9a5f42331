"""After the scan: who receives what, and whether the declared list covers it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from .. import plugins
from ..checks import registry
from ..core.declaration import SEVERITIES
from ..core.errors import ConfigError
from ..core.globs import matches
from ..core.inventory import Inventory
from ..core.ports import Check
from ..core.redact import clean
from ..lineage import mapped
from ..lineage.recipients import Recipients
from ..lineage.sqlflows import outside
from ..policy import disclosure
from . import accepting, decided
from .context import Context
from .log import logger

#: Unknown datasets that a warning names.
_NAMED = 3


def link(context: Context, run: str) -> None:
    """Works out the flows of a run and stores them with it, those of the detector's own verdicts."""
    inventory = context.stored(run)
    bindings = decided.bindings(context)
    declared = replace(inventory, declaration=context.declaration(), processors=context.processors)
    for line in (*idle(declared, bindings), *unmatched(declared)):
        logger().warning(line)
    context.repository.save_flows(run, decided.flows(context, inventory))


def idle(inventory: Inventory, bindings: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The `exports:` rules that tie nothing, or tie it to a recipient that nobody knows."""
    recipients = Recipients.of(inventory)
    for glob, recipient in bindings:
        if not any(matches(dataset, glob) for dataset in (*inventory.datasets, *outside(inventory.edges))):
            yield f"exports: '{clean(glob)}' matches nothing; globs go over source name/path or file name"
        if recipients.by_id(recipient) is None:
            yield f"exports: no recipient '{clean(recipient)}' is declared or known; check the id"


def unmatched(inventory: Inventory) -> Iterator[str]:
    """What events name and nobody knows: sources of the option `namespaces`, and datasets."""
    sources = {store.name for store in inventory.stores}
    ends = [place for m in inventory.mappings for place in (m.source, m.target) if place is not None]
    for name in sorted({place.store for place in ends if place.store} - sources):
        yield f"openlineage: no source of this run is called '{clean(name)}'; check the option namespaces"
    if foreign := mapped.unknown(inventory):
        yield (
            f"lineage: servers and jobs read {_counted(foreign, 'dataset')} that this run does not know: "
            f"{_first(foreign)}; scan them, or say which source a namespace is with the option namespaces"
        )
    if strangers := mapped.strangers(inventory, Recipients.of(inventory)):
        yield (
            f"openlineage: jobs send to {_counted(strangers, 'host')} of nobody known: {_first(strangers)}; "
            "add the recipient with its hosts to the declared list"
        )


def _counted(found: Sequence[str], what: str) -> str:
    return f"{len(found)} {what}{'' if len(found) == 1 else 's'}"


def _first(found: Sequence[str]) -> str:
    return ", ".join(map(clean, found[:_NAMED])) + (", …" if len(found) > _NAMED else "")


def check(context: Context, run: str | None = None) -> Inventory:
    """A stored run judged against today's declared list; findings and verdicts are stored with it."""
    inventory = judged(context, run)
    context.repository.save_check(inventory.run.id, inventory.all_findings, inventory.claims)
    decided.keep_copies(context, inventory)
    return decided.settle(context, inventory)


def judged(context: Context, run: str | None = None) -> Inventory:
    """A run with its declaration, disclosures, findings and claim verdicts, without storing them.

    Accepted findings are set aside, and count no more.
    """
    stored = context.inventory(run)
    inventory = replace(stored, declaration=context.declaration(), processors=context.processors)
    recipients = Recipients(inventory.declaration, context.processors)
    inventory = replace(inventory, disclosures=disclosure.classify(inventory, recipients))
    findings, claims = registry.evaluate(inventory, checks(context))
    return accepting.applied(context, replace(inventory, findings=findings, claims=claims))


def checks(context: Context) -> Sequence[Check]:
    """Every installed check that the configuration does not switch off.

    Raises ConfigError for an unknown check in the configuration.
    """
    disabled = set(context.loaded.config.checks.disable)
    unknown = disabled - set(plugins.names("checks"))
    if unknown:
        wrong = min(unknown)
        close = get_close_matches(wrong, plugins.names("checks"), n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"known: {', '.join(plugins.names('checks'))}"
        place = ("checks", "disable", context.loaded.config.checks.disable.index(wrong))
        where = context.loaded.positions.where(place)
        raise ConfigError(f"checks.disable: unknown check '{wrong}'", hint, where)
    return [check for name, check in plugins.load_all("checks").items() if name not in disabled]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The exit code of a judged inventory, after the table in the command line's documentation."""

    inventory: Inventory
    fail_on: str

    @property
    def failing(self) -> int:
        """Findings at or above the severity that fails."""
        if self.fail_on == "none":
            return 0
        limit = SEVERITIES.index(self.fail_on)
        return sum(SEVERITIES.index(f.severity) >= limit for f in self.inventory.findings)

    @property
    def line(self) -> str:
        """What came out, for whoever sees no report."""
        found = self.inventory
        counts = f"{len(found.findings)} findings, {self.failing} at or above --fail-on {self.fail_on}"
        aside = [(len(found.accepted), "accepted"), (len(found.known), "known from the baseline")]
        parts = [counts, *(f"{n} {what}" for n, what in aside if n)]
        parts += [] if found.complete else ["not everything could be looked at"]
        return f"{'; '.join(parts)}: exit code {self.code}"

    @property
    def code(self) -> int:
        """1 for findings, 3 for an incomplete scan, else 0."""
        if self.failing:
            return 1
        return 0 if self.inventory.complete else 3
