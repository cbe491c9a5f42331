"""The configuration's overrides and suppressions as decisions, their categories checked."""

from __future__ import annotations

import hashlib
import json
from difflib import get_close_matches
from typing import Final

from ..config.decisions import OverrideConfig, SuppressConfig
from ..config.gather import Gathered, Placed
from ..core.category import Taxonomy
from ..core.decision import NONE, Decision
from ..core.errors import ConfigError
from ..core.globs import fits

SHOWN: Final = "pii-scan categories list shows them all"


def known_category(key: str, taxonomy: Taxonomy, where: str) -> None:
    """Raises ConfigError with the nearest known key if there is no such category."""
    if key in taxonomy:
        return
    close = get_close_matches(key, taxonomy.categories, n=1, cutoff=0.8)
    hint = f"did you mean '{close[0]}'?" if close else f"declare it under categories; {SHOWN}"
    raise ConfigError(f"unknown category '{key}'", hint, where)


def decisions(gathered: Gathered, taxonomy: Taxonomy) -> tuple[Decision, ...]:
    """Overrides, then suppressions, each in the order of the file; twice the same counts once."""
    made = [_override(placed, taxonomy) for placed in gathered.overrides]
    made += [_suppression(placed, taxonomy) for placed in gathered.suppress]
    return tuple({decision.id: decision for decision in reversed(made)}.values())[::-1]


def _override(placed: Placed[OverrideConfig], taxonomy: Taxonomy) -> Decision:
    record = placed.record
    if record.category != NONE:
        known_category(record.category, taxonomy, placed.where("category"))
    for index, glob in enumerate(record.contains):
        _check_glob(glob, taxonomy, placed.where("contains", index))
    return Decision(
        _identity("override", record),
        "override",
        record.match,
        record.category,
        record.owner,
        record.reason,
        "type",
        tuple(record.contains),
        record.when.detector if record.when else "",
        record.since,
        record.expires,
        record.reviewed,
        placed.where(),
    )


def _suppression(placed: Placed[SuppressConfig], taxonomy: Taxonomy) -> Decision:
    record = placed.record
    _check_glob(record.category, taxonomy, placed.where("category"))
    return Decision(
        _identity("suppress", record),
        "suppress",
        record.match,
        record.category,
        record.owner,
        record.reason,
        record.verdict,
        since=record.since,
        expires=record.expires,
        reviewed=record.reviewed,
        where=placed.where(),
    )


def _check_glob(glob: str, taxonomy: Taxonomy, where: str) -> None:
    if not any(fits(key, glob) for key in taxonomy.categories):
        close = get_close_matches(glob, taxonomy.categories, n=1)
        hint = f"did you mean '{close[0]}'?" if close else SHOWN
        raise ConfigError(f"no category fits '{glob}'", hint, where)


def _identity(kind: str, record: OverrideConfig | SuppressConfig) -> str:
    """The kind and a hash of the whole record: what is changed in it makes another decision."""
    text = json.dumps(record.model_dump(mode="json"), sort_keys=True)
    return f"{kind}-{hashlib.blake2b(text.encode(), digest_size=4).hexdigest()}"
