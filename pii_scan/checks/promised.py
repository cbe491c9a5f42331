"""A check of a promise: it looks at one claim at a time, and tells what breaks it or why it can't tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from ..core.declaration import Claim, Severity
from ..core.finding import Examined, Finding
from ..core.globs import fits
from ..core.inventory import Inventory
from ..core.ports import Check
from ..core.register import Entry
from ..core.setting import Setting
from ..core.urn import join, split

Examine = Callable[[Inventory, Claim], Examined]


def promised(check: str, severity: Severity, promise: str, examine: Examine) -> Check:
    """The check that settles one promise."""

    def run(inventory: Inventory) -> Iterator[Finding]:
        declared = inventory.declaration.claims if inventory.declaration else ()
        for claim in declared:
            if claim.promise == promise:
                yield from examine(inventory, claim).findings

    return Check(check, severity, ("declaration",), (), run, (promise,), examine)


def entries(inventory: Inventory, register: str) -> list[Entry]:
    return [entry for entry in inventory.entries if entry.register == register]


def no_register(*names: str) -> Examined:
    """What is left to say where nobody keeps, or nobody gave, a register."""
    listed = " or ".join(f"'{name}'" for name in names)
    return Examined(because=f"no entry of the register {listed} was read", needs=("registers",))


def entry_urn(entry: Entry, name: str) -> str:
    """The subject of a finding: a line of a register by its own number, the register for a person's line."""
    return join(entry.dataset, (name,), "#") if name else entry.dataset


def moment(written: str) -> datetime | None:
    """A time of a register; a plain day is its beginning in UTC."""
    if not written:
        return None
    read = datetime.fromisoformat(written)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def last_moment(written: str) -> datetime | None:
    """As `moment`, but a plain day is its end: who acts on a day may act all day."""
    read = moment(written)
    return read + timedelta(days=1) if read and len(written) == 10 else read


def now(inventory: Inventory) -> datetime:
    """The beginning of the day that ages are counted from."""
    return datetime.combine(datetime.fromisoformat(inventory.run.as_of[:10]), time(), UTC)


def today(inventory: Inventory) -> str:
    return inventory.run.as_of[:10]


def settings(inventory: Inventory, claim: Claim, *names: str) -> list[Setting]:
    """The settings of these names on what the claim speaks of, in a stable order.

    Without `dataset:` selectors it speaks of everything.
    """
    chosen = [s for s in inventory.settings if s.name in names and spoken_of(claim, s.subject)]
    return sorted(chosen, key=lambda s: (s.subject, s.name, s.value))


def spoken_of(claim: Claim, urn: str) -> bool:
    """True if one of the claim's selectors fits the place, given as `store name/path`, or it has none."""
    if not claim.datasets:
        return True
    store, path, _ = split(urn)
    named = "/".join((store.partition("://")[2], *path))
    return any(fits(named, glob) or fits("/".join(path), glob) for glob in claim.datasets)


def no_settings(what: str) -> Examined:
    return Examined(because=f"no setting tells {what}", needs=("infrastructure",))


def concluded(
    findings: Sequence[Finding], because: str, unknown: Sequence[str] = (), needs: tuple[str, ...] = ()
) -> Examined:
    """Broken by findings, open for what is unknown, else kept."""
    if unknown and not any(finding.verdict == "fail" for finding in findings):
        shown = ", ".join(unknown[:3]) + (f" and {len(unknown) - 3} more" if len(unknown) > 3 else "")
        return Examined(tuple(findings), f"it could not be told of {shown}", needs)
    return Examined(tuple(findings), because)
