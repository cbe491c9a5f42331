"""What a log format is: where a record begins, and the named slots of a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

Slots = Mapping[tuple[str, ...], str]
Parse = Callable[[str], Slots | None]
QUOTED: Final = r'"((?:[^"\\]|\\.)*)"'
REQUEST: Final = re.compile(r"(\S+) (.*?)(?: (HTTP/[\d.]+))?$")


@dataclass(frozen=True, slots=True)
class LogFormat:
    """A format's name and the parser of its records.

    `begins` tells whether a line begins a record; None where every line is one. A record is its first
    line and those that follow it, joined by `\\n`. `fits` tells whether a line is of the format, if
    that is another question than whether it parses.
    """

    name: str
    parse: Parse
    begins: Callable[[str], bool] | None = None
    fits: Callable[[str], bool] | None = None

    def knows(self, line: str) -> bool:
        """True for a line that speaks for the format."""
        return self.fits(line) if self.fits is not None else self.parse(line) is not None


def quoted(name: str) -> str:
    """The pattern of a quoted text as the group `name`."""
    return QUOTED.replace("(", f"(?P<{name}>", 1)


def filled(pairs: Mapping[str, str | None]) -> Slots:
    """Slots of what is neither missing, empty nor `-`."""
    return {(name,): value for name, value in pairs.items() if value and value != "-"}


def request_parts(request: str) -> dict[str, str | None]:
    """A request line as method, target and protocol; what is none is a target."""
    match = REQUEST.fullmatch(request)
    if match is None:
        return {"target": request}
    return {"method": match[1], "target": match[2], "protocol": match[3]}


def with_rest(slots: Slots | None, rest: str) -> Slots | None:
    """The slots of a record's first line, with its other lines: a stack trace, or more of the message."""
    if slots is None or not rest:
        return slots
    name = ("trace",) if TRACE.search(rest) else ("message",)
    before = slots.get(name)
    return {**slots, name: f"{before}\n{rest}" if before else rest}


#: What tells a stack trace: Python's, Java's and its kin's, Ruby's, Go's, .NET's.
TRACE: Final = re.compile(
    r"^(?:Traceback \(most recent call last\)|\s+at [\w$.<>/]+|Caused by: |\s+File \"|\s+from \S+:\d+"
    r"|goroutine \d+ )",
    re.MULTILINE,
)


class _Several:
    """A parser of records of several lines, from that of the first line.

    What tells where a record begins has parsed its first line already: the last two are kept.
    """

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._last: tuple[tuple[str, Slots], ...] = ()

    def begins(self, line: str) -> bool:
        slots = self._parse(line)
        if slots is not None:
            self._last = (*self._last[-1:], (line, slots))
        return slots is not None

    def parse(self, record: str) -> Slots | None:
        first, _, rest = record.partition("\n")
        known = next((slots for line, slots in self._last if line == first), None)
        return with_rest(self._parse(first) if known is None else known, rest)


def many_lines(name: str, parse: Parse) -> LogFormat:
    """A format whose records go on until the next line that its parser knows."""
    several = _Several(parse)
    return LogFormat(name, several.parse, several.begins)
