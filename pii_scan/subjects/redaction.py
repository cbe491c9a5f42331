"""Other people's identifiers are taken out of what one person is given; a log has each by place and kind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import phonenumbers

from .answer import Path
from .matching import Matcher
from .ownership import Ownership
from .reading import Row
from .scope import IDENTITY, Known, Scope

#: For each text its spans: begin, end, category; rules and models alike.
Spot = Callable[[Sequence[str]], Sequence[Sequence[tuple[int, int, str]]]]
EMAIL: Final = re.compile(
    r"[\w.!#$&'*+/=?^`{|}~%-]{1,64}(?:@|%40)[a-zA-Z0-9\u0080-\uffff-]+(?:\.[a-zA-Z0-9\u0080-\uffff-]+)+"
)
_CREDENTIALS: Final = ("user.authorization", "system.authentication")
_ITEM: Final = "[]"
_KEY: Final = "somebody else's key"
_WORD: Final = re.compile(r"\w+")
_DIGITS: Final = 7
#: Texts of fewer words are names or codes, which their column's category tells.
_PROSE: Final = 4


@dataclass(frozen=True, slots=True)
class Redacted:
    """One thing that was taken out: where, and of what kind."""

    dataset: str
    row: int
    path: Path
    kind: str


@dataclass(slots=True)
class Redactor:
    """Takes out what is not the person's; `own_words` and `own_numbers` are read from their own rows.

    `keys` gives for columns (raw URN of the dataset, path) that name people by a key those of the person.
    """

    scope: Scope
    matcher: Matcher
    ownership: Ownership
    spot: Spot = field(repr=False)
    own_words: set[str] = field(default_factory=set, repr=False)
    own_numbers: set[str] = field(default_factory=set, repr=False)
    keys: Mapping[tuple[str, Path], frozenset[str]] = field(default_factory=dict, repr=False)
    log: list[Redacted] = field(default_factory=list)
    taken: set[str] = field(default_factory=set, repr=False)
    spans: dict[str, Sequence[tuple[int, int, str]]] = field(default_factory=dict, repr=False)

    def prepare(self, texts: Iterable[str]) -> None:
        """Spots names in all texts of cells at once, which costs far less than one by one."""
        prose = list(dict.fromkeys(t for text in texts for t in _strings(text) if _is_prose(t)))
        self.spans.update(zip(prose, self.spot(prose), strict=True) if prose else ())

    def learn(self, known: Known, row: Row) -> None:
        """Names and numbers of the person, from a row that is theirs by its identifier."""
        for path, text in row.cells.items():
            if not self.ownership.names(path[-1] if path else ""):
                continue
            categories = self.scope.categories(known, path)
            if self._is(categories, "user.name"):
                self.own_words |= {word.casefold() for word in _WORD.findall(text)}
            if self._is(categories, "user.contact.phone_number"):
                self.own_numbers.add(_tail(text))

    def cell(self, known: Known, number: int, path: Path, text: str, *, own: bool) -> Any:
        """What the person may see of a cell; JSON as JSON. `own` rows keep what has no other owner."""
        return self._read(_Where(known, number, own), path, text)

    def _read(self, where: _Where, path: Path, text: str) -> Any:
        node = _parsed(text)
        return self._text(where, path, text) if node is None else self._node(where, path, node)

    def _node(self, where: _Where, path: Path, node: Any) -> Any:
        if isinstance(node, dict):
            return {
                self._text(where, path, key): self._node(where, (*path, key), value)
                for key, value in node.items()
            }
        if isinstance(node, list):
            return [self._node(where, (*path, _ITEM), item) for item in node]
        if not isinstance(node, str) and self._is_key_of_another(where, path, str(node)):
            return self._out(where, path, _KEY)
        return self._read(where, path, node) if isinstance(node, str) else node

    def again(self, known: Known, number: int, node: Any) -> Any:
        """A row once more, without what was taken out of any other: a name is found where it has a column."""
        if isinstance(node, dict):
            return {key: self.again(known, number, value) for key, value in node.items()}
        if isinstance(node, list):
            return [self.again(known, number, item) for item in node]
        if not isinstance(node, str):
            return node
        for piece in self._long():
            if piece in node:
                node = node.replace(piece, self._out(_Where(known, number, False), (), "somebody else"))
        return node

    def _long(self) -> list[str]:
        """What was taken out and is long enough to be no other word, the longest first."""
        return sorted((piece for piece in self.taken if len(piece) >= _DIGITS), key=lambda p: (-len(p), p))

    def _text(self, where: _Where, path: Path, text: str) -> str:
        categories = self.scope.categories(where.known, path)
        if any(self._is(categories, one) for one in _CREDENTIALS):
            return self._out(where, path, "a credential")
        if self._is_key_of_another(where, path, text):
            return self._out(where, path, _KEY)
        if self._is_anothers(where, categories, path, text):
            self.taken.add(text)
            return self._out(where, path, "somebody else")
        for start, end, kind in reversed(self._others(text)):
            self.taken.add(text[start:end])
            text = text[:start] + self._out(where, path, kind) + text[end:]
        return text

    def _is_key_of_another(self, where: _Where, path: Path, text: str) -> bool:
        mine = self.keys.get((where.known.raw.urn, path))
        return mine is not None and text not in mine

    def _is_anothers(self, where: _Where, categories: tuple[str, ...], path: Path, text: str) -> bool:
        """A whole value that says who somebody is, in a row or column that is not the person's."""
        if not any(self._is(categories, one) for one in IDENTITY) or self.matcher.match(text):
            return False
        if where.own and self.ownership.names(path[-1] if path else "") and not EMAIL.search(text):
            return False
        return len(text.split()) < _PROSE and not self._is_theirs(text)

    def _is_theirs(self, text: str) -> bool:
        words = {word.casefold() for word in _WORD.findall(text)}
        return (bool(words) and words <= self.own_words) or _tail(text) in self.own_numbers

    def _others(self, text: str) -> list[tuple[int, int, str]]:
        """Stretches of a text that are somebody else's, in their order, none within another."""
        found = [(m.start(), m.end(), "an e-mail address") for m in EMAIL.finditer(text)]
        found += [(m.start, m.end, "a phone number") for m in phonenumbers.PhoneNumberMatcher(text, None)]
        if _is_prose(text):
            if text not in self.spans:
                self.prepare([text])
            found += [
                (start, end, "somebody else")
                for start, end, category in self.spans[text]
                if any(self._is((category,), one) for one in IDENTITY)
            ]
        kept: list[tuple[int, int, str]] = []
        for start, end, kind in sorted(found):
            piece = text[start:end]
            if (
                (not kept or start >= kept[-1][1])
                and not self.matcher.match(piece)
                and not self._is_theirs(piece)
            ):
                kept.append((start, end, kind))
        return kept

    def _out(self, where: _Where, path: Path, kind: str) -> str:
        shown = self.scope.masker.path(path)
        self.log.append(Redacted(where.known.shown.urn, where.number, shown, kind))
        return f"[left out: {kind}]"

    def _is(self, categories: tuple[str, ...], parent: str) -> bool:
        taxonomy = self.scope.inventory.taxonomy
        return parent in taxonomy and any(taxonomy.subsumes(parent, c) for c in categories)

    def anothers_in(self, text: str) -> str:
        """The kind of the first identifier of somebody else that a finished text still holds, or nothing.

        Looks at the text as it is given away, and for everything that was taken out of any other.
        """
        for found in EMAIL.finditer(text):
            if not self.matcher.match(found.group()):
                return "an e-mail address"
        for number in phonenumbers.PhoneNumberMatcher(text, None):
            raw = number.raw_string
            if not self.matcher.match(raw) and _tail(raw) not in self.own_numbers:
                return "a phone number"
        return "what was taken out elsewhere" if any(piece in text for piece in self._long()) else ""


@dataclass(frozen=True, slots=True)
class _Where:
    known: Known
    number: int
    own: bool


def _is_prose(text: str) -> bool:
    return len(text.split()) >= _PROSE


def _parsed(text: str) -> Any:
    """What JSON in a cell says, or None."""
    try:
        return json.loads(text) if text[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        return None


def _strings(text: str) -> Iterator[str]:
    """The texts that a cell is read as: itself, or those of its JSON."""
    node = _parsed(text)
    if node is None:
        yield text
        return
    nodes = [node]
    while nodes:
        node = nodes.pop()
        if isinstance(node, str):
            yield from _strings(node)
        elif isinstance(node, dict):
            nodes += [*node, *node.values()]
        elif isinstance(node, list):
            nodes += node


def _tail(text: str) -> str:
    """The last digits of a number, which are the same with and without a country's code."""
    digits = "".join(c for c in text if c.isdigit())
    return digits[-9:] if len(digits) >= _DIGITS else "-"
