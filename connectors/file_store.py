"""The connector behind `files` and `logs`: a tree of files as datasets, read by format."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pii_scan.core.errors import SourceError
from pii_scan.core.failpoint import failpoint
from pii_scan.core.model import Batch, Dataset, DatasetKind, Field, Note, Plan, Shard, Store

from .content import Blob, Content, Contents, Entry
from .file_config import FileConfig
from .log_templates import Templates
from .opening import Stamp, stamp
from .readers import delimited, log, parquet, records, sheets, text
from .readers.lines import Counts
from .walk import Found, root_of, walk

SHARD_BYTES: Final = 64 << 20
_MOST_SHARDS: Final = 1_000
_BY_LINES: Final = ("jsonl", "log", "text")
_EXCLUDED: Final = "excluded by the configuration"


class FileStore:
    """Files of one path. Rebuilt in any process from its configuration and kind."""

    def __init__(self, config: FileConfig, kind: str) -> None:
        self._config, self._kind = config, kind
        self._contents = Contents(config.limits, logs=kind == "logs")
        self._counts = Counts()
        self._templates: dict[tuple[str, ...], Templates] = {}
        self._store = Store(
            kind, config.name, config.owner, config.region, config.role, config.purpose, config.tags
        )

    @property
    def store(self) -> Store:
        return self._store

    def datasets(self) -> Iterator[Dataset]:
        """Every file, sheet and archive member, also those that are not read.

        Raises SourceError if the path does not exist or can't be listed.
        """
        for found in walk(self._config):
            if found.skip:
                yield self._skipped(found.parts, found.skip, found.planned)
            elif not self._may_hold(found):
                yield self._skipped(found.parts, _EXCLUDED, True)
            else:
                for entry in self._contents.list(found.parts, Blob.on_disk(found.path, found.modified)):
                    yield self._dataset(entry)

    def _may_hold(self, found: Found) -> bool:
        """A file that is not included itself may be an archive whose members are."""
        if self._config.wants(found.parts):
            return True
        suffixes = {suffix.lower() for suffix in Path(found.parts[-1]).suffixes}
        return bool(suffixes & {".zip", ".tar", ".tgz", ".tbz2", ".txz", ".xlsx", ".xls", ".ods"})

    def _dataset(self, entry: Entry) -> Dataset:
        if self._config.refuses(entry.path) or not self._config.wants(entry.path):
            return self._skipped(entry.path, _EXCLUDED, True)
        kind: DatasetKind = "log" if self._kind == "logs" or entry.kind == "log" else "file"
        found = Dataset(
            self._store, entry.path, kind, modified=entry.modified, skip=entry.skip, planned=entry.planned
        )
        if entry.kind != "delimited" or entry.content is None:
            return found
        names = delimited.column_names(entry.content)
        return found.with_fields(*(Field(found.urn, (name,)) for name in names))

    def _skipped(self, path: tuple[str, ...], reason: str, planned: bool) -> Dataset:
        kind: DatasetKind = "log" if self._kind == "logs" else "file"
        return Dataset(self._store, path, kind, skip=reason, planned=planned)

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        """One shard; for large plain line files in full mode one for each 64 MiB or more.

        Raises SourceError if the file can't be opened.
        """
        path, rest = self._locate(dataset.path)
        size = stamp(path).size
        if rest or plan.mode != "full" or size < 2 * SHARD_BYTES:
            return (Shard(dataset, plan),)
        content = self._contents.peel(Blob.on_disk(path))
        if content.format.kind not in _BY_LINES or not _splits(content):
            return (Shard(dataset, plan),)
        count = min(size // SHARD_BYTES, _MOST_SHARDS)
        starts = [size * index // count for index in range(count)]
        stops: list[int | None] = [*starts[1:], None]
        return tuple(
            Shard(dataset, plan, index, count, start, stop)
            for index, (start, stop) in enumerate(zip(starts, stops, strict=True))
        )

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        """Raises SourceError if the rest can't be read, after what could be."""
        path, rest = self._locate(shard.dataset.path)
        before = stamp(path)
        blob = Blob.on_disk(path, shard.dataset.modified)
        inside = shard.dataset.path[: len(shard.dataset.path) - len(rest)]
        content, rest = self._contents.resolve(inside, blob, rest)
        for item in self._read(content, shard, rest):
            failpoint("connector.read")
            yield item
        if _changed(path, before):
            yield Note(changed=True)

    def _read(self, content: Content, shard: Shard, rest: tuple[str, ...]) -> Iterator[Batch | Note]:
        kind = content.format.kind
        if kind == "log":
            return log.read(content, shard, self._counts, self._known(shard.dataset.path, content))
        if kind in _LINE_READERS:
            return _LINE_READERS[kind](content, shard, self._counts)
        if kind == "json":
            return records.read_document(content, shard)
        if kind == "parquet":
            return parquet.read(content, shard, self._contents.parser)
        if kind == "sheets":
            return sheets.read(content, shard, self._contents, rest)
        if kind == "empty":
            return iter(())
        raise SourceError(content.format.detail or "it is of another format than when it was listed")

    def _known(self, path: tuple[str, ...], content: Content) -> Templates:
        """The templates of a log's messages, learned once."""
        if path not in self._templates:
            self._templates[path] = log.templates_of([content])
        return self._templates[path]

    def _locate(self, parts: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """The file on disk and what is left of a dataset's path: members and sheets."""
        root = root_of(self._config.path)
        if os.path.lexists(self._config.path) and not Path(self._config.path).is_dir():
            return os.path.realpath(self._config.path), parts[1:]
        path = root
        for position, part in enumerate(parts, 1):
            path = os.path.join(path, part)  # noqa: PTH118 - names may be no UTF-8
            if not _is_folder(path):
                return path, parts[position:]
        return path, ()

    def close(self) -> None:
        self._contents.close()


_LINE_READERS: Final = {
    "delimited": delimited.read,
    "jsonl": records.read_lines,
    "text": text.read,
}


def _splits(content: Content) -> bool:
    """True if lines can be found from any byte on: no compression, no wide characters, `\\n` at the ends."""
    return bool(content.blob.path) and not content.format.encoding.wide and b"\n" in content.head


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def _changed(path: str, before: Stamp) -> bool:
    try:
        return stamp(path) != before
    except SourceError:
        return True
