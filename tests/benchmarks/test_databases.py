"""What a scan says of whole databases: sample ones, the demo company, and schemas of our own.

The bars are those of `docs/benchmarks-databases.md`; they are not lowered to what is reached.
"""

from __future__ import annotations

import gzip
import subprocess
import tarfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from benchmarks.accuracy import database, score
from benchmarks.accuracy.database import Result
from benchmarks.accuracy.labels import read
from benchmarks.accuracy.scanning import scanned
from benchmarks.accuracy.things import called_persons
from benchmarks.schemas import build, resources
from pii_scan.data.load import taxonomy
from pii_scan.demo.build import build as build_demo
from pii_scan.run import log
from tests.shared_data import shared

LABELS = Path(__file__).resolve().parents[2] / "benchmarks" / "labels"
F1, EXACT, MOST = 0.95, 0.90, 240
SCHEDULING = ("calendar_booking", "easy_appointments", "polls", "encrypted_appointments")
OTHERS = tuple(name for name in resources.names() if name not in SCHEDULING)
Measure = Callable[[str], Result]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measure:
    """The result for a database by its name; all are SQLite files, built at once and read in one scan."""
    folder = tmp_path_factory.mktemp("databases")
    placed = {name: _own(name, folder) for name in resources.names()}
    placed["demo"] = _demo(folder / "demo")
    log.configure()
    inventory, masker = scanned(*(url for url, _ in placed.values()), full=True)

    @cache
    def measure(name: str) -> Result:
        url, labels = placed[name]
        store = f"sqlite://{Path(url).stem}"
        return database.compare(inventory, masker, read(labels, taxonomy()), store)

    return measure


@pytest.fixture(scope="module")
def chinook(tmp_path_factory: pytest.TempPathFactory) -> Result:
    path = tmp_path_factory.mktemp("chinook") / "chinook.sqlite"
    path.write_bytes(gzip.decompress(shared("databases", "chinook.sqlite.gz").read_bytes()))
    return database.measure(str(path), LABELS / "chinook.csv", full=True)


def _demo(folder: Path) -> tuple[str, Path]:
    build_demo(folder, 0)
    return str(folder / "app.db"), LABELS / "demo.csv"


def _own(name: str, folder: Path, url: str = "") -> tuple[str, Path]:
    target, labels = url or str(folder / f"{name}.db"), folder / f"{name}.csv"
    build.build(name, target, 0, MOST)
    build.write_labels(name, labels)
    return target, labels


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


@pytest.mark.parametrize("name", ["demo", *SCHEDULING])
def test_columns_are_told_apart(name: str, measured: Measure) -> None:
    check(measured(name))


@pytest.mark.parametrize("name", ["demo", *SCHEDULING, *OTHERS])
def test_nothing_else_is_called_a_person(name: str, measured: Measure) -> None:
    assert persons(measured(name)) == {}


@pytest.mark.parametrize("name", ["demo", *SCHEDULING, *OTHERS])
def test_every_column_has_its_label_and_every_label_its_column(name: str, measured: Measure) -> None:
    whole(measured(name))


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
    result = database.measure(postgres_url, LABELS / "sakila.csv", full=True)
    whole(result)
    assert persons(result) == {}
    check(result)


@pytest.mark.parametrize(
    ("fixture", "name"), [("postgres_url", "polls"), ("mariadb_url", "easy_appointments")]
)
def test_servers(
    fixture: str, name: str, request: pytest.FixtureRequest, measured: Measure, tmp_path: Path
) -> None:
    """A server's types are finer than SQLite's; what is told must not be less right for that."""
    result = database.measure(*_own(name, tmp_path, request.getfixturevalue(fixture)), full=True)
    whole(result)
    assert persons(result) == {}
    assert _told(result) == _told(measured(name))
    check(result)


def _told(result: Result) -> dict[tuple[str, str], str]:
    return {(case.table, case.column): case.told for case in result.cases if case.told}


@pytest.mark.parametrize("name", [*SCHEDULING, *OTHERS])
def test_the_same_seed_gives_the_same_columns(name: str, tmp_path: Path) -> None:
    for number, seed in enumerate((1, 1, 2)):
        build.write_columns(name, tmp_path / f"{number}.json", seed, 12)
    first, second, third = ((tmp_path / f"{number}.json").read_bytes() for number in range(3))
    assert first == second
    assert first != third
