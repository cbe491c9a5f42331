"""A connector for INI files: each file is a dataset, each section a row, each key a column."""

from __future__ import annotations

import configparser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import BaseModel

from pii_scan.core.errors import SourceError, classify
from pii_scan.core.model import LOCATOR, Batch, Dataset, Field, Note, Plan, Shard, Store
from pii_scan.core.ports import ConnectorType


class IniConfig(BaseModel):
    path: str
    name: str


class IniConnector:
    def __init__(self, config: IniConfig) -> None:
        self._root = Path(config.path)
        self.store = Store(kind="ini", name=config.name)

    def datasets(self) -> Iterator[Dataset]:
        for path in sorted(self._root.rglob("*.ini")):
            dataset = Dataset(self.store, path.relative_to(self._root).parts, "file")
            try:
                keys = dict.fromkeys(key for section in self._sections(dataset) for key in section)
            except SourceError as error:
                yield Dataset(self.store, dataset.path, "file", skip=str(error))
            else:
                yield dataset.with_fields(*(Field(dataset.urn, (key,), "string") for key in keys))

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        return [Shard(dataset, plan)]

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        keys, rows = [field.name for field in shard.dataset.fields], self._sections(shard.dataset)
        most = shard.plan.rows if shard.plan.mode == "sample" else len(rows)
        for start in range(0, min(most, len(rows)), shard.plan.batch_rows):
            part = rows[start : min(most, start + shard.plan.batch_rows)]
            cells = [pa.array([row.get(key) for row in part], pa.string()) for key in keys]
            numbers = pa.array(range(start, start + len(part)), pa.int64())
            names = [*map(str, range(len(keys))), LOCATOR]
            table = pa.RecordBatch.from_arrays([*cells, numbers], names)
            yield Batch(shard.dataset, table, tuple((key,) for key in keys), table.nbytes)
        if most < len(rows):
            yield Note(reason="the first sections", sampled=True, total=len(rows))

    def _sections(self, dataset: Dataset) -> list[dict[str, str]]:
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read_string(self._root.joinpath(*dataset.path).read_text(encoding="utf-8"))
        except (OSError, UnicodeError, configparser.Error) as error:  # their texts quote the file
            raise SourceError("it is no INI file", detail=classify(error)) from None
        return [dict(parser[name]) for name in parser.sections()]

    def close(self) -> None:
        """Nothing stays open."""


def config_of(text: str) -> dict[str, Any]:
    path = text.removeprefix("ini:")
    return {"path": path, "name": Path(path).name or "ini"}


def matches(text: str) -> int:
    return 20 if text.startswith("ini:") else 0


CONNECTOR = ConnectorType("ini", "INI files, a section a record", IniConfig, IniConnector, matches, config_of)
