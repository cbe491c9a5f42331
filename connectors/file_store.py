"""The connector behind `files` and `logs`: a tree of files as datasets, read by format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import PurePath
from typing import Final

from pii_scan.core.cursor import Cursor, Part
from pii_scan.core.errors import SourceError
from pii_scan.core.failpoint import failpoint
from pii_scan.core.keyed import Key
from pii_scan.core.model import Batch, Dataset, DatasetKind, Field, Note, Plan, Shard, Store
from pii_scan.core.ports import Block, Continuation
from pii_scan.core.setting import Setting

from . import blocks
from .content import Content, Contents, Entry
from .cutting import divisible, pieces
from .file_config import FileConfig
from .log_continuing import Continuing
from .log_files import LogFiles, log_shards
from .log_templates import Templates
from .opening import Stamp, read_head
from .places import LogParts, Place
from .readers import columnar, delimited, log, records, sheets, structured, text
from .readers.lines import Counts
from .walk import Found

SHARD_BYTES: Final = 64 << 20
_BY_LINES: Final = ("jsonl", "log", "text")
#: Files that a database writes beside itself: end of the name, kind, where its file says what it is.
_BESIDE: Final = (
    ("-wal", "SQLite", 0, b"SQLite format 3\0"),
    ("-shm", "SQLite", 0, b"SQLite format 3\0"),
    ("-journal", "SQLite", 0, b"SQLite format 3\0"),
    (".wal", "DuckDB", 8, b"DUCK"),
)
_PART_OF: Final = "a part of the {} database beside it"
_EXCLUDED: Final = "excluded by the configuration"


class FileStore:
    """Files of one place. Rebuilt in any process from its configuration and kind."""

    def __init__(self, config: FileConfig, kind: str, place: Place, *, logs: bool = False) -> None:
        """With `logs` every plain text is taken for a log."""
        self._config, self._place, self._all_logs = config, place, logs
        self._contents = Contents(config.limits, logs=logs)
        self._counts = Counts()
        self._templates: dict[tuple[str, ...], Templates] = {}
        self._logs: dict[tuple[str, ...], tuple[Entry, ...]] | None = None
        self._store = config.store(kind)

    @property
    def store(self) -> Store:
        return self._store

    def datasets(self) -> Iterator[Dataset]:
        """Every file, sheet and archive member, also those that are not read.

        Raises SourceError if the path does not exist or can't be listed.
        """
        logs = LogFiles(self._all_logs, self._place.gone)
        for found in self._place.walk():
            if logs.gone(found):
                continue
            if found.skip:
                yield self._skipped(found.parts, found.skip, found.planned)
            elif not self._may_hold(found):
                yield self._skipped(found.parts, _EXCLUDED, True)
            elif kind := self._database(found):
                yield self._skipped(found.parts, _PART_OF.format(kind), True)
            else:
                for entry in self._contents.list(found.parts, self._place.blob(found.path, found.modified)):
                    if not self._wanted(entry.path) or not logs.take(found, entry):
                        yield self._dataset(entry)
        yield from map(self._dataset, logs.others())
        self._logs = dict(logs.sets())
        for path, entries in self._logs.items():
            times = [entry.modified for entry in entries if entry.modified]
            yield Dataset(self._store, path, "log", modified=max(times, default=None))

    def _may_hold(self, found: Found) -> bool:
        """A file that is not included itself may be an archive whose members are."""
        if self._config.wants(found.parts):
            return True
        suffixes = {suffix.lower() for suffix in PurePath(found.parts[-1]).suffixes}
        return bool(suffixes & {".zip", ".tar", ".tgz", ".tbz2", ".txz", ".xlsx", ".xls", ".ods"})

    def _database(self, found: Found) -> str:
        """The kind of the database beside which a file of this name is only its log or lock; else nothing."""
        for ending, kind, place, magic in _BESIDE:
            if found.parts[-1].endswith(ending) and len(found.parts[-1]) > len(ending):
                try:
                    with closing(self._place.blob(found.path.removesuffix(ending)).open()) as file:
                        begins = read_head(file, place + len(magic))[place:] == magic
                except SourceError:
                    continue
                if begins:
                    return kind
        return ""

    def _wanted(self, path: tuple[str, ...]) -> bool:
        return self._config.wants(path) and not self._config.refuses(path)

    def _dataset(self, entry: Entry) -> Dataset:
        if not self._wanted(entry.path):
            return self._skipped(entry.path, _EXCLUDED, True)
        kind: DatasetKind = "log" if self._all_logs or entry.kind == "log" else "file"
        found = Dataset(
            self._store, entry.path, kind, modified=entry.modified, skip=entry.skip, planned=entry.planned
        )
        if entry.kind != "delimited" or entry.content is None:
            return found
        names = delimited.column_names(entry.content)
        return found.with_fields(*(Field(found.urn, (name,)) for name in names))

    def _skipped(self, path: tuple[str, ...], reason: str, planned: bool) -> Dataset:
        kind: DatasetKind = "log" if self._all_logs else "file"
        return Dataset(self._store, path, kind, skip=reason, planned=planned)

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        """One shard; for large plain line files in full mode one for each 64 MiB or more.

        A log has them for each of its files. Raises SourceError if the file can't be opened.
        """
        rotation = self._log_set(dataset.path) if dataset.kind == "log" else None
        if rotation is not None:
            members = rotation.members()
            if not members:
                raise SourceError("its files are gone or empty now", "scan again")
            return log_shards(dataset, plan, members, SHARD_BYTES)
        path, rest = self._place.locate(dataset.path)
        size = self._place.stamp(path).size
        if rest or plan.mode != "full" or size < 2 * SHARD_BYTES:
            return (Shard(dataset, plan),)
        content = self._contents.peel(self._place.blob(path))
        if content.format.kind not in _BY_LINES or not divisible(content):
            return (Shard(dataset, plan),)
        parts = pieces(0, size, SHARD_BYTES)
        return tuple(
            Shard(dataset, plan, index, len(parts), start, stop) for index, (start, stop) in enumerate(parts)
        )

    def blocks(self, dataset: Dataset) -> Sequence[Block]:
        """Pieces of about 1 MiB of what has lines and is not compressed, else the whole; see `HasBlocks`."""
        rotation = self._log_set(dataset.path) if dataset.kind == "log" else None
        if rotation is not None:
            return blocks.of_log(dataset, rotation.members())
        path, rest = self._place.locate(dataset.path)
        content = None if rest else self._contents.peel(self._place.blob(path))
        lines = content if content and content.format.kind in _BY_LINES else None
        return blocks.of_file(dataset, self._place.stamp(path), lines)

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        """Raises SourceError if the rest can't be read, after what could be."""
        if shard.part:
            yield from self._read_part(shard)
            return
        path, rest = self._place.locate(shard.dataset.path)
        before = self._place.stamp(path)
        blob = self._place.blob(path, shard.dataset.modified)
        inside = shard.dataset.path[: len(shard.dataset.path) - len(rest)]
        content, rest = self._contents.resolve(inside, blob, rest)
        for item in self._read(content, shard, rest):
            failpoint("connector.read")
            yield item
            del item  # nothing here holds it while the next is read
        if self._changed(path, before):
            yield Note(changed=True)

    def _read(self, content: Content, shard: Shard, rest: tuple[str, ...]) -> Iterator[Batch | Note]:
        kind = content.format.kind
        if kind == "log":
            return log.read(content, shard, self._counts, self._known(shard.dataset.path, [content]))
        if kind in _LINE_READERS:
            return _LINE_READERS[kind](content, shard, self._counts)
        if kind == "json":
            return records.read_document(content, shard)
        if kind == "structured":
            return structured.read(content, shard)
        if kind in ("columnar", "pdf"):
            return columnar.read(content, shard, self._contents.parser)
        if kind == "sheets":
            return sheets.read(content, shard, self._contents, rest)
        if kind == "empty":
            return iter(())
        raise SourceError(content.format.detail or "it is of another format than when it was listed")

    def _known(self, path: tuple[str, ...], contents: Iterable[Content]) -> Templates:
        """The templates of a log's messages, learned once."""
        if path not in self._templates:
            self._templates[path] = log.templates_of(contents)
        return self._templates[path]

    def _read_part(self, shard: Shard) -> Iterator[Batch | Note]:
        """One file of a log. What is renamed or appended meanwhile makes no difference."""
        rotation = self._log_set(shard.dataset.path)
        if rotation is None:
            raise SourceError("it is no log any more")
        if not shard.plan.rows:
            yield Note(sampled=True)
            return
        templates = self._known(shard.dataset.path, rotation.first_contents())
        content = rotation.open(Part.parse(shard.part))
        for item in log.read(content, shard, self._counts, templates):
            failpoint("connector.read")
            yield item

    def _log_set(self, path: tuple[str, ...]) -> LogParts | None:
        """The files that are the log of this path; None if it is a single file's or member's."""
        if self._logs is None:
            list(self.datasets())
        names = {entry.path[-1] for entry in (self._logs or {}).get(path, ())}
        return self._place.log(path, frozenset(names), self._wanted, self._contents) if names else None

    def settings(self) -> Iterator[Setting]:
        return self._place.settings(self._store.urn)

    def token(self, dataset: Dataset) -> str:
        """Identity, size and times of a file, or of all files of a log."""
        rotation = self._log_set(dataset.path)
        if rotation is not None:
            return ";".join(f"{member.part}:{member.state}" for member in rotation.members())
        return str(self._place.stamp(self._place.locate(dataset.path)[0]))

    def since(self, dataset: Dataset, plan: Plan, seen: Cursor, key: Key) -> Continuation:
        """What was added to a log since the sealed cursor was made; all of another file, or of a log of
        which not all is there that was read before.
        """
        rotation = self._log_set(dataset.path)
        if rotation is None:
            return Continuation(self.shards(dataset, plan))
        members = rotation.members()
        if not members:
            raise SourceError("its files are gone or empty now", "scan again")
        basis = self._known(dataset.path, rotation.first_contents()).digest
        continuing = Continuing(members, key)
        starts = continuing.starts(seen, basis)
        shards = log_shards(dataset, plan, members, SHARD_BYTES, starts)
        return Continuation(shards, continuing.cursor(basis), starts is not None)

    def _changed(self, path: str, before: Stamp) -> bool:
        try:
            return self._place.stamp(path) != before
        except SourceError:
            return True

    def close(self) -> None:
        self._contents.close()
        self._place.close()


_LINE_READERS: Final = {
    "delimited": delimited.read,
    "jsonl": records.read_lines,
    "text": text.read,
}
