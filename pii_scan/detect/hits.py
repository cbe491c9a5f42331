"""Marks of the keys of `Profile.hits`, and what the matches of one value count under."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..core.profile import Hits
from .patterns import ORNAMENT, Match

#: Marks of keys that are no category: candidates of a rule; failed forms of a rule; values of a rule's form
#: that its check did not see because of its limit, as whole ones those that no other rule saw either; and
#: values that such a check looked at, as whole ones those that are a hit.
CANDIDATE: Final = "~"
FAILED: Final = "!"
UNSEEN: Final = "?"
CHECKED: Final = "="
#: Rows whose text was left out, and those in a language that no model reads.
LEFT: Final = f"{UNSEEN}text"
FOREIGN: Final = f"{UNSEEN}language"
#: Of what nothing was counted.
NO_HITS: Final = Hits()
#: Mark of the keys that count distinct values of a sample by what they are names of.
PEOPLE: Final = "@"
#: What one value holds: a key of `Profile.hits`, the detector, and whether it is the whole value.
Found = tuple[str, str, bool]
_MARKS: Final = {"hit": "", "candidate": CANDIDATE, "failed": FAILED}


def key_of(match: Match) -> str:
    mark = _MARKS[match.kind]
    return mark + match.rule.id if mark else match.rule.category


def findings(text: str, matches: Iterable[Match]) -> list[Found]:
    """The keys that the matches of a value count under, each once; a whole match wins."""
    entries: dict[str, Found] = {}
    stripped = text.strip()
    for match in matches:
        if not match.rule.personal:
            continue
        key = key_of(match)
        whole = match.end - match.start >= len(stripped) - ORNAMENT
        if key not in entries or (whole and not entries[key][2]):
            entries[key] = (key, match.rule.id, whole)
    return list(entries.values())
