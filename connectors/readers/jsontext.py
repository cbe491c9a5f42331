"""Splits a stream of JSON text into records without holding the whole of it.

The standard library's decoder finds where each value ends; the record is the text itself, so that
numbers and duplicate keys stay as they are written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

VALUE_MAX: Final = 8 << 20  # characters of one record; a larger object or array is taken apart
_NESTED: Final = 40
_SPACE: Final = re.compile(r"[ \t\r\n\ufeff]*")
_WRAPPER_KEYS: Final = 5
DECODER: Final = json.JSONDecoder(parse_int=float)  # int() refuses long numbers


class Broken(Exception):  # noqa: N818 - a signal, no error
    """The text is no JSON from here on."""


class _TooLarge(Exception):  # noqa: N818 - a signal, no error
    """The value is larger than a record may be."""


class JsonText:
    """A cursor in a stream of JSON text."""

    def __init__(self, chunks: Iterable[str]) -> None:
        self._chunks = iter(chunks)
        self._text = ""
        self._at = 0
        self._ended = False
        self.line = 1

    def _more(self) -> bool:
        """Adds about as much text as there is, so that trying again costs no more than twice."""
        self._drop()
        parts = [self._text]
        wanted = max(1, len(self._text))
        while wanted > 0 and not self._ended:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
                break
            parts.append(chunk)
            wanted -= len(chunk)
        self._text = "".join(parts)
        return len(parts) > 1

    def line_here(self) -> int:
        """The line that the cursor is in."""
        self._drop()
        return self.line

    def _drop(self) -> None:
        self.line += self._text.count("\n", 0, self._at)
        self._text, self._at = self._text[self._at :], 0

    def peek(self) -> str:
        """The next character that is no white space, or nothing at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more() and self._ended:
                return ""

    def _expect(self, wanted: str) -> str:
        found = self.peek()
        if not found or found not in wanted:
            raise Broken
        self._at += 1
        return found

    def value(self, limit: int = VALUE_MAX) -> tuple[Any, str]:
        """The value that stands here, decoded and as text. Raises Broken or _TooLarge."""
        if not self.peek():
            raise Broken
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended or not self._cut(error):
                    raise Broken from None
            except RecursionError:
                raise Broken from None
            else:
                if end - self._at > limit:
                    raise _TooLarge
                if end < len(self._text) or self._ended:
                    text = self._text[self._at : end]
                    self._at = end
                    return value, text
            if len(self._text) - self._at > limit:
                raise _TooLarge
            self._more()

    def _cut(self, error: json.JSONDecodeError) -> bool:
        """True if the fault may only be that the text goes on in the next chunk."""
        return error.msg.startswith("Unterminated") or error.pos >= len(self._text) - 12

    def records(self) -> Iterator[str]:
        """The records of all values in the stream. Raises Broken where it is no JSON."""
        while char := self.peek():
            if char == "[":
                yield from self._array(0)
            elif char == "{":
                yield from self._object(0)
            else:
                yield self.value()[1]

    def _record(self, depth: int) -> Iterator[str]:
        try:
            yield self.value()[1]
        except _TooLarge:
            if depth > _NESTED:
                raise Broken from None
            first = self.peek()
            if first == "[":
                yield from self._array(depth + 1)
            elif first == "{":
                yield from self._members(depth + 1)
            else:
                raise Broken from None

    def _array(self, depth: int) -> Iterator[str]:
        self._expect("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            yield from self._record(depth)
            if self._expect(",]") == "]":
                return

    def _object(self, depth: int) -> Iterator[str]:
        """One record; an object that only wraps one list of objects gives these."""
        try:
            value, text = self.value()
        except _TooLarge:
            yield from self._members(depth)
            return
        if isinstance(value, dict) and _wraps_list(value):
            yield from JsonText([text]).members()
            return
        yield text

    def members(self) -> Iterator[str]:
        """The elements of an object's lists, then what else it holds."""
        self.peek()
        yield from self._members(0)

    def _members(self, depth: int) -> Iterator[str]:
        """Takes an object apart: the elements of its lists, and its other members as objects."""
        self._expect("{")
        rest: list[str] = []
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            key, text = self.value()
            if not isinstance(key, str):
                raise Broken
            self._expect(":")
            if self.peek() == "[":
                yield from self._array(depth)
            else:
                yield from self._member(text, rest, depth)
            if sum(map(len, rest)) > VALUE_MAX // 8:
                yield "{" + ", ".join(rest) + "}"
                rest = []
            if self._expect(",}") == "}":
                break
        if rest:
            yield "{" + ", ".join(rest) + "}"

    def _member(self, key: str, rest: list[str], depth: int) -> Iterator[str]:
        try:
            rest.append(f"{key}: {self.value()[1]}")
        except _TooLarge:
            yield from self._record(depth)

    def remainder(self) -> Iterator[str]:
        """The text from here on, as it is."""
        while self._at < len(self._text) or self._more():
            yield self._text[self._at :]
            self._at = len(self._text)
            if self._ended:
                return


def _wraps_list(value: dict[str, Any]) -> bool:
    """True for `{"Records": [{…}, …]}`, with a few plain values beside it at most."""
    lists = [v for v in value.values() if isinstance(v, list) and v and all(isinstance(e, dict) for e in v)]
    plain = [v for v in value.values() if not isinstance(v, (list, dict))]
    return len(lists) == 1 and len(lists) + len(plain) == len(value) and len(plain) <= _WRAPPER_KEYS
