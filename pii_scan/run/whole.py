"""The main job in one call: scan, link, check, show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.baseline import Baseline
from ..core.errors import ConfigError, SourceError
from ..core.inventory import Inventory
from ..core.ports import Connector
from ..core.redact import Masker
from . import accepting, check, report
from .baseline import held
from .context import Context, context
from .progress import progress
from .scan import ScanOptions, scan
from .sources import chosen


@dataclass(frozen=True, slots=True)
class Wanted:
    """What comes out of a check: the reports, what fails, and what was known before.

    `only_new` leaves out what the baseline has; `keep` tells whether the inventory outlives the command.
    """

    outputs: Sequence[report.Output]
    fail_on: str
    baseline: Baseline | None = None
    only_new: bool = False
    keep: bool = True

    def held(self, judged: Inventory) -> Inventory:
        """What was judged, held against the baseline if there is one."""
        return judged if self.baseline is None else held(judged, self.baseline, self.only_new)


def whole(
    config: Path | None, sources: Sequence[str], options: ScanOptions, wanted: Wanted, quiet: bool
) -> check.Outcome:
    """Scans the sources, judges what was found and writes the reports."""
    with context(config, keep=wanted.keep) as opened:
        places = chosen(opened.loaded, sources, gentle=options.gentle)
        opened.declaration()  # what is faulty stops before hours of scanning, not after
        check.checks(opened)
        accepting.decisions(Path(opened.loaded.config.accepted))
        with progress(not quiet) as shown:
            run = scan(opened, places, options, shown)
        outcome = check.Outcome(wanted.held(conclude(opened, run.id)), wanted.fail_on)
        for name, file in wanted.outputs:
            if not quiet or file:
                kind = "inventory" if name == "json" else "all"
                report.write(outcome.inventory, name, file, {"kind": kind})
        return outcome


def checked(config: Path | None, run: str | None, wanted: Wanted) -> check.Outcome:
    """Judges a stored run and writes the reports."""
    with context(config) as opened:
        outcome = check.Outcome(wanted.held(check.check(opened, run)), wanted.fail_on)
        for name, file in wanted.outputs:
            report.write(outcome.inventory, name, file, {"kind": "check"})
        return outcome


def conclude(opened: Context, run: str) -> Inventory:
    """Flows, findings and verdicts of a finished scan, stored with it."""
    check.link(opened, run)
    return check.check(opened, run)


def listing(config: Path | None, wanted: Sequence[str]) -> str:
    """What a scan would read, one line an object, without reading a row of it."""
    lines: list[str] = []
    with context(config) as opened:
        for source in chosen(opened.loaded, wanted):
            lines.extend(_list(source.name, source.open, opened.masker))
    return "\n".join(lines)


def _list(name: str, opener: Callable[[], Connector], masker: Masker) -> list[str]:
    try:
        connector = opener()
        try:
            masked = [masker.dataset(dataset) for dataset in connector.datasets()]
        finally:
            connector.close()
    except (SourceError, ConfigError) as error:
        return [f"{masker.name(name)}: {error}"]
    return [f"{d.urn}  {'skip: ' + d.skip if d.skip else d.kind}" for d in masked]
