"""Cohorts that nobody declared, told by the names of datasets and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from ...core.cohort import Cohort, Condition
from ...core.model import OWN, Field
from ...core.words import words_of
from ...data.times import timed
from ..scope import Known
from .fields import EMAIL, Fields, named_as, told

_KEYS: Final = ("id", "uuid", "guid")
Recogniser = Callable[[Fields, Known], Iterator[Cohort]]


def recognised(fields: Fields, known: Known, name: str) -> Iterator[Cohort]:
    """The rule by which a dataset holds the cohort; none if it does not look like it."""
    recognise = _RECOGNISERS.get(name)
    if recognise is not None and not known.raw.skip:
        yield from recognise(fields, known)


def _closed(fields: Fields, known: Known) -> Iterator[Cohort]:
    yield from _ended(fields, known, "closed", "account")


def _left(fields: Fields, known: Known) -> Iterator[Cohort]:
    yield from _ended(fields, known, "left", "person")


def _ended(fields: Fields, known: Known, name: str, kind: str) -> Iterator[Cohort]:
    if not _own_table(known) or not named_as(known, kind):
        return
    times = [f for f in fields.with_words(known, told("ended")) if f.type in ("timestamp", "date")]
    if times:
        yield _rule(fields, known, name, since=times[0])
        return
    states = [f for f in fields.all(known) if f.name.casefold() in told("state")]
    if states:
        ended = tuple(sorted(told("ended_state")))
        yield _rule(fields, known, name, where=(Condition(states[0].name, ended),))


def _free(fields: Fields, known: Known) -> Iterator[Cohort]:
    plans = [f for f in fields.all(known) if f.name.casefold() in told("plan")]
    if _own_table(known) and named_as(known, "account") and plans:
        yield _rule(fields, known, "free", where=(Condition(plans[0].name, tuple(sorted(told("free")))),))


def _period(fields: Fields, known: Known) -> Iterator[Cohort]:
    periods = [f for f in fields.with_words(known, told("period")) if f.type in ("integer", "number")]
    counted = [f for f in periods if words_of(f.path) & told("days")]
    if _own_table(known) and counted:
        yield _rule(fields, known, "period", days=counted[0])


def _disconnected(fields: Fields, known: Known) -> Iterator[Cohort]:
    times = [f for f in fields.with_words(known, told("disconnected")) if f.type in ("timestamp", "date")]
    if _own_table(known) and named_as(known, "connection") and times:
        yield _rule(fields, known, "disconnected", since=times[0])


def _unsubscribed(fields: Fields, known: Known) -> Iterator[Cohort]:
    """A list of addresses by its name, or a column of the time beside an address."""
    addresses = [f for f in fields.of_category(known, EMAIL) if fields.is_own(f)]
    if not addresses:
        return
    dated = [f for f, _ in timed(fields.all(known), fields.inventory.profiles)]
    out = [f for f in dated if words_of(f.path[-1:]) & told("opted_out")]
    if not out and named_as(known, "opted_out"):
        out = [f for f in dated if words_of(f.path[-1:]) & told("out_time")]
    if out:
        name = ".".join(addresses[0].path)
        yield Cohort("unsubscribed", known.shown.urn, (name,), since=".".join(out[0].path))


def _rule(
    fields: Fields,
    known: Known,
    name: str,
    where: tuple[Condition, ...] = (),
    since: Field | None = None,
    days: Field | None = None,
) -> Cohort:
    listed = fields.all(known)
    keys = [f for f in listed if f.name.casefold() in _KEYS]
    own = words_of(known.shown.path[-1:])
    keys += [f for f in listed if words_of(f.path) == own | {"id"}]
    texts = [f for f in listed if f.type == "string" and len(f.path) == 1]
    others = [f for f in texts if fields.is_own(f) or words_of(f.path) & {"customer", "external"}]
    names = dict.fromkeys(f.name for f in (*keys[:1], *others))
    return Cohort(
        name, known.shown.urn, tuple(names), where, since.name if since else "", days.name if days else ""
    )


def _own_table(known: Known) -> bool:
    return known.raw.kind in ("table", "view") and known.raw.store.role == OWN


_RECOGNISERS: Final[Mapping[str, Recogniser]] = {
    "closed": _closed,
    "left": _left,
    "free": _free,
    "period": _period,
    "disconnected": _disconnected,
    "unsubscribed": _unsubscribed,
}
