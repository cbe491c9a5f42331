"""Registers as CSV, spreadsheets, JSON or YAML in a folder, or as tables of a database.

Which register a file or table holds is told by its name, or said in `registers`. What it holds is scanned
like anything else; besides, its documented columns become entries.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import yaml
from pydantic import Field, SecretStr

from pii_scan.core.errors import ConfigError, SourceError
from pii_scan.core.keyed import Key
from pii_scan.core.model import LOCATOR, Batch, Dataset, Note, Plan, Shard, Store
from pii_scan.core.ports import Connector, ConnectorType
from pii_scan.core.register import REGISTERS, Entry

from .. import files
from ..disk import Disk
from ..file_config import FileConfig
from ..file_store import FileStore
from ..opening import read_all
from ..source_config import SourceConfig
from ..sql import duckdb, mysql, postgresql, sqlite
from .entries import Faults, entries, records, register_of

KIND: Final = "registers"
_LARGEST: Final = 64 << 20
_YAML: Final = (".yaml", ".yml")
_SQL: Final = (postgresql.CONNECTOR, mysql.CONNECTOR, sqlite.CONNECTOR, duckdb.CONNECTOR)
Row = tuple[int, Mapping[str, str]]


class RegistersConfig(SourceConfig):
    """A folder, or the URL of a database whose tables are registers."""

    path: str = Field("", description="A file or a folder")
    url: SecretStr = Field(SecretStr(""), description="Address of a database")
    registers: Mapping[str, str] = Field(
        default_factory=dict, description="By register the file's name, or the table as schema/table"
    )


class RegistersConnector:
    """Hands on what the connector below gives, and reads its registers."""

    def __init__(self, config: RegistersConfig, below: Connector, disk: Disk | None) -> None:
        self._config, self._below, self._disk = config, below, disk

    @property
    def store(self) -> Store:
        return self._below.store

    def datasets(self) -> Iterator[Dataset]:
        return self._below.datasets()

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        return self._below.shards(dataset, plan)

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        """What is wrong with a register's lines is a note on it."""
        yield from self._below.read(shard)
        register = self._register(shard.dataset)
        if register and shard.index == 0:
            faults = Faults()
            for _ in self._entries(register, shard.dataset, Key.new(), faults):
                pass
            yield from (Note(f"register of {register}: {line}", lost) for line, lost in faults.lines())

    def _register(self, dataset: Dataset) -> str:
        path = "/".join(dataset.path)
        for register, wanted in self._config.registers.items():
            if wanted.casefold() in (path.casefold(), dataset.path[-1].casefold()):
                return register
        return register_of(dataset.path[-1]) if not self._config.registers else ""

    def entries(self, key: Key) -> Iterator[Entry]:
        """The entries of every register, identifiers keyed. Raises SourceError."""
        for dataset in list(self.datasets()):
            register = "" if dataset.skip else self._register(dataset)
            if register:
                yield from self._entries(register, dataset, key, Faults())

    def _entries(self, register: str, dataset: Dataset, key: Key, faults: Faults) -> Iterator[Entry]:
        rows = self._written(dataset) if dataset.path[-1].endswith((*_YAML, ".json")) else self._rows(dataset)
        return entries(register, dataset.urn, dataset.path[-1], rows, key, faults)

    def _rows(self, dataset: Dataset) -> Iterator[Row]:
        for shard in self._below.shards(dataset, Plan(mode="full")):
            for item in self._below.read(shard):
                if isinstance(item, Batch):
                    yield from _named(item)

    def _written(self, dataset: Dataset) -> Iterator[Row]:
        """A YAML or JSON document's entries. Raises SourceError if it is none."""
        if self._disk is None:
            return
        path, _ = self._disk.locate(dataset.path)
        source = self._disk.blob(path).open()
        try:
            text = read_all(source, _LARGEST).decode("utf-8", "replace")
            document = json.loads(text) if path.endswith(".json") else yaml.safe_load(text)
        except (ValueError, yaml.YAMLError, RecursionError):
            raise SourceError("it is no YAML or JSON", "write a list of entries") from None
        finally:
            source.close()
        yield from enumerate(records(document), 1)

    def close(self) -> None:
        self._below.close()


def _named(batch: Batch) -> Iterator[Row]:
    numbers = batch.table.column(LOCATOR).to_pylist()
    columns = [batch.table.column(position).to_pylist() for position in range(len(batch.columns))]
    for position, number in enumerate(numbers):
        yield (
            number,
            {
                "/".join(path): str(cells[position])
                for path, cells in zip(batch.columns, columns, strict=True)
                if cells[position] is not None
            },
        )


def opened(config: RegistersConfig) -> RegistersConnector:
    """Raises ConfigError for registers that there are not, or a database that is read otherwise."""
    unknown = sorted(set(config.registers) - set(REGISTERS))
    if unknown:
        raise ConfigError(f"there is no register '{unknown[0]}'", f"registers: {', '.join(REGISTERS)}")
    common = config.model_dump(include={"owner", "region", "role", "purpose", "tags", "exclude"})
    url = config.url.get_secret_value()
    if not url:
        found = FileConfig(path=config.path, name=config.name, include=config.include, **common)
        disk = Disk(found)
        return RegistersConnector(config, FileStore(found, KIND, disk), disk)
    kind = next((one for one in _SQL if "://" in url and one.matches(url)), None)
    if kind is None:
        raise ConfigError(
            "registers are read from files or a database",
            "give a path, or the URL of PostgreSQL, MariaDB, SQLite or DuckDB",
        )
    tables = tuple(config.registers.values()) or config.include
    settings = {**kind.config_of(url), **common, "name": config.name, "include": tables}
    return RegistersConnector(config, kind.open(kind.config.model_validate(settings)), None)


def matches(text: str) -> int:
    return 12 if text.startswith(f"{KIND}://") else 0


def config_of(text: str) -> dict[str, Any]:
    """The fields `path` and `name`; the URL of a database is a field of its own."""
    rest = text.removeprefix(f"{KIND}://")
    if "://" in rest and files.path_of(rest) == "":
        return {"url": rest, "name": KIND}
    return files.config_of(rest)


CONNECTOR: Final = ConnectorType(
    KIND,
    "incidents, requests, erasures, contracts and other registers kept by hand",
    RegistersConfig,
    opened,
    matches,
    config_of,
)
