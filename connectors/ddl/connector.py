"""Schemas as a source: tables with names, types, comments and keys, and not a row.

Files are taken in the order of their paths, as migrations are; what one adds another may drop. A
statement that is not understood stands in the coverage with its line, and the rest goes on.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field as Setting

from pii_scan.core.errors import SourceError
from pii_scan.core.model import Batch, Dataset, Note, Plan, Shard
from pii_scan.core.ports import ConnectorType
from pii_scan.core.query import Query

from ..encoding import encoding_of, to_text
from ..file_config import FileConfig
from ..opening import DiskFile, read_all
from ..walk import Found, root_of, walk
from . import prisma
from .statements import statements
from .tables import Tables
from .verbs import has_body, is_statement

KIND: Final = "ddl"
_ENDINGS: Final = (".sql", ".ddl", ".prisma")
#: Bytes of a file beyond which it is a dump of rows, and no schema.
_LARGEST: Final = 16 << 20
#: Bytes in which a lone file shows whether it holds rows, and files of a folder that are looked at.
_HEAD: Final = 1 << 20
_LOOKED_AT: Final = 200
_LINES: Final = 10
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f]")
_END: Final = "\n"
#: psql's own command, which ends with its line.
_COPY: Final = re.compile(r"^[ \t]*\\copy\b(.*)$", re.IGNORECASE | re.MULTILINE)


class DdlConfig(FileConfig):
    """A schema file, a folder of migrations or a glob."""

    dialect: Literal[
        "", "postgres", "mysql", "sqlite", "tsql", "oracle", "snowflake", "bigquery", "redshift", "duckdb"
    ] = Setting("", description="whose SQL it is; unset: the first that understands a statement")
    runs_in: str = Setting(
        "", description="name of the source whose tables the statements mean; unset: the files' own tables"
    )


class DdlConnector:
    """Tells the tables that the files make, as a database would list them after the last one."""

    def __init__(self, config: DdlConfig) -> None:
        self._config = config
        self.store = config.store(KIND)

    def datasets(self) -> Iterator[Dataset]:
        tables, faults, files = Tables(), [], 0
        for found in walk(self._config):
            fault = _Fault(found.skip, True) if found.planned else self._read(found, tables)
            files += found.planned or fault is not None
            if fault is not None and fault.reason:
                faults.append(
                    Dataset(self.store, found.parts, "file", skip=fault.reason, planned=fault.planned)
                )
        if not files:
            raise SourceError("no schema file lies there", f"files end with {', '.join(_ENDINGS)}")
        listed = {dataset.path: dataset for dataset in tables.datasets(self.store)}
        yield from listed.values()
        yield from (fault for fault in faults if fault.path not in listed)

    def _read(self, found: Found, tables: Tables) -> _Fault | None:
        """Takes in one file and gives what was not understood of it; None for a file that is no schema's."""
        if not found.parts[-1].lower().endswith(_ENDINGS) and Path(self._config.path).is_dir():
            return None
        if found.skip:
            return _Fault(found.skip)
        try:
            text = _text(found)
        except SourceError as error:
            return _Fault(str(error))
        if control := _CONTROL.search(text):
            return _Fault(
                f"it is no text: a control character in line {text.count(_END, 0, control.start()) + 1}"
            )
        if found.parts[-1].lower().endswith(".prisma"):
            return _Fault(prisma.apply(text, tables))
        return self._statements(text, tables)

    def _statements(self, text: str, tables: Tables) -> _Fault:
        """Applies the statements; those in a body of a procedure may be of any language."""
        from . import sql  # sqlglot: 7 MB that only schemas need

        unknown: list[int] = []
        foreign: list[int] = []
        understood, inside = 0, False
        for statement in statements(text):
            try:
                known = sql.apply(statement, tables, self._config.dialect)
            except sql.NotUnderstoodError:
                unknown.append(statement.line)
                continue
            if not known:
                foreign.append(statement.line)
            inside = has_body(statement.text) or (inside and not sql.tells(statement))
            if is_statement(statement.text):
                understood += 1
            elif not inside:
                unknown.append(statement.line)
        faults = [_unknown(unknown)] if unknown else []
        if not understood:
            faults.insert(0, "no statement in it was understood")
        if foreign:
            faults.append(f"a table that is not created here is changed, in line {_shown(foreign)}")
        return _Fault("; ".join(faults), planned=bool(understood) and not unknown)

    def queries(self) -> Iterator[Query]:
        """Every statement of the SQL files; what can't be read is a line of the listing."""
        for found in walk(self._config):
            name = found.parts[-1].lower()
            if found.skip or not name.endswith(_ENDINGS) or name.endswith(".prisma"):
                continue
            try:
                text = _COPY.sub(r";COPY\1;", _text(found))
            except SourceError:
                continue  # the listing says so
            for statement in statements(text):
                yield Query(
                    "statement",
                    found.parts,
                    statement.text,
                    self._config.dialect,
                    store=self._config.runs_in,
                    line=statement.line,
                )

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        return [Shard(dataset, plan)]

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        yield Note(reason="a schema: names and types, without rows")

    def close(self) -> None:
        """Nothing stays open."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is to be said of a file; `planned` if nothing of it was left out. Nothing: all was understood."""

    reason: str = ""
    planned: bool = False


def _unknown(lines: Sequence[int]) -> str:
    several = "statements were" if len(lines) > 1 else "statement was"
    return f"{len(lines)} {several} not understood, from line {_shown(lines)} on; set the option dialect"


def _shown(lines: Sequence[int]) -> str:
    return ", ".join(map(str, lines[:_LINES])) + (", …" if len(lines) > _LINES else "")


def _text(found: Found) -> str:
    """A file's text. Raises SourceError if it can't be read."""
    with DiskFile(found.path) as file:
        data = read_all(file, _LARGEST)
    return to_text(data, encoding_of(data[:_HEAD]))


def path_of(text: str) -> str:
    """The path that `text` means: itself, or what follows `ddl://` or `ddl:`; nothing for other URLs."""
    scheme, mark, rest = text.partition(":")
    if mark and scheme == KIND:
        return rest.removeprefix("//")
    return "" if "://" in text else text


def matches(text: str) -> int:
    """20 for `ddl:PATH`, 9 for Prisma schemas and for SQL files, or a folder of them, without rows."""
    path = path_of(text)
    if path != text:
        return 20 if path else 0
    if not path or glob.has_magic(path) or not os.path.lexists(path):
        return 0
    place = Path(path)
    names = _names(place) if place.is_dir() else [place]
    return 9 if names and all(_is_schema(name) for name in names) else 0


def _names(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [Path(e.path) for e in islice(entries, _LOOKED_AT) if not e.name.startswith(".")]
    except OSError:
        return []  # listing it for the scan says why


def _is_schema(place: Path) -> bool:
    if place.is_dir() and not place.is_symlink():
        return any(map(_is_schema, _names(place)))
    if not place.name.lower().endswith(_ENDINGS) or not place.is_file():
        return False  # opening a FIFO would wait for who writes to it
    try:
        with place.open("rb") as file:
            head = file.read(_HEAD).upper()
    except OSError:
        return False
    makes = b"CREATE TABLE" in head or b"ALTER TABLE" in head or place.name.lower().endswith(".prisma")
    return makes and b"INSERT INTO" not in head and b"FROM STDIN" not in head


def config_of(text: str) -> dict[str, Any]:
    """The path, and a name: that of the folder or the file."""
    path = path_of(text)
    root = Path(path if not glob.has_magic(path) else root_of(path)).resolve()
    return {"path": path, "name": root.stem or KIND}


CONNECTOR: Final = ConnectorType(
    kind=KIND,
    summary="SQL schema and migration files, and Prisma schemas, before they are run",
    config=DdlConfig,
    open=DdlConnector,
    matches=matches,
    config_of=config_of,
)
