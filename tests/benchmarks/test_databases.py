"""What a scan says of whole databases: sample ones, the demo company, and schemas of our own.

The bars are those of `docs/benchmarks-databases.md`; they are not lowered to what is reached.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.accuracy import database, schemas, score
from benchmarks.accuracy.database import Result
from benchmarks.accuracy.things import called_persons
from benchmarks.schemas import model, resources, rows
from pii_scan.data.load import taxonomy
from pii_scan.run import log
from tests.shared_data import ROOT, shared

F1, EXACT, MOST = 0.95, 0.90, 200
Results = Mapping[str, Result]
SCHEDULING = ("calendar_booking", "easy_appointments", "polls", "encrypted_appointments")
NAMES = (schemas.DEMO, *resources.names())


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The results of the demo company and of all schemas, as SQLite files read in one scan."""
    log.configure()
    return schemas.measure(NAMES, tmp_path_factory.mktemp("databases"), most=MOST)


@pytest.fixture(scope="module")
def chinook(tmp_path_factory: pytest.TempPathFactory) -> Result:
    path = tmp_path_factory.mktemp("chinook") / "chinook.sqlite"
    path.write_bytes(gzip.decompress(shared("databases", "chinook.sqlite.gz").read_bytes()))
    return database.measure(str(path), schemas.LABELS / "chinook.csv", full=True)


def check(result: Result) -> None:
    """Fails with the wrong columns, so that one sees what is missing."""
    tree = taxonomy()
    figures = score.figures(result.cases, tree)
    wrong = "\n".join(score.line(case) for case in score.wrong(result.cases, tree))
    assert figures["F1"] >= F1, f"F1 {figures['F1']}\n{wrong}"
    assert figures["exact"] >= EXACT, f"exact {figures['exact']}\n{wrong}"


def whole(result: Result) -> None:
    """Everything was read, every column has its label, and every label its column."""
    assert result.unlabelled == ()
    assert result.missing == ()
    assert result.unread == ()


def persons(result: Result) -> dict[str, list[str]]:
    return {kind: found for kind, found in called_persons(result.cases, taxonomy()).items() if found}


@pytest.mark.parametrize("name", [schemas.DEMO, *SCHEDULING])
def test_columns_are_told_apart(name: str, measured: Results) -> None:
    check(measured[name])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_is_called_a_person(name: str, measured: Results) -> None:
    assert persons(measured[name]) == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_column_has_its_label_and_every_label_its_column(name: str, measured: Results) -> None:
    whole(measured[name])


def test_chinook(chinook: Result) -> None:
    whole(chinook)
    assert persons(chinook) == {}
    check(chinook)


def test_sakila(postgres_url: str, tmp_path: Path) -> None:
    with tarfile.open(shared("databases", "sakila-postgresql.tar.gz")) as archive:
        archive.extractall(tmp_path, filter="data")
    for part in ("schema", "insert-data-using-copy"):
        script = tmp_path / "postgres-sakila-db" / f"postgres-sakila-{part}.sql"
        subprocess.run(
            ["psql", "-q", "-d", postgres_url, "-f", str(script)], capture_output=True, check=False
        )
    result = database.measure(postgres_url, schemas.LABELS / "sakila.csv", full=True)
    whole(result)
    assert persons(result) == {}
    check(result)


@pytest.mark.parametrize(
    ("fixture", "name"), [("postgres_url", "polls"), ("mariadb_url", "easy_appointments")]
)
def test_servers(
    fixture: str, name: str, request: pytest.FixtureRequest, measured: Results, tmp_path: Path
) -> None:
    """A server's types are finer than SQLite's; what is told must not be less right for that."""
    result = database.measure(
        *schemas.place(name, tmp_path, request.getfixturevalue(fixture), most=MOST), full=True
    )
    whole(result)
    assert persons(result) == {}
    assert _told(result) == _told(measured[name])
    check(result)


def _told(result: Result) -> dict[tuple[str, str], str]:
    return {(case.table, case.column): case.told for case in result.cases if case.told}


def test_the_same_seed_gives_the_same_rows_in_every_process() -> None:
    """Another seed gives others; sets are in another order in the other process."""
    code = f"from {__name__} import digests; print(*digests(1), sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = digests(1)
    assert done.stdout.split() == here
    assert not set(here) & set(digests(2))


def digests(seed: int) -> list[str]:
    """A digest of the rows of schemas of five languages."""
    names = ("polls", "school_nl_pt", "shop_es_it")
    made = (rows.fill(model.load(name).capped(12), seed) for name in names)
    return [hashlib.sha256(repr(part).encode()).hexdigest() for part in made]
