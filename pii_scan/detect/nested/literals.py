"""One record as a language prints it, read in one pass from its opening."""

from __future__ import annotations

import re
from typing import Any, Final

from .tree import ITEM, Object, Text, position

#: Repeats are bounded: what a program prints is regular, and hostile text must cost time by its length.
KEY: Final = (
    r"""(?:"(?:[^"\\\n]|\\.){0,100}"|'(?:[^'\\\n]|\\.){0,100}'|:?[A-Za-z_$][\w.$?!-]{0,99}|[0-9]{1,18})"""
)
SEPARATOR: Final = r"\s{0,9}(?:=>|=(?!=)|:(?![:/]))\s{0,99}"
_PAIR: Final = re.compile(rf"@?({KEY}){SEPARATOR}")
_SPACE: Final = re.compile(r"[\s,]{0,9999}")
_QUOTED: Final = {
    '"': re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL),
    "'": re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL),
}
#: The same where quotes inside were not escaped: one closes only before a sign that ends a value.
_AFTER: Final = r"\s{0,99}(?:[,)}\]>]|=>|$)"
_LOOSE: Final = {
    '"': re.compile(rf'"((?:[^"]|"(?!{_AFTER}))*)"', re.DOTALL),
    "'": re.compile(rf"'((?:[^']|'(?!{_AFTER}))*)'", re.DOTALL),
}
_DELIMITER: Final = re.compile(r"\s{0,99}(?:[,)}\]>]|$|\s[A-Za-z_][\w.]{0,99}[:=])")
_NESTED: Final = re.compile(
    r"(?:(?:\([A-Za-z]{1,20}\) ?)?&?(?:[A-Za-z_][\w.\\:$]{0,99}(?:@[0-9a-f]{1,16})? ?)?(?P<open>[({\[])"
    r"|#<(?:struct )?[A-Z][\w:]{0,99}(?::0x[0-9a-f]{1,16})? (?=@?[a-z]))\s{0,999}"
)
_CLOSES: Final = {"(": ")", "{": "}", "[": "]", "<": ">"}
#: Values without quotes: up to the next key, or the closing.
_BARE: Final = {
    close: re.compile(rf"(?:\([^()\n]{{0,200}}\)|(?!,\s{{0,99}}@?{KEY}{SEPARATOR})[^\n{re.escape(close)}])*")
    for close in ")}]>"
}
_ITEM: Final = {close: re.compile(rf"[^\n,{re.escape(close)}]*") for close in ")}]>"}
#: Go's `{Email:x Name:y}`: no space after the colon, none but space between the pairs.
_GO: Final = re.compile(r"[A-Za-z_][\w.]{0,99}:[^\s:/=>\"']")
_GO_PAIR: Final = re.compile(r"([A-Za-z_][\w.@-]{0,99}|[0-9]{1,18}):")
_GO_BARE: Final = re.compile(r"(?:(?!,?\s{1,9}[A-Za-z_][\w.]{0,99}:)[^\n;}\]])*")
_NOTHING: Final = frozenset(("none", "nil", "null", "undefined", "<nil>", "nan", "array()"))
#: Heads of lists and sets.
_LISTS: Final = frozenset(("array", "list", "set", "tuple", "frozenset", "deque", "(object) array"))
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "0": ""}


class _BrokenError(Exception):
    """The text is no record from here on."""


class Literals:
    """Reads records of one text.

    After `record`, `end` is the place after it, and `furthest` how far was read if it is none.
    """

    def __init__(self, text: str, depth: int) -> None:
        self._text = text
        self._depth = depth
        self._unclosed: set[tuple[bool, str]] = set()
        self.end = self.furthest = 0

    def record(self, opening: re.Match[str]) -> Object | None:
        """The record after an opening, or None."""
        close = ">" if opening.group()[0] == "#" else _CLOSES[opening.group()[0]]
        self.furthest = opening.end()
        try:
            node, self.end = self._object(opening.end(), close, 1)
        except _BrokenError:
            return None
        return node

    def _object(self, start: int, close: str, depth: int) -> tuple[Object, int]:
        if depth > self._depth:
            raise _BrokenError
        if close in "}]" and _GO.match(self._text, start):
            return self._spaced(start, close, depth)
        node, place = Object(), start
        while True:
            place = self._blank(place)
            if self._text.startswith(close, place):
                return node, place + 1
            pair = _PAIR.match(self._text, place)
            value, place = self._value(pair.end() if pair else place, close, depth, bool(pair))
            node.append((_name(pair[1]) if pair else ITEM, value))
            place = self._next(place, close)

    def _spaced(self, start: int, close: str, depth: int) -> tuple[Object, int]:
        """Go's pairs, with spaces alone between them."""
        node, place = Object(), start
        while True:
            place = self._blank(place)
            if self._text.startswith(close, place):
                return node, place + 1
            pair = _GO_PAIR.match(self._text, place)
            if pair is None:
                raise _BrokenError
            value, place = self._go_value(pair.end(), close, depth)
            node.append((pair[1], value))

    def _go_value(self, start: int, close: str, depth: int) -> tuple[Any, int]:
        if self._text[start : start + 1] == '"' or _NESTED.match(self._text, start):
            return self._value(start, close, depth, True)
        bare = _GO_BARE.match(self._text, start)
        end = bare.end() if bare else start
        self.furthest = max(self.furthest, end)
        if bare is None or self._text[end : end + 1] in ("", ";", "\n"):
            raise _BrokenError
        return _scalar(bare.group().strip()), bare.end()

    def _value(self, start: int, close: str, depth: int, named: bool) -> tuple[Any, int]:
        """A text in quotes, a record, a list, or what stands before the next key or the closing."""
        if self._text[start : start + 1] in _QUOTED:
            return self._quoted(start)
        opening = _NESTED.match(self._text, start)
        if opening:
            return self._nested(opening, depth + 1)
        bare = (_BARE if named else _ITEM)[close].match(self._text, start)
        if bare is None or (bare.end() == start and not named):
            raise _BrokenError
        self.furthest = max(self.furthest, bare.end())
        return _scalar(bare.group().strip().rstrip(",").strip()), bare.end()

    def _nested(self, opening: re.Match[str], depth: int) -> tuple[Any, int]:
        """A record or list in a record; a call without keys is its only argument, or its text."""
        bracket = opening["open"]
        node, end = self._object(opening.end(), _CLOSES[bracket or "<"], depth)
        if any(key != ITEM for key, _ in node) or not bracket:
            return node, end
        items = [value for _, value in node]
        head = opening.group().strip("( \t\r\n")
        if bracket != "(" or not head or head.lower() in _LISTS:
            return items, end
        return _called(head, items, self._text[opening.end() : end - 1]), end

    def _quoted(self, start: int) -> tuple[str, int]:
        quote = self._text[start]
        match = self._match(_QUOTED[quote], start, (False, quote))
        if match is None or not _DELIMITER.match(self._text, match.end()):
            match = self._match(_LOOSE[quote], start, (True, quote))
            if match is None:
                raise _BrokenError
        self.furthest = max(self.furthest, match.end())
        return _unescaped(match[1]), match.end()

    def _match(self, pattern: re.Pattern[str], start: int, kind: tuple[bool, str]) -> re.Match[str] | None:
        """A quote that does not close is sought once: every later one would not close either."""
        if kind in self._unclosed:
            return None
        match = pattern.match(self._text, start)
        if match is None:
            self._unclosed.add(kind)
        return match

    def _blank(self, start: int) -> int:
        match = _SPACE.match(self._text, start)
        place = match.end() if match else start
        self.furthest = max(self.furthest, place)
        if place >= len(self._text):
            raise _BrokenError
        return place

    def _next(self, place: int, close: str) -> int:
        """After a value comes a comma or the closing."""
        match = _SPACE.match(self._text, place)
        after = match.end() if match else place
        if "," in self._text[place:after] or self._text.startswith(close, after):
            return after
        raise _BrokenError


def _name(key: str) -> str:
    bare = key[1:-1] if key[:1] in _QUOTED else key.removeprefix(":")
    return ITEM if not bare or position(bare) else bare


def _called(head: str, items: list[Any], written: str) -> Any:
    """What a call without keys stands for: a date, its only argument, or the text of its arguments."""
    numbers = [item for item in items if isinstance(item, str) and item.isdigit() and len(item) <= 6]
    if head.endswith(("date", "datetime")) and len(numbers) == len(items) >= 3:
        day = "-".join(number.zfill(2) for number in numbers[:3])
        return f"{day} {':'.join(number.zfill(2) for number in numbers[3:6])}".strip()
    return items[0] if len(items) == 1 else Text(written.strip())


def _scalar(text: str) -> str | None:
    low = text.lower()
    return None if low in _NOTHING else low if low in ("true", "false") else text


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _ESCAPED.get(match[3], match[3])
    return chr(int(match[1] or match[2], 16))
