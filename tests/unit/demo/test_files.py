"""Archives and broken files are what they claim to be."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pii_scan.demo import company, exports, files, logs, rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("files")
    cast = company.found(0)
    exports.write(cast, rows.build(cast), made / "exports")
    logs.write(cast, made / "logs")
    return made


def test_a_locked_archive_opens_with_its_password_and_without_it_does_not() -> None:
    made = files.locked("a.csv", "name\r\nsomebody\r\n", Random(1))
    password = Random(1).randbytes(16)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.getinfo("a.csv").flag_bits & 1
        with pytest.raises(RuntimeError, match="password required"):
            archive.read("a.csv")
        assert archive.read("a.csv", pwd=password) == b"name\r\nsomebody\r\n"


def test_the_cut_rotation_ends_in_the_middle(folder: Path) -> None:
    with pytest.raises(EOFError), gzip.open(folder / "logs" / "worker.log.1.gz") as file:
        file.read()


def test_the_cut_parquet_file_has_no_directory(folder: Path) -> None:
    with pytest.raises(pa.ArrowInvalid):
        pq.read_table(folder / "exports" / "warehouse" / "attendees.parquet")


def test_the_cut_sheet_is_no_archive(folder: Path) -> None:
    assert not zipfile.is_zipfile(folder / "exports" / "finance" / "invoices.xlsx")


def test_every_sixth_line_of_the_ledger_is_broken(folder: Path) -> None:
    lines = (folder / "exports" / "finance" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    broken = [n for n, line in enumerate(lines) if not _is_json(line)]
    assert broken == list(range(5, 120, 6))


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def test_the_audience_repeats_two_headers(folder: Path) -> None:
    with zipfile.ZipFile(folder / "exports" / "mailchimp" / "audience.zip") as archive:
        header = next(csv.reader(io.StringIO(archive.read("unsubscribed.csv").decode())))
    assert header.count("UNSUB_CAMPAIGN_ID") == 2
    assert header.count("UNSUB_REASON") == 2


def test_calendar_lines_are_at_most_75_octets(folder: Path) -> None:
    raw = (folder / "exports" / "google-calendar" / "team.ics").read_bytes()
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    assert "ATTENDEE" in raw.replace(b"\r\n ", b"").decode("utf-8")
