"""Personal data in a text from a file or a pipe, without a configuration and without an inventory."""

from __future__ import annotations

import codecs
import json
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Final

from ..core.category import Taxonomy
from ..core.errors import ConfigError, classify
from ..core.redact import clean
from ..data.load import taxonomy as shipped
from ..detect.options import Options
from ..detect.prose.language import READ
from ..detect.spotter import SURE, Span, Spotter

#: Characters that are read and looked at together; a text is cut between lines.
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """One stretch of the text: places in characters, half-open; line and column count from 1."""

    start: int
    end: int
    line: int
    column: int
    category: str
    detector: str
    confidence: float
    language: str
    shown: str

    def to_json(self) -> dict[str, str | int | float]:
        return {
            "start": self.start,
            "end": self.end,
            "line": self.line,
            "column": self.column,
            "category": self.category,
            "detector": self.detector,
            "confidence": self.confidence,
            "language": self.language,
            "text": self.shown,
        }

    @property
    def cells(self) -> str:
        place = f"{self.line}:{self.column}"
        told = f"{self.category:<44}  {self.confidence:<4.2f}  {self.detector:<24}  {self.shown}"
        return f"{place:<10}  {told}".rstrip()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted: the language if known, the least confidence, whether values are shown as they are."""

    language: str | None = None
    least: float = SURE
    show: bool = False
    encoding: str = "utf-8"


class Texts:
    """Looks at one stream, block by block."""

    def __init__(self, asked: Asked, config: Path | None) -> None:
        """Raises ConfigError for a language in which nothing is read."""
        if asked.language is not None and asked.language not in READ:
            raise ConfigError(f"texts in '{asked.language}' are not read", f"those in {', '.join(READ)} are")
        taxonomy, options = _known(config)
        self._spotter = Spotter(taxonomy, options)
        self._asked = asked

    def file(self, name: str, form: str, named: bool = False) -> Iterator[tuple[str, int]]:
        """As `lines`, of a file, or of standard input if it is `-`; `named` puts its name before each line.

        Raises ConfigError if it can't be read, or is no text.
        """
        try:
            with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as stream:
                for piece, hits in self.lines(stream, name, form):
                    yield (f"{clean(name)}:{piece}" if named else piece), hits
        except OSError as error:
            raise ConfigError(f"{clean(name)} can't be read ({classify(error)})", "check the path") from None

    def lines(self, stream: BinaryIO, name: str, form: str) -> Iterator[tuple[str, int]]:
        """Pieces of the output with the number of spans in each; `form` is table, json or text.

        `text` is the text itself with the category in the place of each span.
        """
        if form == "json":
            yield from self._json(stream, name)
            return
        for block, found in self._blocks(stream, name):
            if form == "text":
                yield block.replaced(found), len(found)
            else:
                yield from ((f"{one.cells}\n", 1) for one in found)

    def _json(self, stream: BinaryIO, name: str) -> Iterator[tuple[str, int]]:
        spans = [one.to_json() for _, found in self._blocks(stream, name) for one in found]
        document = {"schema_version": "1.0", "masked": not self._asked.show, "spans": spans}
        yield json.dumps(document, ensure_ascii=False, indent=2) + "\n", len(spans)

    def _blocks(self, stream: BinaryIO, name: str) -> Iterator[tuple[_Block, list[Found]]]:
        for block in _read(stream, self._asked.encoding, name):
            spotted = self._spotter.spot([block.text], self._asked.language)[0]
            least, show = self._asked.least, self._asked.show
            found = [block.found(s, spotted.language, show) for s in spotted.spans if s.confidence >= least]
            yield block, found


@dataclass(frozen=True)
class _Block:
    """A part of the text: it begins at a character, in a line (from 1), behind so many characters of it."""

    text: str
    start: int = 0
    line: int = 1
    behind: int = 0

    @cached_property
    def _lines(self) -> list[int]:
        """Where each line begins, in the block; the first one began `behind` characters before it."""
        return [-self.behind, *(match.end() for match in re.finditer("\n", self.text))]

    def found(self, span: Span, language: str, show: bool) -> Found:
        at = bisect_right(self._lines, span.start) - 1
        value = self.text[span.start : span.end]
        return Found(
            self.start + span.start,
            self.start + span.end,
            self.line + at,
            span.start - self._lines[at] + 1,
            span.category,
            span.detector,
            round(span.confidence, 3),
            language,
            value if show else masked(value),
        )

    def rest(self, text: str) -> _Block:
        """The block of `text`, which follows this one."""
        start, last = self.start + len(self.text), len(self._lines) - 1
        return _Block(text, start, self.line + last, len(self.text) - self._lines[last])

    def replaced(self, found: list[Found]) -> str:
        parts, last = [], 0
        for one in found:
            parts += [self.text[last : one.start - self.start], f"[{one.category}]"]
            last = one.end - self.start
        return "".join([*parts, self.text[last:]])


def masked(value: str) -> str:
    """The form of a value: letters as x, digits as 9, in at most 40 characters."""
    form = "".join(
        "9" if c.isdigit() else "X" if c.isupper() else "x" if c.isalpha() else c for c in value[:40]
    )
    return f"{' '.join(form.split())}{'…' if len(value) > 40 else ''}"


def _read(stream: BinaryIO, encoding: str, name: str) -> Iterator[_Block]:
    """The text in blocks that end with a line's end, if the text has any."""
    try:
        decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()
    except LookupError:
        raise ConfigError(f"no encoding is named '{encoding}'", "try utf-8, latin-1 or utf-16") from None
    rest, last = "", _Block("")
    while True:
        raw = stream.read(_BLOCK)
        try:
            rest += decoder.decode(raw, final=not raw)
        except UnicodeError as error:
            hint = "name the text's encoding with --encoding"
            raise ConfigError(f"{name} is no {encoding} text ({classify(error)})", hint) from None
        cut = len(rest) if not raw else _end(rest)
        if cut:
            last = last.rest(rest[:cut])
            yield last
            rest = rest[cut:]
        if not raw:
            return


def _end(text: str) -> int:
    """Where a block ends: behind a line, in one of many blocks behind a word; 0 if more has to be read."""
    line = text.rfind("\n") + 1
    if line or len(text) <= 4 * _BLOCK:
        return line
    return text.rfind(" ") + 1 or len(text)


def _known(config: Path | None) -> tuple[Taxonomy, Options]:
    if config is None:
        return shipped(), Options()
    # Only a configuration needs the rooms that they bring.
    from .context import configuration
    from .knowledge import knowledge

    made = knowledge(configuration(config))
    return made.taxonomy, made.options
