"""Corpora of bad inputs: every file ends read, failed, empty or skipped, with a reason and in time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from pii_scan.core.model import Plan

from .bad_inputs import CORPORA, SLOWEST, may_be_empty, unpack
from .scanning import FULL, Result, make, read, scan_one


@pytest.mark.parametrize("kind", ["files", "logs"])
@pytest.mark.parametrize("corpus", CORPORA)
def test_every_file_ends_in_time_and_with_a_reason(corpus: str, kind: str, tmp_path: Path) -> None:
    root = unpack(corpus, tmp_path)
    connector = make(root, kind)
    datasets = list(connector.datasets())
    on_disk = {path.relative_to(root).parts for path in root.rglob("*") if path.is_file()}
    listed = {dataset.path[:end] for dataset in datasets for end in range(1, len(dataset.path) + 1)}
    assert on_disk <= listed
    plan = FULL if kind == "files" else Plan(rows=20)
    for dataset in datasets:
        if dataset.skip:
            continue
        start = time.monotonic()
        result = read(connector, dataset, plan)
        assert time.monotonic() - start < SLOWEST
        assert all(note.reason for note in result.notes if note.lost)
        assert result.error or result.rows or may_be_empty(root, dataset.path)
    connector.close()


SPECTRUM = [
    "comma_in_quotes",
    "empty",
    "empty_crlf",
    "escaped_quotes",
    "json",
    "newlines",
    "newlines_crlf",
    "quotes_and_newlines",
    "simple",
    "simple_crlf",
    "utf8",
    "location_coordinates",
]


@pytest.fixture(scope="module")
def spectrum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack("csv-spectrum", tmp_path_factory.mktemp("spectrum"))


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum(name: str, spectrum: Path) -> None:
    result = scan_one(spectrum / "csvs" / f"{name}.csv")
    expected = json.loads((spectrum / "json" / f"{name}.json").read_text(encoding="utf-8", errors="replace"))
    expected = expected if isinstance(expected, list) else [expected]
    columns = list(expected[0])
    rows = [{column: row.get((column,), "") for column in columns} for row in result.rows]
    if name == "location_coordinates":  # its two files differ in the telephone number
        for row in (*rows, *expected):
            row.pop("Contact Phone Number")
    assert rows == expected
    assert {path for row in result.rows for path in row} <= {(column,) for column in columns}
    assert (result.notes, result.error) == ([], "")


def _json(tmp_path: Path, start: str) -> list[tuple[Path, Result]]:
    root = unpack("json-test-suite", tmp_path)
    files = sorted(root.rglob(f"{start}_*.json"))
    return [(file, scan_one(file)) for file in files]


def test_json_that_must_parse_parses(tmp_path: Path) -> None:
    found = _json(tmp_path, "y")
    assert len(found) > 90
    for file, result in found:
        assert (result.error, result.lost) == ("", 0), file.name
        value = json.loads(file.read_bytes())
        if file.name == "y_object_long_strings.json":  # an object around one list gives the list's records
            value = [*value.pop("x"), value]
        if not isinstance(value, (list, dict)) or (value and isinstance(value, dict)):
            assert [json.loads(cell) for cell in result.cells] == [value], file.name
        else:
            assert [json.loads(cell) for cell in result.cells] == (value or ([] if value == [] else [{}])), (
                file.name
            )


def test_json_that_must_not_parse_is_told(tmp_path: Path) -> None:
    found = _json(tmp_path, "n")
    assert len(found) > 180
    silent = {file.name for file, result in found if result.rows and not (result.lost or result.error)}
    # Python's decoder takes three words for numbers, and values one behind another are records.
    assert silent == {
        "n_number_NaN.json",
        "n_number_infinity.json",
        "n_number_minus_infinity.json",
        "n_structure_object_with_trailing_garbage.json",
    }
    empty = {file.name for file, result in found if not (result.rows or result.lost or result.error)}
    assert empty == {
        "n_single_space.json",
        "n_structure_UTF8_BOM_no_data.json",
        "n_structure_double_array.json",
        "n_structure_no_data.json",
    }


def test_naughty_strings_come_through_unchanged(tmp_path: Path) -> None:
    root = unpack("naughty-strings", tmp_path)
    (source,) = root.rglob("blns.json")
    strings = json.loads(source.read_text(encoding="utf-8"))
    assert [json.loads(cell) for cell in scan_one(source).cells] == strings
