"""Whom an exposed store concerns; the list in the clear goes into a private file alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ..core.errors import ConfigError
from ..subjects.affected import Affected, affected
from ..subjects.audit import Asked
from .context import Context
from .subject import actor, audit_log, private, scope


def concerned(
    context: Context, store: str, aware: datetime | None, purpose: str, out: Path | None, run: str | None
) -> Affected:
    """The people and categories of a store, by its URN or name.

    `out` is a new file for the identifiers as they are, one a line, readable by its owner alone.
    Raises ConfigError for a store that the run does not have.
    """
    now = datetime.now(UTC)
    log = audit_log(context)
    asked = Asked(actor(), "affected", purpose, (), now.isoformat(timespec="seconds"))
    log.write(asked, "asked")
    known = context.inventory(run).stores
    urn = next((one.urn for one in known if store in (one.urn, one.name)), None)
    if urn is None:
        raise ConfigError("the run has no such store", f"stores: {', '.join(one.urn for one in known)}")
    names = [one.name for one in known if one.urn == urn]
    wanted = [s.name for s in context.loaded.config.sources if context.masker.name(s.name) in names]
    with scope(context, wanted, run) as opened:
        found = affected(opened, urn, aware, now, context.key)
    log.write(asked, "answered", {"people": len(found.people)})
    if out is not None:
        private(out, sorted(found.people.values()))
    return found
