"""The file connector: what is listed, what is skipped and why, safe opening, changes."""

from __future__ import annotations

import os
import pickle
import socket
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors import files, logs
from connectors.file_store import FileStore
from pii_scan.core.errors import SourceError
from pii_scan.core.model import Note, Plan
from pii_scan.testing.contract import ConnectorContract

from .scanning import FULL, make, read, scan, scan_one, tree_state

PEOPLE = "name,email\n" + "".join(f"Person {i},p{i}@example.org\n" for i in range(40))


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """A folder with a readable file in each of two levels."""
    folder = tmp_path / "drop"
    (folder / "sub").mkdir(parents=True)
    (folder / "people.csv").write_text(PEOPLE)
    (folder / "sub" / "events.jsonl").write_text('{"a": 1}\n{"a": 2}\n')
    return folder


class TestContract(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _folder(self, drop: Path) -> None:
        self.drop = drop
        (drop / "notes.txt").write_text("one\ntwo\n")
        (drop / "cut.json").write_text('[{"a": 1}, {"a": ')
        (drop / "broken.parquet").write_bytes(b"PAR1 secret-canary PAR1")

    @pytest.fixture
    def make(self):
        return lambda: make(self.drop)

    def source_state(self) -> object:
        return tree_state(self.drop)

    def canaries(self):
        return ("p7@example.org", "secret-canary")


def test_lists_paths_sorted_and_relative(drop: Path) -> None:
    found = scan(drop)
    assert list(found) == [("people.csv",), ("sub", "events.jsonl")]
    assert all(result.dataset.kind == "file" for result in found.values())
    assert found[("people.csv",)].dataset.urn == "files://drop/people.csv"


def test_header_tells_the_fields_before_reading(drop: Path) -> None:
    (drop / "only.csv").write_text("email,phone\n")
    result = scan(drop)[("only.csv",)]
    assert [f.path for f in result.dataset.fields] == [("email",), ("phone",)]
    assert (result.rows, result.notes, result.error) == ([], [], "")


def test_a_single_file_and_a_glob(drop: Path) -> None:
    assert list(scan(drop / "people.csv")) == [("people.csv",)]
    assert list(scan(f"{drop}/**/*.jsonl")) == [("sub", "events.jsonl")]
    assert list(scan(f"{drop}/*")) == [("people.csv",), ("sub", "events.jsonl")]


def test_missing_path_is_a_source_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        list(make(tmp_path / "none").datasets())


def test_include_and_exclude(drop: Path) -> None:
    found = scan(drop, include=("*.csv",), exclude=("SUB/*",))
    assert not found[("people.csv",)].dataset.skip
    skipped = found[("sub", "events.jsonl")].dataset
    assert (skipped.skip, skipped.planned) == ("excluded by the configuration", True)
    folder = scan(drop, exclude=("sub",))[("sub",)].dataset
    assert folder.planned


def test_config_is_strict() -> None:
    with pytest.raises(ValidationError):
        files.CONNECTOR.config.model_validate({"path": ".", "name": "x", "pathh": "y"})


def test_matches_and_names(drop: Path) -> None:
    assert files.CONNECTOR.matches(str(drop)) == 5
    assert files.CONNECTOR.matches(f"{drop}/*.csv") == 5
    assert files.CONNECTOR.matches(f"{drop}/*.none") == 0
    assert files.CONNECTOR.matches("postgresql://host/db") == 0
    assert files.CONNECTOR.config_of(f"{drop}/*.csv") == {"path": f"{drop}/*.csv", "name": "drop"}


def test_logs_match_by_name(drop: Path, tmp_path: Path) -> None:
    for name in ("access.log", "app.log.1", "app.log.2.gz", "access_log", "error_log-20260101"):
        (tmp_path / name).write_text("x")
        assert logs.CONNECTOR.matches(str(tmp_path / name)) == 8
    for name in ("blog.txt", "changelog.md", "login.csv", "logs.csv"):
        (tmp_path / name).write_text("x")
        assert logs.CONNECTOR.matches(str(tmp_path / name)) == 0
    assert logs.CONNECTOR.matches(str(drop)) == 0
    (tmp_path / "logs").mkdir()
    assert logs.CONNECTOR.matches(str(tmp_path / "logs")) == 8


def test_rebuilt_elsewhere_it_reads_the_same(drop: Path) -> None:
    here = make(drop)
    config = pickle.loads(
        pickle.dumps(files.CONNECTOR.config.model_validate({"path": str(drop), "name": "drop"}))
    )
    there = files.CONNECTOR.open(config)
    assert isinstance(there, FileStore)
    for dataset in here.datasets():
        shard = pickle.loads(pickle.dumps(here.shards(dataset, FULL)[0]))
        assert [i.table for i in there.read(shard)] == [i.table for i in here.read(shard)]


def test_special_files_are_listed_and_never_opened(drop: Path) -> None:
    os.mkfifo(drop / "pipe.csv")
    (drop / "link.csv").symlink_to(drop / "people.csv")
    (drop / "loop").symlink_to(drop)
    connection = sqlite3.connect(drop / "app.db")
    connection.execute("CREATE TABLE t (a)")
    connection.commit()
    connection.close()
    (drop / "blob.bin").write_bytes(bytes(range(256)) * 20)
    (drop / "void.csv").write_text("")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(drop / "sock"))
        start = time.monotonic()
        found = {path[-1]: result.dataset for path, result in scan(drop).items()}
    assert time.monotonic() - start < 5
    reasons = {name: (dataset.skip, dataset.planned) for name, dataset in found.items() if dataset.skip}
    assert reasons == {
        "pipe.csv": ("a FIFO, not a regular file", False),
        "sock": ("a socket, not a regular file", False),
        "link.csv": ("a link; its target is scanned where it lies", True),
        "loop": ("a link; its target is scanned where it lies", True),
        "app.db": ("a SQLite database: scan it as a source of its own", False),
        "blob.bin": ("unknown format", False),
    }
    assert scan(drop)[("void.csv",)].rows == []


def test_a_link_or_fifo_put_in_place_of_a_file_is_not_followed(drop: Path) -> None:
    connector = make(drop)
    dataset = next(d for d in connector.datasets() if d.name == "people.csv")
    (shard,) = connector.shards(dataset, FULL)
    secret = drop.parent / "secret.csv"
    secret.write_text(PEOPLE)
    (drop / "people.csv").unlink()
    (drop / "people.csv").symlink_to(secret)
    with pytest.raises(SourceError, match="link"):
        list(connector.read(shard))
    (drop / "people.csv").unlink()
    os.mkfifo(drop / "people.csv")
    with pytest.raises(SourceError, match="no regular file"):
        list(connector.read(shard))


@contextmanager
def _nobody() -> Iterator[None]:
    """Root reads everything: for a while be a user who doesn't."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_denied_file_and_folder() -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        (place / "people.csv").write_text(PEOPLE)
        (place / "open.csv").write_text(PEOPLE)
        (place / "sub").mkdir()
        (place / "sub" / "more.csv").write_text(PEOPLE)
        for closed in ("people.csv", "sub"):
            (place / closed).chmod(0)
        with _nobody():
            found = scan(place)
        (place / "sub").chmod(0o700)
    assert "permission to read it is denied" in found[("people.csv",)].error
    assert "permission to read it is denied" in found[("sub",)].dataset.skip
    assert not found[("sub",)].dataset.planned
    assert len(found[("open.csv",)].rows) == 40


def test_devices_and_pipes_named_directly_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "zeros.csv").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "round.csv").symlink_to(tmp_path / "round.csv")
    device, pipe = "a device, not a regular file", "a FIFO, not a regular file"
    reasons = {"/dev/zero": device, tmp_path / "zeros.csv": device, tmp_path / "pipe.csv": pipe}
    for path, reason in reasons.items():
        (result,) = scan(path).values()
        assert (result.dataset.skip, result.dataset.planned) == (reason, False)
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "none.csv")
    for name in ("round.csv", "dangling.csv"):
        with pytest.raises(SourceError, match="leads nowhere"):
            scan(tmp_path / name)


def test_a_link_is_passed_over_only_if_its_target_is_read(drop: Path) -> None:
    outside = drop.parent / "outside"
    outside.mkdir()
    (outside / "more.csv").write_text(PEOPLE)
    links = {
        "folder": outside,
        "file.csv": outside / "more.csv",
        "inside": drop / "sub",
        "up": drop.parent,
        "nowhere.csv": drop / "none",
        "round.csv": drop / "round.csv",
        "zeros.csv": Path("/dev/zero"),
    }
    for name, target in links.items():
        (drop / name).symlink_to(target)
    found = {path[-1]: r.dataset for path, r in scan(drop).items() if r.dataset.skip}
    assert {name: dataset.planned for name, dataset in found.items()} == {
        "folder": False,
        "file.csv": False,
        "inside": True,
        "up": False,
        "nowhere.csv": True,
        "round.csv": True,
        "zeros.csv": False,
    }
    assert "leads out of this source" in found["file.csv"].skip
    # A glob reads only what it matches: the target of this link is not.
    (drop / "events.csv").symlink_to(drop / "sub" / "events.jsonl")
    (drop / "again.csv").symlink_to(drop / "people.csv")
    matched = {path[-1]: r.dataset.planned for path, r in scan(f"{drop}/*.csv").items() if r.dataset.skip}
    assert (matched["events.csv"], matched["again.csv"]) == (False, True)
    assert len(scan_one(drop / "file.csv").rows) == 40


def test_vanished_file(drop: Path) -> None:
    connector = make(drop)
    datasets = list(connector.datasets())
    (drop / "people.csv").unlink()
    assert read(connector, datasets[0]).error.startswith("it is gone")


def test_a_file_changed_while_read_says_so(drop: Path) -> None:
    connector = make(drop)
    dataset = next(iter(connector.datasets()))
    reading = connector.read(connector.shards(dataset, Plan(mode="full", batch_rows=10))[0])
    next(reading)
    with (drop / "people.csv").open("a") as file:
        file.write("Late Person,late@example.org\n")
    rest = list(reading)
    assert rest[-1] == Note(changed=True)
    assert sum(item.table.num_rows for item in rest[:-1]) == 30  # read up to the size at the start


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.csv"
    with open(path, "wb") as file:
        file.write(PEOPLE.encode())
    ((name,),) = scan(tmp_path)
    assert scan(tmp_path)[(name,)].rows
    assert scan(tmp_path)[(name,)].dataset.urn.isascii()


def test_the_number_of_files_is_bounded(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text("x\n")
    found = scan(tmp_path, limits={"files": 4})
    assert len(found) == 5
    assert "more than 4 files" in list(found.values())[-1].dataset.skip


def test_deep_folders_end(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(110):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "a.csv").write_text(PEOPLE)
    (only,) = scan(tmp_path).values()
    assert "folders within each other" in only.dataset.skip


def test_unknown_option_of_a_glob_character_in_a_real_name(tmp_path: Path) -> None:
    path = tmp_path / "a[1].csv"
    path.write_text(PEOPLE)
    assert len(scan_one(path).rows) == 40


def test_a_picture_is_skipped_by_plan_also_in_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("logo.png", b"\x89PNG\r\n\x1a\n" + bytes(64))
        archive.writestr("odd.png", bytes(range(256)) * 4)
    found = {path[-1]: result.dataset for path, result in scan(tmp_path).items()}
    assert (found["logo.png"].skip, found["logo.png"].planned) == ("not text, skipped: an image", True)
    assert (found["odd.png"].skip, found["odd.png"].planned) == ("unknown format", False)
