"""The stream of training texts: corpora and generated texts, and the changes that make them more varied."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from pii_scan.detect import gazetteer

from . import corpora, generator
from .generator import Generator
from .names import Names, full, is_held
from .texts import Text, bare, joined, recased, substituted

#: Every 25th text of a training file is kept for choosing checkpoints.
KEPT_BACK: Final = 25
#: Texts longer than this many characters are cut.
LONGEST: Final = 700
_BREAK = re.compile(r"\n+|(?<=[a-zà-ÿ\d][.!?]) +(?=[A-ZÀ-Ý])")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a language is trained, chosen and measured on."""

    language: str
    shares: Mapping[str, float]
    generated: float
    choose: tuple[str, ...]
    measure: tuple[str, ...]
    repairs: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """How often a text is changed, each on its own; the cases exclude each other."""

    swapped: float = 0.3
    joined: float = 0.12
    unrepaired: float = 0.2
    lower: float = 0.2
    upper: float = 0.07
    unaccented: float = 0.08


def plan(language: str) -> Plan:
    """The plan of a language. Raises KeyError for one that has none."""
    found = YAML(typ="safe", pure=True).load((generator.FOLDER / "corpora.yaml").read_text(encoding="utf-8"))
    own = found[language]
    return Plan(
        language,
        {name: float(share) for name, share in own["train"].items()},
        float(found["generated"]),
        tuple(own["choose"]),
        tuple(own["measure"]),
        found["repairs"],
    )


def rules(wanted: Plan, name: str) -> corpora.Conventions:
    """The conventions of one corpus: the titles of all languages, and the repairs that it needs."""
    titles = {
        title.rstrip(".")
        for path in sorted(generator.FOLDER.glob("[a-z][a-z].yaml"))
        for title in generator.language(path.stem).titles
    }
    return corpora.conventions(titles, **wanted.repairs.get(name, {}))


def corpus(folder: Path, wanted: Plan, name: str) -> list[tuple[Text, Text]]:
    """The texts of a training file, each cleaned, and as its source has its gaps but for its spans."""
    kept = rules(wanted, name)
    as_is = corpora.Conventions(kept.titles)
    made = []
    for text in corpora.read(folder / "train" / f"{name}.jsonl.gz"):
        made += [(clean, clean) for clean in cut(corpora.cleaned(text, kept))]
        if len(text.text) <= LONGEST:
            made[-1] = (made[-1][0], corpora.trimmed(text, as_is)) if len(cut(text)) == 1 else made[-1]
    return made


def cut(source: Text) -> list[Text]:
    """The text in pieces of at most `LONGEST` characters, as far as there are sentences to cut at."""
    if len(source.text) <= LONGEST:
        return [source]
    pieces: list[Text] = []
    first = last = 0
    inside = [(start, end) for start, end, _ in source.spans]
    breaks = [
        m for m in _BREAK.finditer(source.text) if not any(a < m.end() and m.start() < b for a, b in inside)
    ]
    for place, after in (*((m.start(), m.end()) for m in breaks), (len(source.text), len(source.text))):
        if place - first > LONGEST and last > first:
            pieces.append(_piece(source, first, last))
            first = last
        last = after
    return [*pieces, _piece(source, first, last)]


def _piece(source: Text, start: int, end: int) -> Text:
    spans = tuple((a - start, b - start, label) for a, b, label in source.spans if start <= a and b <= end)
    return Text(source.text[start:end], spans)


def more_names(entries: Mapping[str, int], *, held: bool) -> Names:
    """Names that the gazetteer has, of Latin letters without accents, as a locale of its own."""
    words = sorted(e for e in entries if e.isascii() and e.isalpha() and len(e) > 2 and is_held(e) == held)
    wanted = gazetteer.WORD | gazetteer.PLACE
    given = [w.title() for w in words if entries[w] & gazetteer.GIVEN_OFTEN and not entries[w] & wanted]
    family = [w.title() for w in words if entries[w] & gazetteer.FAMILY and not entries[w] & wanted]
    return Names("known", tuple(given), tuple(family))


class Mixture:
    """Draws training texts without end; the same seed gives the same ones."""

    def __init__(
        self,
        wanted: Plan,
        texts: Mapping[str, Sequence[tuple[Text, Text]]],
        made: Generator,
        changes: Changes,
    ) -> None:
        self.rng = random.Random(made.rng.random())
        self._made, self._changes, self._generated = made, changes, wanted.generated
        self._shares = {name: wanted.shares[name] for name in texts}
        self._passes = {name: self._pass(found) for name, found in texts.items()}

    def __iter__(self) -> Iterator[Text]:
        while True:
            text = self._drawn()
            if self.rng.random() < self._changes.joined:
                text = joined((text, self._drawn()), self.rng.choice((" ", "\n", "\n\n", " ")))
            yield self._cased(text)

    def _drawn(self) -> Text:
        if not self._passes or self.rng.random() < self._generated:
            return self._made.text()
        name = self.rng.choices(list(self._shares), list(self._shares.values()))[0]
        text = next(self._passes[name])
        return substituted(text, self._other) if self.rng.random() < self._changes.swapped else text

    def _pass(self, texts: Sequence[tuple[Text, Text]]) -> Iterator[Text]:
        order = list(range(len(texts)))
        while True:
            self.rng.shuffle(order)
            for number in order:
                if number % KEPT_BACK:
                    yield texts[number][self.rng.random() < self._changes.unrepaired]

    def _other(self, old: str, label: str) -> str | None:
        """Another name of the same kind and of about the same form."""
        invented = self._made.invented
        if invented and label in ("LOC", "ORG") and old[:1].isupper() and len(old) > 2:
            return invented.city(self.rng) if label == "LOC" else invented.organisation(self.rng)
        if label != "PER" or len(old) < 3:
            return None
        who = self._made.person()
        if " " in old:
            return full(self.rng, who) if self.rng.random() < 0.4 else f"{who.given} {who.family}"
        return self.rng.choice((who.given, who.family))

    def _cased(self, text: Text) -> Text:
        changes, drawn = self._changes, self.rng.random()
        if self.rng.random() < changes.unaccented:
            text = recased(text, bare)
        if drawn < changes.lower:
            return recased(text, str.lower)
        return recased(text, str.upper) if drawn < changes.lower + changes.upper else text


def hidden(known: Any, share: float) -> Any:
    """What words are known as, but for a share of them: names that no list has, as in life.

    Which words are hidden depends on their letters alone.
    """

    def look(word: str) -> int:
        return 0 if is_held(word.lower()[::-1] + "?", share) else int(known(word))

    return look
