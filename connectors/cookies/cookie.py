"""A cookie as a visit or an inventory shows it: never its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Party = Literal["first", "third", ""]
When = Literal["before", "after", ""]
#: Second-level labels under which countries' registries let others register names.
_SHARED: Final = frozenset("ac co com edu gov net org".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Cookie:
    """`when`: whether it was there before somebody signed in; empty for what is not told."""

    name: str
    host: str
    party: Party = ""
    when: When = ""
    days: int | None = None
    purpose: str = ""


def site(host: str) -> str:
    """The name under which the host's owner is registered, by the form of the name alone.

    The last two labels, or three under names such as `co.uk`; there is no list of public suffixes in it.
    """
    labels = host.strip(".").casefold().split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3 if shared else -2 :])
