"""Sentences from templates: texts of the kinds that hold personal data, and of kinds that look like it.

A template is a text with slots. A slot names a list of the language's file, or one of the makers below; lists
may hold templates themselves. Slots of `ENTITIES` become spans, and what is inside of an entity becomes none.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from . import names
from .inventions import Inventions
from .names import Names, Person
from .texts import Text, bare

FOLDER: Final = Path(__file__).parent / "data"
#: The label of a list's entries.
ENTITIES: Final = {"city": "LOC", "country": "LOC", "street": "LOC", "place": "LOC", "org": "ORG"}
_SLOT = re.compile(r"\{(\w+)(?:\|(\w+))?\}")
_CHANGES: Final[Mapping[str, Callable[[str], str]]] = {
    "upper": str.upper,
    "lower": str.lower,
    "plain": lambda text: "".join(map(bare, text)),
}
#: Deeper nesting is a circle of lists.
_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class Language:
    """Templates and what fills them, of one language; for development other templates, lists and names."""

    code: str
    templates: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]
    locales: tuple[tuple[str, float], ...]
    titles: tuple[str, ...]
    held: bool


def language(code: str, *, held: bool = False) -> Language:
    """The language of that code from its data files; `held` gives what is kept for development.

    Raises FileNotFoundError for a language without files.
    """
    base, common = _yaml(f"{code}.yaml"), _yaml("common.yaml")
    lists = {**common["lists"], **base["lists"]}
    templates: list[str] = base["templates"]
    if held:
        own = _yaml(f"dev/{code}.yaml")
        templates, lists = own["templates"], {**lists, **own["lists"]}
    locales = {**dict.fromkeys(common["locales"], 1.0), **base["locales"]}
    return Language(
        code,
        tuple(map(str, templates)),
        {key: tuple(map(str, entries)) for key, entries in lists.items()},
        tuple(locales.items()),
        tuple(base["titles"]),
        held,
    )


def _yaml(name: str) -> Any:
    return YAML(typ="safe", pure=True).load((FOLDER / name).read_text(encoding="utf-8"))


class Generator:
    """Draws texts of one language; the same seed gives the same texts."""

    def __init__(
        self, source: Language, seed: int, more: Sequence[Names] = (), invented: Inventions | None = None
    ) -> None:
        self.source = source
        self.invented = invented
        self.rng = random.Random(seed)
        self._locales = [*(names.names(locale, source.held) for locale, _ in source.locales), *more]
        weights = [weight for _, weight in source.locales]
        #: Names that come with no locale of their own make up a fifth.
        self._weights = [*weights, *(sum(weights) / 4 / len(more) for _ in more)]

    def text(self) -> Text:
        """A text from a template drawn at random."""
        return self.fill(self.rng.choice(self.source.templates))

    def fill(self, template: str) -> Text:
        """One filling of a template."""
        return _Filling(self, []).fill(template, 0)

    def person(self) -> Person:
        """A person of a locale drawn by weight."""
        return names.person(self.rng, self.rng.choices(self._locales, self._weights)[0])


@dataclass(frozen=True, slots=True)
class _Filling:
    """One text in the making, and who was named in it."""

    generator: Generator
    people: list[Person]

    def fill(self, template: str, depth: int) -> Text:
        if depth > _DEEPEST:
            raise ValueError(f"lists that name each other: {template}")
        made, spans, last = "", [], 0
        for slot in _SLOT.finditer(template):
            made += template[last : slot.start()]
            inner = self._slot(slot[1], depth)
            change = _CHANGES[slot[2]] if slot[2] else None
            text = change(inner.text) if change else inner.text
            # A change of case may change the length: then the whole slot is what the spans inside were.
            kept = (
                inner.spans
                if len(text) == len(inner.text)
                else ((0, len(text), s[2]) for s in inner.spans[:1])
            )
            spans += [(start + len(made), end + len(made), label) for start, end, label in kept]
            made += text
            last = slot.end()
        return Text(made + template[last:], tuple(spans))

    def _slot(self, name: str, depth: int) -> Text:
        rng, lists = self.generator.rng, self.generator.source.lists
        if name in INVENTED and self.generator.invented and rng.random() < _INVENTED:
            made = INVENTED[name](self.generator.invented, rng)
            label = ENTITIES.get(name)
            return Text(made, ((0, len(made), label),)) if label else Text(made)
        if name in PEOPLE:
            return PEOPLE[name](self)
        if name in VALUES:
            return Text(VALUES[name](rng, self.people))
        if name not in lists:
            raise ValueError(f"no such slot: {name}")
        found = self.fill(rng.choice(lists[name]), depth + 1)
        label = ENTITIES.get(name)
        return Text(found.text, ((0, len(found.text), label),)) if label else found

    def meet(self) -> Person:
        """A new person of this text."""
        self.people.append(self.generator.person())
        return self.people[-1]

    def same(self) -> Person:
        """The person named last, or a new one."""
        return self.people[-1] if self.people else self.meet()

    def titled(self, name: str) -> Text:
        """A name after a title, which is no part of it."""
        title = self.generator.rng.choice(self.generator.source.titles)
        return Text(f"{title} {name}", ((len(title) + 1, len(title) + 1 + len(name), "PER"),))


def _span(name: str) -> Text:
    return Text(name, ((0, len(name), "PER"),))


def _anybody(filling: _Filling) -> Text:
    rng, who = filling.generator.rng, filling.meet()
    form = rng.choices(("full", "given", "family", "titled"), (68, 16, 5, 11))[0]
    if form == "titled":
        return filling.titled(who.family if rng.random() < 0.6 else names.full(rng, who))
    return _span({"full": names.full(rng, who), "given": who.given, "family": who.family}[form])


#: Makers of people: `same_…` names the one named last again.
PEOPLE: Final[Mapping[str, Callable[[_Filling], Text]]] = {
    "person": _anybody,
    "full": lambda f: _span(names.full(f.generator.rng, f.meet())),
    "first_last": lambda f: _span(f"{(who := f.meet()).given} {who.family}"),
    "last_first": lambda f: _span(f"{(who := f.meet()).family}, {who.given}"),
    "initial_last": lambda f: _span(f"{(who := f.meet()).given[0]}. {who.family}"),
    "given": lambda f: _span(f.meet().given),
    "family": lambda f: _span(f.meet().family),
    "titled": lambda f: f.titled(f.meet().family),
    "same_given": lambda f: _span(f.same().given),
    "same_family": lambda f: _span(f.same().family),
    "same_full": lambda f: _span(f"{f.same().given} {f.same().family}"),
    "same_titled": lambda f: f.titled(f.same().family),
    # Names inside of other things, such as a company: no spans.
    "any_family": lambda f: Text(f.generator.person().family),
    "any_full": lambda f: Text(f"{(who := f.generator.person()).given} {who.family}"),
    "any_given": lambda f: Text(f.generator.person().given),
}


#: Slots that may be filled with what no list has, and how often they are.
INVENTED: Final[Mapping[str, Callable[[Inventions, random.Random], str]]] = {
    "city": lambda made, rng: made.city(rng),
    "brand": lambda made, rng: made.word(rng),
    "org": lambda made, rng: made.organisation(rng),
    "product": lambda made, rng: f"{made.word(rng)}{rng.choice(('', ' 2', ' Pro', ' Plus', ' XL'))}",
}
_INVENTED: Final = 0.5


def _email(rng: random.Random, people: list[Person]) -> str:
    host = rng.choice(("example.com", "mail.example", "example.org", "gmail.example", "corp.example.net"))
    if not people or rng.random() < 0.25:
        return rng.choice(("info", "support", "billing", "no-reply", "contact", "hr", "sales")) + "@" + host
    who = people[-1]
    given, family = (
        re.sub(r"[^a-z]", "", "".join(map(bare, n.lower()))) or "x" for n in (who.given, who.family)
    )
    local = rng.choice(
        (f"{given}.{family}", f"{given[0]}{family}", f"{given}{rng.randrange(100)}", f"{family}_{given}")
    )
    return f"{local}@{host}"


def _date(rng: random.Random, _: list[Person]) -> str:
    day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(1940, 2030)
    return rng.choice(
        (
            f"{year}-{month:02}-{day:02}",
            f"{day:02}/{month:02}/{year}",
            f"{day}.{month}.{year}",
            f"{day}/{month}",
        )
    )


def _phone(rng: random.Random, _: list[Person]) -> str:
    digits = [f"{rng.randrange(100):02}" for _ in range(4)]
    return rng.choice(("0", "+33 ", "+1 ", "+49 ", "06 ", "")) + rng.choice((" ", "", "-", ".")).join(digits)


def _id(rng: random.Random, _: list[Person]) -> str:
    letters = "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(rng.randrange(1, 4)))
    return rng.choice(
        (f"{letters}-{rng.randrange(10**6)}", f"#{rng.randrange(10**5)}", f"{rng.getrandbits(40):x}")
    )


#: Makers of what is no entity; they know who was named so far.
VALUES: Final[Mapping[str, Callable[[random.Random, list[Person]], str]]] = {
    "email": _email,
    "date": _date,
    "phone": _phone,
    "id": _id,
    "time": lambda rng, _: f"{rng.randrange(24):02}{rng.choice(':h')}{rng.randrange(0, 60, 5):02}",
    "day": lambda rng, _: str(rng.randrange(1, 31)),
    "n": lambda rng, _: str(rng.randrange(2, 100)),
    "number": lambda rng, _: str(rng.randrange(100, 10**6)),
    "amount": lambda rng, _: f"{rng.randrange(1, 5000)}{rng.choice('.,')}{rng.randrange(100):02}",
    "zip": lambda rng, _: f"{rng.randrange(1000, 99999):05}",
    "ip": lambda rng, _: ".".join(str(rng.randrange(1, 255)) for _ in range(4)),
    "stamp": lambda rng, _: (
        f"20{rng.randrange(15, 30)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}T"
        f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}Z"
    ),
    "version": lambda rng, _: f"{rng.randrange(12)}.{rng.randrange(20)}.{rng.randrange(10)}",
}
