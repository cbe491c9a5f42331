"""Pages of tables: how large they are, and that what stands in them comes as it is."""

import pyarrow as pa
import pytest

from connectors.sql.delivery import Pace
from connectors.sql.postgresql import CONNECTOR
from tests.services import run

from .reading import connect, find, read
from .test_postgresql import FULL, engine_url

AWKWARD = (
    "", " ", " both ", "\\N", "\\.", "NULL", '"', '""', 'a "quoted" word', "a,b", ",", "\n", "\r\n", "a\nb",
    "a\rb", "\ttab", "back\\slash", "\\\\", "\\n", "名前 😀", "\x01\x1f\x7f", "\u2028", "\ufeff", "100%",
    "%s", "'", "x" * 65_536, "é" * 65_537,
)  # fmt: skip


@pytest.mark.parametrize("columns", [1, 2])
def test_awkward_texts_are_read_as_they_are(postgres_url, columns):
    from sqlalchemy import create_engine

    names = ["first", "%second"][:columns]
    with create_engine(engine_url(postgres_url)).begin() as connection:
        declared = ", ".join(f'"{name.replace("%", "%%")}" text' for name in names)
        connection.exec_driver_sql(f"CREATE TABLE awkward({declared})")
        marks = ", ".join(["%s"] * columns)
        for text in (*AWKWARD, None):
            connection.exec_driver_sql(f"INSERT INTO awkward VALUES ({marks})", (text,) * columns)
    connector = connect(CONNECTOR, postgres_url)
    rows, notes = read(connector, find(connector, "awkward"), FULL)
    assert [list(row) for row in rows] == [names] * (len(AWKWARD) + 1)
    for name in names:
        assert [row[name] for row in rows] == [*(text[:65_536] for text in AWKWARD), None]
    assert any(f"were read in windows: {columns}" in note.reason for note in notes)


def test_a_table_without_columns_has_its_rows(postgres_url):
    run(engine_url(postgres_url), "CREATE TABLE bare()", *["INSERT INTO bare DEFAULT VALUES"] * 2)
    connector = connect(CONNECTOR, postgres_url)
    (shard,) = connector.shards(find(connector, "bare"), FULL)
    (batch,) = connector.read(shard)
    assert batch.table.num_rows == 2
    assert batch.columns == ()


def test_pages_are_paced_by_rows_and_bytes():
    pace = Pace(50_000, 8 << 20)
    wide = pa.RecordBatch.from_arrays([pa.array(["x" * 100_000] * 100)], names=["0"])
    assert pace.after(pa.RecordBatch.from_arrays([pa.array(["x"] * 250)], names=["0"])) == 1000
    assert pace.after(wide) < 100
    assert Pace(10).after([("x",)]) == 10
    pace = Pace(50_000, 8 << 20, rows=20_000)
    small = pa.RecordBatch.from_arrays([pa.array(["x"] * 10_000)], names=["0"])
    assert pace.after(small, seconds=0.01) == 50_000
    # No leap to four times a page that took nearly as long as one may.
    assert pace.after(small, seconds=0.2) == 12_500
    assert pace.after(small, seconds=5) == 500
