"""Whom an exposed store concerns; the list in the clear goes into a private file alone."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from ..core.errors import ConfigError, classify
from ..subjects.affected import Affected, affected
from ..subjects.audit import Asked
from .context import Context
from .subject import actor, audit_log, scope


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
        _write(out, found)
    return found


def _write(out: Path, found: Affected) -> None:
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{text}\n" for text in sorted(found.people.values()))
    except OSError as error:
        reason = f"the list can't be written ({classify(error)})"
        raise ConfigError(reason, "name a new file in a folder that you may write to") from None
