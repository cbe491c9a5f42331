"""Each connector's reading alone: rows and MB a CPU second, and what it holds at most.

Every source holds the same made-up table. It is read whole in a process of its own, which is counted with the
child that parses for it.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

import fastavro
import polars as pl
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.feather as feather
import pyarrow.orc as orc
import pyarrow.parquet as pq

from . import memory, table, timing

READING: Final = """
import sys
from benchmarks.speed.scanning import connected, scan
from benchmarks.speed.timing import cpu
with connected(sys.argv[1], sys.argv[2]) as connector:
    before = cpu()
    rows = scan(connector, sys.argv[3], lambda batch: None)
print(rows, cpu() - before)
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)


def run(options: argparse.Namespace) -> dict[str, Any]:
    data = table.table(options.rows)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for form, write in FORMS.items():
            path = Path(folder) / f"people.{form}"
            write(data, path)
            connector = {"sqlite": "sqlite", "duckdb": "duckdb"}.get(form, "files")
            name = "people" if connector != "files" or form == "xlsx" else path.name
            target = f"{connector}:///{path}" if connector != "files" else str(path)
            figures = list(runs([connector, target, name], options.runs))
            rows, spent = figures[0][0], timing.Spread.of([rows / cpu for rows, cpu in figures])
            if rows != data.num_rows:
                raise SystemExit(f"{form}: {rows} rows were read of {data.num_rows}")
            megabytes = path.stat().st_size / 1e6
            found[f"{form}: thousand rows a CPU second"] = [round(x / 1000, 1) for x in spent.as_list()]
            found[f"{form}: MB of the file a CPU second"] = round(megabytes * spent.median / rows, 1)
            command = [sys.executable, "-c", READING, connector, target, name]
            found[f"{form}: MB at most"] = memory.peak(command)
    return found


def runs(arguments: list[str], runs: int) -> Iterator[tuple[int, float]]:
    for _ in range(runs):
        command = [sys.executable, "-c", READING, *arguments]
        here = str(Path(__file__).parents[2])
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=here)
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        rows, spent = done.stdout.split()
        yield int(rows), float(spent)


def _lines(data: pa.Table, path: Path) -> None:
    pl.DataFrame(data).write_ndjson(path)


def _avro(data: pa.Table, path: Path) -> None:
    fields = [{"name": name, "type": ["null", "string"]} for name in data.column_names]
    with path.open("wb") as file:
        schema = {"type": "record", "name": "people", "fields": fields}
        fastavro.writer(file, schema, data.to_pylist(), codec="deflate")


def _dump(data: pa.Table, path: Path) -> None:
    columns = ", ".join(f'"{name}"' for name in data.column_names)
    with path.open("w", encoding="utf-8") as file:
        file.write(f"-- PostgreSQL database dump\nCOPY people ({columns}) FROM stdin;\n")
        for row in zip(*(column.to_pylist() for column in data.columns), strict=True):
            cells = ("\\N" if cell is None else str(cell).replace("\\", "\\\\") for cell in row)
            file.write("\t".join(c.replace("\n", "\\n").replace("\t", "\\t") for c in cells) + "\n")
        file.write("\\.\n")


def _xlsx(data: pa.Table, path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("people")
    sheet.append(data.column_names)
    for row in zip(*(column.to_pylist() for column in data.columns), strict=True):
        sheet.append(row)
    book.save(path)


def _html(data: pa.Table, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("<table><tr>" + "".join(f"<th>{name}</th>" for name in data.column_names) + "</tr>\n")
        for row in zip(*(column.to_pylist() for column in data.columns), strict=True):
            file.write("<tr>" + "".join(f"<td>{escape(cell or '')}</td>" for cell in row) + "</tr>\n")
        file.write("</table>\n")


def _xml(data: pa.Table, path: Path) -> None:
    names = data.column_names
    with path.open("w", encoding="utf-8") as file:
        file.write("<people>\n")
        for row in zip(*(column.to_pylist() for column in data.columns), strict=True):
            cells = (f"<{name}>{escape(cell or '')}</{name}>" for name, cell in zip(names, row, strict=True))
            file.write(f"<person>{''.join(cells)}</person>\n")
        file.write("</people>\n")


def _sqlite(data: pa.Table, path: Path) -> None:
    with sqlite3.connect(path) as database:
        columns = ", ".join(f'"{name}" TEXT' for name in data.column_names)
        database.execute(f"CREATE TABLE people ({columns})")
        marks = ", ".join("?" * data.num_columns)
        rows = zip(*(column.to_pylist() for column in data.columns), strict=True)
        database.executemany(f"INSERT INTO people VALUES ({marks})", rows)
    database.close()


def _duckdb(data: pa.Table, path: Path) -> None:
    import duckdb

    with duckdb.connect(str(path)) as database:
        database.register("given", data)
        database.execute("CREATE TABLE people AS SELECT * FROM given")


FORMS: Final[dict[str, Callable[[pa.Table, Path], object]]] = {
    "csv": lambda data, path: pc.write_csv(data, path),
    "jsonl": _lines,
    "parquet": lambda data, path: pq.write_table(data, path),
    "orc": lambda data, path: orc.write_table(data, path),
    "arrow": lambda data, path: feather.write_feather(data, str(path)),
    "avro": _avro,
    "sql": _dump,
    "xlsx": _xlsx,
    "html": _html,
    "xml": _xml,
    "sqlite": _sqlite,
    "duckdb": _duckdb,
}
