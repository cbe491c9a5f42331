"""Rotated logs: one dataset of many files, each byte of it once."""

from __future__ import annotations

import gzip
import os
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.file_store import FileStore
from connectors.log_names import log_of
from pii_scan.core.cursor import Cursor
from pii_scan.core.errors import SourceError
from pii_scan.core.keyed import Key
from pii_scan.core.model import Batch, Dataset, Note, Plan, Shard
from pii_scan.core.ports import CanContinue

from .scanning import FULL, make, scan

KEY = Key(bytes(range(32)))


def lines(start: int, stop: int) -> str:
    return "".join(f"2026-01-02 03:04:05 INFO visit n{n}n of the shop\n" for n in range(start, stop))


def numbers(cells: list[str]) -> Counter[int]:
    return Counter(int(cell.split("n", 1)[1].split("n")[0]) for cell in cells if " n" in cell)


def read(store: FileStore, shard: Shard) -> list[str]:
    found: list[str] = []
    for item in store.read(shard):
        if isinstance(item, Batch):
            index = item.columns.index(("message",))
            found += [cell for cell in item.table.column(index).to_pylist() if cell]
    return [f" {cell.removeprefix('visit')}" for cell in found]


@pytest.mark.parametrize(
    ("name", "log"),
    [
        ("app.log", "app.log"),
        ("app.log.1", "app.log"),
        ("app.log.2.gz", "app.log"),
        ("app.log-20260101.zst", "app.log"),
        ("app.log.2026-01-31", "app.log"),
        ("app-2026-01-31.log", "app.log"),
        ("app.2026-01-31.1.log", "app.1.log"),
        ("access_log_2026-01-31-17.gz", "access_log"),
        ("2026-01-31.log", "YYYY-MM-DD.log"),
        ("laravel-2026-01-31.log", "laravel.log"),
        ("error_log-1767323045", "error_log"),
        ("syslog", "syslog"),
        ("web1.log", "web1.log"),
        ("1.log", "1.log"),
        ("messages.1", "messages"),
        ("app.log-20260101T0304", "app.log"),
        ("report-4", "report-4"),
        ("aacad20120131ded-15", "aacad20120131ded-15"),
    ],
)
def test_names(name: str, log: str) -> None:
    assert log_of(name) == log
    assert log_of(log) == log


def test_a_rotation_is_one_dataset(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(lines(50, 60))
    (tmp_path / "app.log.1").write_text(lines(30, 50))
    (tmp_path / "app.log.2.gz").write_bytes(gzip.compress(lines(10, 30).encode()))
    (tmp_path / "app-2025-12-31.log").write_text(lines(0, 10))
    (tmp_path / "other.log").write_text(lines(0, 1))
    with pa.CompressedOutputStream(str(tmp_path / "app.log-20260101.zst"), "zstd") as file:
        file.write(lines(60, 70).encode())
    found = scan(tmp_path, "logs")
    assert {path: len(result.rows) for path, result in found.items()} == {("app.log",): 70, ("other.log",): 1}


def test_a_sample_is_shared_out(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(lines(0, 300))
    (tmp_path / "app.log.1").write_text(lines(300, 1_000))
    (result,) = scan(tmp_path, "logs", Plan(rows=100)).values()
    assert len(result.rows) == 100
    assert [note.total for note in result.notes if note.sampled] == [300, 700]


def test_a_set_with_more_files_than_rows(tmp_path: Path) -> None:
    for n in range(1, 9):
        (tmp_path / f"app.log.{n}").write_text(lines(n * 10, n * 10 + 10))
    (result,) = scan(tmp_path, "logs", Plan(rows=3)).values()
    assert len(result.rows) == 3
    assert all(note.sampled for note in result.notes)


def test_copies_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(lines(0, 500))
    (tmp_path / "app.log.1").write_text(lines(0, 200)[:-7])  # copytruncate, half way
    (tmp_path / "app.log.2").write_text(lines(500, 900))
    whole = gzip.compress(lines(500, 900).encode())
    (tmp_path / "app.log.2.gz").write_bytes(whole[:-40])  # gzip, nearly done
    (result,) = scan(tmp_path, "logs").values()
    assert len(result.rows) == 900
    assert result.error == ""


def test_an_unfinished_compressed_copy_is_no_dataset(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(lines(0, 5))
    (tmp_path / "app.log.gz").write_bytes(gzip.compress(b"")[:10])
    (result,) = scan(tmp_path, "logs").values()
    assert (len(result.rows), result.error) == (5, "")


def test_an_empty_new_file_belongs_to_its_log(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text("")
    (tmp_path / "app.log.1").write_text(lines(0, 5))
    (tmp_path / "idle.log").write_text("")
    found = scan(tmp_path, "logs")
    assert {path[0]: len(result.rows) for path, result in found.items()} == {"app.log": 5, "idle.log": 0}


def test_large_files_are_divided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.file_store.SHARD_BYTES", 1_000)
    (tmp_path / "app.log").write_text(lines(0, 100))
    (tmp_path / "app.log.1").write_text(lines(100, 110))
    with closing(make(tmp_path, "logs")) as store:
        (dataset,) = store.datasets()
        shards = store.shards(dataset, FULL)
        assert len(shards) > 4
        assert [shard.index for shard in shards] == list(range(len(shards)))
        seen = numbers([cell for shard in shards for cell in read(store, shard)])
    assert seen == Counter(range(110))


def _dataset(store: FileStore) -> Dataset:
    (dataset,) = [found for found in store.datasets() if not found.skip]
    return dataset


def _token(store: FileStore) -> str:
    """The cursor of a whole reading, as it is stored."""
    assert isinstance(store, CanContinue)
    return str(store.since(_dataset(store), FULL, Cursor(), KEY).cursor)


def _since(store: FileStore, token: str, *, stands: bool = True) -> Counter[int]:
    found = store.since(_dataset(store), FULL, Cursor.parse(token), KEY)
    assert found.stands == stands
    return numbers([cell for shard in found.shards for cell in read(store, shard)])


def test_only_what_was_appended_is_read_again(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text(lines(0, 20))
    (tmp_path / "app.log.1.gz").write_bytes(gzip.compress(lines(900, 950).encode()))
    with closing(make(tmp_path, "logs")) as store:
        token = _token(store)
        assert "visit" not in token
        log.write_text(lines(0, 30))
        assert _since(store, token) == Counter(range(20, 30))


def test_nothing_is_read_where_nothing_changed(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(lines(0, 20))
    with closing(make(tmp_path, "logs")) as store:
        token = _token(store)
        assert _since(store, token) == Counter()


@pytest.mark.parametrize("way", ["rename", "copytruncate", "gz"])
def test_a_rotation_between_two_scans(tmp_path: Path, way: str) -> None:
    log, old = tmp_path / "app.log", tmp_path / "app.log.1"
    log.write_text(lines(0, 20))
    with closing(make(tmp_path, "logs")) as store:
        token = _token(store)
        with log.open("a") as file:
            file.write(lines(20, 25))
        rotate(log, old, way)
        with log.open("a") as file:
            file.write(lines(25, 30))
        assert _since(store, token) == Counter(range(20, 30))


def test_a_cursor_needs_its_key(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(lines(0, 20))
    with closing(make(tmp_path, "logs")) as store:
        token = _token(store)
        (shard,) = store.shards(_dataset(store), FULL)
        assert shard.part.split(":")[3] not in token
        found = store.since(_dataset(store), FULL, Cursor.parse(token), Key(bytes(32)))
        assert ([shard.start for shard in found.shards], found.stands) == ([0], False)


@pytest.mark.parametrize("text", ["", "0", "1;x", "2;;1:2:3", "1;1:2:3:4:5:6", "2;;a:b:c:d:e:f"])
def test_what_is_no_cursor_means_all(text: str) -> None:
    assert Cursor.parse(text) == Cursor()


def test_a_truncated_log_is_read_from_its_start(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text(lines(0, 20))
    with closing(make(tmp_path, "logs")) as store:
        token = _token(store)
        log.write_text(lines(100, 130))
        assert _since(store, token, stands=False) == Counter(range(100, 130))


def halved(log: Path) -> None:
    log.write_text(lines(0, 10))


def edited(log: Path) -> None:
    log.write_text(log.read_text().replace("n700n", "n701n") + lines(1_000, 1_010))


def lost(log: Path) -> None:
    log.with_name("app.log.1").unlink()


def emptied(log: Path) -> None:
    os.truncate(log.with_name("app.log.1"), 0)


@pytest.mark.parametrize("change", [halved, edited, lost, emptied])
def test_where_something_is_gone_all_is_read_anew(tmp_path: Path, change: Callable[[Path], None]) -> None:
    log = tmp_path / "app.log"
    log.write_text(lines(0, 1_000))
    log.with_name("app.log.1").write_text(lines(2_000, 2_010))
    with closing(make(tmp_path, "logs")) as store:
        token = _token(store)
        change(log)
        fresh = store.shards(_dataset(store), FULL)
        whole = numbers([cell for shard in fresh for cell in read(store, shard)])
        assert _since(store, token, stands=False) == whole


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (lines(0, 20) + "2026-01-02 03:04:05 INFO vis", "it n20n of the shop\n"),
        (lines(0, 20) + "Traceback (most recent call last):\n", '  File "a.py", line 3, in f\n'),
    ],
    ids=["half a line", "half a record"],
)
def test_what_was_still_being_written_does_not_count_twice(tmp_path: Path, first: str, then: str) -> None:
    log = tmp_path / "app.log"
    log.write_text(first)
    with closing(make(tmp_path, "logs")) as store:
        token = _token(store)
        with log.open("a") as file:
            file.write(then)
        _since(store, token, stands=False)


def test_other_templates_are_other_fields(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text(lines(0, 20))
    with closing(make(tmp_path, "logs")) as store:
        token = _token(store)
    with log.open("a") as file:
        file.write("".join(f"2026-01-02 03:04:06 INFO mail sent to a{n}@example.org\n" for n in range(30)))
    with closing(make(tmp_path, "logs")) as store:
        _since(store, token, stands=False)


def rotate(log: Path, old: Path, way: str) -> None:
    if way == "copytruncate":
        old.write_bytes(log.read_bytes())
        os.truncate(log, 0)
        return
    log.rename(old)
    if way == "gz":
        old.with_name(f"{old.name}.gz").write_bytes(gzip.compress(old.read_bytes()))
        old.unlink()


@pytest.mark.parametrize("way", ["rename", "copytruncate", "gz"])
@pytest.mark.parametrize("listed", ["datasets", "shards", "reading"])
def test_a_rotation_during_a_scan(tmp_path: Path, way: str, listed: str) -> None:
    log, old = tmp_path / "app.log", tmp_path / "app.log.1"
    log.write_text(lines(0, 60_000))
    with closing(make(tmp_path, "logs")) as store, closing(make(tmp_path, "logs")) as worker:
        dataset = _dataset(store)
        if listed == "datasets":
            rotate(log, old, way)
            log.write_text(lines(60_000, 60_010))
        shards = store.shards(dataset, FULL)
        if listed == "shards":
            rotate(log, old, way)
            log.write_text(lines(60_000, 60_010))
        cells: list[str] = []
        for shard in shards:
            for item in worker.read(shard):
                if isinstance(item, Note):
                    assert not item.lost
                    continue
                if listed == "reading" and not cells:
                    rotate(log, old, way)
                    with log.open("a") as file:
                        file.write(lines(60_000, 130_000))
                index = item.columns.index(("message",))
                cells += [f" {c.removeprefix('visit')}" for c in item.table.column(index).to_pylist() if c]
    assert numbers(cells) == Counter(range(60_010 if listed == "datasets" else 60_000))


@pytest.mark.parametrize("way", ["rename", "copytruncate", "gz"])
def test_a_rotation_between_the_shards_of_a_large_log(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.file_store.SHARD_BYTES", 1_000)
    log, old = tmp_path / "app.log", tmp_path / "app.log.1"
    log.write_text(lines(0, 200))
    with closing(make(tmp_path, "logs")) as store:
        first, *others = store.shards(_dataset(store), FULL)
        cells = read(store, first)
        rotate(log, old, way)
        log.write_text(lines(200, 300))
        cells += [cell for shard in others for cell in read(store, shard)]
    assert numbers(cells) == Counter(range(200))


def test_a_log_that_is_gone_says_so(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text(lines(0, 100))
    with closing(make(tmp_path, "logs")) as store:
        dataset = _dataset(store)
        log.unlink()
        with pytest.raises(SourceError, match="gone or empty"):
            store.shards(dataset, FULL)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read all")
def test_a_part_that_may_not_be_read_is_listed_alone(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(lines(0, 10))
    (tmp_path / "app.log.1").write_text(lines(10, 20))
    (tmp_path / "app.log.1").chmod(0)
    found = scan(tmp_path, "logs")
    assert len(found["app.log",].rows) == 10
    assert "denied" in found["app.log.1",].error


def test_a_truncated_log_without_a_copy_says_so(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text(lines(0, 100))
    with closing(make(tmp_path, "logs")) as store:
        (shard,) = store.shards(_dataset(store), FULL)
        os.truncate(log, 0)
        with pytest.raises(SourceError, match="removed while it was scanned"):
            list(store.read(shard))
