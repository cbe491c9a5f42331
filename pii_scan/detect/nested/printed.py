"""PHP's `print_r` and `var_dump`, whole, inside other text, or a line of one."""

from __future__ import annotations

import re
from typing import Any, Final

from .tree import HERE, ITEM, Object, Text, position

_KEY: Final = re.compile(
    r"""\[(?:"([^"\n]{0,100})"|([^\]\[\n"]{0,100}?))"""
    r"""(?::[^\]\n"]{0,100}|:"[^"\n]{0,100}":private)?\] ?=> ?"""
)
_TYPE: Final = (
    r"(?:Array|[\w\\]{1,100} Object|array\(\d{1,9}\)"
    r"|(?:object|enum)\([\w\\@]{1,100}\)(?:#\d{1,9})? ?\(\d{1,9}\))"
)
_OPEN: Final = re.compile(rf"\s{{0,200}}{_TYPE}\s{{0,200}}(?:\*RECURSION\*|[({{]\s{{0,200}})")
_TYPED: Final = re.compile(
    r'\s{0,200}(?:string\(\d{1,9}\) "(.*)"|(?:int|float|bool|double)\(([^()\n]{0,40})\)|(NULL))\s*', re.DOTALL
)
#: An opening before the first key, at the end of the text before it.
_HEAD: Final = re.compile(rf"{_TYPE}\s{{0,200}}[({{]\s{{0,200}}$")
_CLOSE: Final = re.compile(r"(?<!\S)[)}](?=[\s.,;'\"]|$)")
_HEAD_SIZE: Final = 700


def read(text: str, depth: int) -> Object | None:
    """The dump in `text` with the text around it, or None if there is none."""
    keys = list(_KEY.finditer(text))
    if not keys:
        return None
    before = text[: keys[0].start()]
    head = _HEAD.search(before, max(0, len(before) - _HEAD_SIZE))
    if head is None and len(keys) == 1 and before.strip(" \t("):
        return None
    dump = _Dump(depth)
    rest = [before[: head.start()] if head else before.rstrip(" \t(")]
    for key, following in zip(keys, [*keys[1:], None], strict=True):
        end = following.start() if following else len(text)
        rest.append(dump.add(_name(key), text[key.end() : end], following is None))
    return Object([(HERE, Text(" ".join(part.strip() for part in rest if part.strip()))), *dump.root])


def _name(key: re.Match[str]) -> str:
    name = str(key[1] if key[1] is not None else key[2])
    return ITEM if not name or position(name) else name


class _Dump:
    """The object that is being read, and those it stands in."""

    def __init__(self, depth: int) -> None:
        self.root = Object()
        self._open = [self.root]
        self._depth = depth

    def add(self, name: str, segment: str, last: bool) -> str:
        """Takes the value between two keys; gives back what belongs to the text around."""
        opened = _OPEN.match(segment)
        if opened:
            node = Object()
            self._open[-1].append((name, node))
            if len(self._open) < self._depth:
                self._open.append(node)
            segment = segment[opened.end() :]
            return _cut(segment)[1] if last else self._end(*_closed(segment))
        value, closed, rest = _value(segment, last)
        self._open[-1].append((name, _plain(value)))
        return self._end(rest, closed)

    def _end(self, rest: str, closed: int) -> str:
        for _ in range(min(closed, len(self._open) - 1)):
            self._open.pop()
        return rest


def _value(segment: str, last: bool) -> tuple[str, int, str]:
    """The value, how many objects end after it, and the text after those."""
    again = None if last else _HEAD.search(segment, max(0, len(segment) - _HEAD_SIZE))
    if last or again:
        value, rest = _cut(segment[: again.start()] if again else segment)
        return value, 0 if last else 99, rest
    value, closed = _closed(segment)
    return value.strip(), closed, ""


def _closed(segment: str) -> tuple[str, int]:
    """The segment without the brackets that close objects at its end, and their number."""
    count = 0
    while True:
        segment = segment.rstrip()
        if segment[-1:] not in (")", "}") or segment[-2:-1].strip():
            return segment, count
        segment, count = segment[:-1], count + 1


def _cut(segment: str) -> tuple[str, str]:
    """The last value of a dump and the text after it: it ends with a bracket, or with its line."""
    close = _CLOSE.search(segment)
    if close:
        return segment[: close.start()].strip(), segment[close.end() :].lstrip(" \t\r\n)}")
    value, _, rest = segment.strip().partition("\n")
    return value.strip(), rest


def _plain(value: str) -> Any:
    """A value of `var_dump` without its type."""
    typed = _TYPED.fullmatch(value)
    if typed is None:
        return value
    return None if typed[3] else str(typed[1] if typed[1] is not None else typed[2])
