"""What is new, gone or changed between two versions of a policy or of the declared list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from ..core.declaration import Audience, Claim, Declaration, Retention
from ..data.known import processors
from .draft.statement import Statement
from .draft.write import recipient_id
from .schema import days

Aspect = Literal["recipient", "category", "purpose", "period", "place"]
Kind = Literal["new", "gone", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `before` and `after` are empty where there is nothing to say."""

    aspect: Aspect
    change: Kind
    name: str
    before: str = ""
    after: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Contents:
    """What one version speaks of: each aspect's names, and what it says of each."""

    recipients: dict[str, set[str]] = field(default_factory=dict)
    categories: dict[str, set[str]] = field(default_factory=dict)
    purposes: dict[str, set[str]] = field(default_factory=dict)
    periods: dict[str, set[str]] = field(default_factory=dict)
    places: dict[str, set[str]] = field(default_factory=dict)


def of_declaration(declaration: Declaration) -> Contents:
    """The contents of a declared list."""
    made = Contents()
    for recipient in declaration.recipients:
        _add(made.recipients, (recipient.id,), recipient.processor.function)
    for claim in declaration.claims:
        _put(made, claim, (*_names(claim.recipient), *_names(claim.only_at)))
        if claim.retention:
            _add(made.periods, claim.data, _period(claim.retention))
        if claim.region:
            _add(made.places, claim.data, claim.region)
    return made


def of_statements(statements: Iterable[Statement]) -> Contents:
    """The contents of a policy's text, as the draft reads it."""
    made = Contents()
    functions = {p.id: p.function for p in processors()}
    for s in statements:
        ids = tuple(map(recipient_id, s.ids)) if s.kind != "collect" else ()
        _put(made, s, (*ids, *_general(s.functions, s.roles)))
        for name in ids:
            _add(made.recipients, (name,), functions.get(name, ""))
        if s.period:
            _add(made.periods, s.data, f"{days(s.period)}d")
        if s.kind in ("locate", "secure"):
            for place in s.places:
                _add(made.places, s.data, place)
    return made


def changes(old: Contents, new: Contents) -> list[Change]:
    """The differences, recipients first; within an aspect by name."""
    aspects: tuple[tuple[Aspect, Mapping[str, set[str]], Mapping[str, set[str]]], ...] = (
        ("recipient", old.recipients, new.recipients),
        ("category", old.categories, new.categories),
        ("purpose", old.purposes, new.purposes),
        ("period", old.periods, new.periods),
        ("place", old.places, new.places),
    )
    return [change for aspect, before, after in aspects for change in _between(aspect, before, after)]


def _put(made: Contents, said: Claim | Statement, recipients: Iterable[str]) -> None:
    """Categories count where data comes in or goes out, purposes where they are allowed."""
    if said.kind in ("allow_share", "locate"):
        _add(made.recipients, recipients, "")
    if said.kind in ("collect", "allow_share"):
        _add(made.categories, said.data, "collected" if said.kind == "collect" else "shared")
    if said.kind in ("purpose", "collect", "allow_share"):
        _add(made.purposes, said.purposes, "")


def _add(where: dict[str, set[str]], names: Iterable[str], what: str) -> None:
    for name in names:
        where.setdefault(name, set()).update({what} if what else ())


def _between(aspect: Aspect, old: Mapping[str, set[str]], new: Mapping[str, set[str]]) -> Iterable[Change]:
    for name in sorted(old.keys() | new.keys()):
        before, after = (", ".join(sorted(side.get(name, ()))) for side in (old, new))
        if name not in old:
            yield Change(aspect, "new", name, "", after)
        elif name not in new:
            yield Change(aspect, "gone", name, before, "")
        elif before != after:
            yield Change(aspect, "changed", name, before, after)


def _names(audience: Audience) -> tuple[str, ...]:
    anyone = ("anyone",) if audience.anyone else ()
    return (*audience.ids, *_general(audience.functions, audience.roles), *anyone)


def _general(functions: Iterable[str], roles: Iterable[str]) -> tuple[str, ...]:
    return (*(f"any {name}" for name in functions), *(f"any {name}" for name in roles))


def _period(retention: Retention) -> str:
    return f"{retention.days}d" if retention.days is not None else f"set by {retention.per_account_setting}"
