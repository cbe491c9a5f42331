"""Mail, calendars, address cards, dumps, HTML and XML: one column of records as JSON text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import IO, Any, Final, cast

from pii_scan.core.model import Batch, Note, Shard

from ..content import Content
from ..documents import cards, dumps, mail, pages, xmlrecords
from ..encoding import decode
from ..opening import ByteSource
from .batching import batched_texts
from .lines import open_text, split
from .selection import Held, Sample

#: Bytes of a line of HTML that are parsed at once.
_PIECE: Final = 8 << 20
_CUT: Final = "messages longer than 32 MiB were cut: {}"
_BROKEN: Final = "statements whose rows could not be made out: {}"
_LEFT: Final = "attachments and parts that are no text were not read: {}"
_SHORTENED: Final = "texts longer than 1 MiB were cut: {}"
_SILENT: Final = "not text, skipped (pictures, sound, fonts, programs): {}"
_UNENDED: Final = "messages that break off, without the end of their parts: {}"
_OPEN: Final = "it breaks off: the end of {} is missing"


class _Counted:
    """What was left out while the records were made."""

    def __init__(self) -> None:
        self.cut = self.broken = 0
        self.mail = mail.Missed()
        self.open: list[str] = []  # components whose end is missing

    def notes(self) -> Iterator[Note]:
        for words, count in (
            (_CUT, self.cut),
            (_BROKEN, self.broken),
            (_LEFT, self.mail.parts),
            (_SHORTENED, self.mail.texts),
            (_UNENDED, self.mail.ends),
        ):
            if count:
                yield Note(words.format(count), lost=count)
        if self.mail.silent:
            yield Note(_SILENT.format(self.mail.silent))
        if self.open:
            kinds = dict.fromkeys(kind if kind in cards.KINDS else "a component" for kind in self.open)
            yield Note(_OPEN.format(", ".join(kinds)), lost=len(self.open))


def read(content: Content, shard: Shard) -> Iterator[Batch | Note]:
    """Raises SourceError where the file is cut or damaged, after what came before."""
    counted = _Counted()
    source = content.blob.open()
    try:
        held = Held(_numbered(_READERS[content.format.detail](content, source, counted)))
        sample: Sample[str] = Sample(shard.plan, len)
        yield from batched_texts(shard.dataset, (), sample.pick(held), shard.plan.batch_rows)
        yield from sample.notes()
        yield from counted.notes()
        held.finish(sample, "records")
    finally:
        source.close()


def _numbered(records: Iterator[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    for number, record in enumerate(records, 1):
        yield number, json.dumps(record, ensure_ascii=False)


def _messages(content: Content, source: ByteSource, counted: _Counted) -> Iterator[dict[str, Any]]:
    for data, cut in mail.messages(split(source), several=content.format.detail == "mbox"):
        counted.cut += cut
        yield mail.record(data, counted.mail)


def _cards(content: Content, source: ByteSource, counted: _Counted) -> Iterator[dict[str, Any]]:
    encoding = content.format.encoding
    lines = (decode(line, encoding) for line in split(open_text(source, content)))
    yield from cards.records(lines, counted.open)


def _rows(content: Content, source: ByteSource, counted: _Counted) -> Iterator[dict[str, Any]]:
    dump = dumps.Dump(open_text(source, content), content.format.encoding, dumps.escapes(content.head))
    yield from dump.records()
    counted.broken = dump.broken


def _xml(_: Content, source: ByteSource, __: _Counted) -> Iterator[dict[str, Any]]:
    yield from xmlrecords.records(cast(IO[bytes], source))


def _html(content: Content, source: ByteSource, _: _Counted) -> Iterator[dict[str, Any]]:
    lines = split(open_text(source, content), cap=_PIECE)
    yield from pages.records(decode(line, content.format.encoding) for line in lines)


_READERS: Final[dict[str, Callable[[Content, ByteSource, _Counted], Iterator[dict[str, Any]]]]] = {
    "mail": _messages,
    "mbox": _messages,
    "calendar": _cards,
    "cards": _cards,
    "html": _html,
    "xml": _xml,
    "dump": _rows,
}
