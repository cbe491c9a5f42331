"""The inventory under fire: killed, cut off, on a full or broken disk, used by several at once."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from pii_scan.core import failpoint
from pii_scan.core.errors import StoreError
from pii_scan.core.inventory import Inventory
from pii_scan.store.repo import Repository
from tests.unit.store import samples
from tests.unit.store.samples import KEY_ID, ODD, SHOP, TAXONOMY, USERS

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from pii_scan.store.repo import Repository
from tests.unit.store import samples
target, number, shards = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
repository = Repository.open(target, samples.KEY_ID)
run = repository.unfinished() if number == 0 else samples.run(number)
repository.start(run, (samples.SHOP,))
for dataset in (samples.USERS, samples.ODD):
    done = repository.done(run.id).get(dataset.urn, {})
    for shard in range(shards):
        if shard not in done:
            samples.commit(repository, run.id, dataset, shard, shards)
            print(dataset.urn, shard, flush=True)
repository.finish(run.id, "complete", "later")
repository.close()
"""


def start(target: str, number: int, shards: int = 3, failing: str = "") -> subprocess.Popen[str]:
    """A process that writes a run; number 0 resumes the unfinished one."""
    command = [sys.executable, "-c", WRITER, target, str(number), str(shards)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PII_SCAN_FAILPOINT": failing}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment)


def integrity(path: Path) -> str:
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        return str(connection.scalar(sa.text("PRAGMA integrity_check")))


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> Inventory:
    """The same run, undisturbed."""
    path = str(tmp_path_factory.mktemp("undisturbed") / "inventory.db")
    assert start(path, 1).wait(60) == 0
    repository = Repository.open(path, KEY_ID)
    loaded = repository.load("run1", TAXONOMY)
    repository.close()
    return loaded


@pytest.fixture
def faulty(monkeypatch):
    """Sets a fail point of this process."""

    def set_point(text: str) -> None:
        monkeypatch.setattr(failpoint, "_passed", Counter())
        monkeypatch.setenv("PII_SCAN_FAILPOINT", text)

    return set_point


@pytest.mark.parametrize("point", ["begin", "before", "after"])
@pytest.mark.parametrize("passage", [1, 4, 6])
def test_killed_at_a_commit_and_resumed(target, expected, point, passage):
    process = start(target, 1, failing=f"commit.{point}:{passage}:kill")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert len(output.splitlines()) == passage - 1
    repository = Repository.open(target, KEY_ID)
    committed = sum(len(shards) for shards in repository.done("run1").values())
    assert committed == passage - (point != "after")
    repository.close()
    resumed = start(target, 0)
    output, errors = resumed.communicate(timeout=60)
    assert (resumed.returncode, errors) == (0, "")
    assert len(output.splitlines()) == 6 - committed
    repository = Repository.open(target, KEY_ID)
    assert repository.load("run1", TAXONOMY) == expected
    assert len(repository.runs()) == 1
    repository.close()


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("enospc", "the inventory can't be written: its disk is full (OSError ENOSPC); free some space; "),
        (
            "eio",
            "the inventory can't be read or written: its disk reports an error (OSError EIO); "
            "check the disk; ",
        ),
    ],
)
@pytest.mark.parametrize("point", ["begin", "before"])
def test_a_broken_disk_stops_with_clear_words(repository, faulty, action, message, point):
    repository.start(samples.run(), (SHOP,))
    samples.commit(repository, "run1", USERS, 0)
    before = repository.load("run1", TAXONOMY)
    faulty(f"commit.{point}:1:{action}")
    with pytest.raises(StoreError) as caught:
        samples.commit(repository, "run1", USERS, 1)
    resume = "what was committed is kept: go on with pii-scan scan --resume"
    assert str(caught.value) == message + resume
    assert repository.load("run1", TAXONOMY) == before
    samples.commit(repository, "run1", USERS, 1)
    assert set(repository.done("run1")[USERS.urn]) == {0, 1}


@pytest.mark.parametrize("point", ["begin", "before", "after"])
def test_a_dropped_connection_is_tried_again(repository, faulty, point):
    repository.start(samples.run(), (SHOP,))
    faulty(f"commit.{point}:1:drop")
    samples.commit(repository, "run1", USERS, 0)
    assert set(repository.done("run1")[USERS.urn]) == {0}
    assert repository.profiles("run1", USERS.urn) == samples.profiles(0)


def full_disk(target: str, limit: int) -> tuple[int, str]:
    """A writer whose files may not grow over `limit` bytes, its exit code and what it said."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, target, "1", "6"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    output, errors = process.communicate(timeout=60)
    assert errors.count("StoreError") == (process.returncode != 0)
    assert "canary" not in errors
    return len(output.splitlines()), errors


@pytest.mark.parametrize("kilobytes", [200, 260, 330, 400, 480, 560])
def test_files_that_may_not_grow(tmp_path, kilobytes, six_shards):
    path = tmp_path / "inventory.db"
    Repository.open(path, KEY_ID).close()
    committed, errors = full_disk(str(path), kilobytes << 10)
    assert "the inventory can't be" in errors
    assert "go on with pii-scan scan --resume" in errors
    assert integrity(path) == "ok"
    repository = Repository.open(path, KEY_ID)
    assert sum(len(shards) for shards in repository.done("run1").values()) == committed
    repository.close()
    resumed = start(str(path), 0, 6)
    assert resumed.communicate(timeout=60)[1] == ""
    assert _load(path) == six_shards


@pytest.fixture(scope="module")
def six_shards(tmp_path_factory) -> Inventory:
    path = tmp_path_factory.mktemp("six") / "inventory.db"
    assert start(str(path), 1, 6).wait(60) == 0
    return _load(path)


def _load(path: Path) -> Inventory:
    repository = Repository.open(path, KEY_ID)
    try:
        return repository.load("run1", TAXONOMY)
    finally:
        repository.close()


def test_a_read_only_inventory(tmp_path):
    repository = Repository.open(tmp_path / "inventory.db", KEY_ID)
    repository.start(samples.run(), (SHOP,))
    sa.event.listen(repository.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA query_only=ON"))
    with pytest.raises(StoreError) as caught:
        samples.commit(repository, "run1", USERS, 0)
    assert str(caught.value).startswith(
        "the inventory can't be written: it is read-only here (OperationalError SQLITE_READONLY); "
    )
    assert repository.done("run1") == {}
    repository.close()


def test_a_read_only_server(postgres_url):
    repository = Repository.open(postgres_url, KEY_ID)
    repository.start(samples.run(), (SHOP,))
    with repository.engine.connect() as connection:
        name = sa.make_url(postgres_url).database
        connection.execute(sa.text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        connection.commit()
    repository.engine.dispose()
    with pytest.raises(StoreError, match=r"it is read-only here \(ReadOnlySqlTransaction 25006\)"):
        samples.commit(repository, "run1", USERS, 0)
    repository.close()


@pytest.mark.parametrize("content", [b"no database at all " * 99, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_something_else(tmp_path, content):
    path = tmp_path / "inventory.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="the inventory's file is damaged or is something else"):
        Repository.open(path, KEY_ID)
    assert path.read_bytes() == content


def test_a_damaged_inventory(tmp_path):
    path = tmp_path / "inventory.db"
    repository = Repository.open(path, KEY_ID)
    repository.start(samples.run(), (SHOP,))
    samples.whole(repository, "run1")
    repository.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        Repository.open(path, KEY_ID)


def test_sessions_that_the_server_ends(postgres_url):
    repository = Repository.open(postgres_url, KEY_ID)
    repository.start(samples.run(), (SHOP,))
    killer = sa.create_engine(sa.make_url(postgres_url).set(drivername="postgresql+psycopg"))
    others = sa.text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    ended = 0
    for shard in range(6):
        with killer.connect() as connection:
            ended += len(connection.execute(others).all())
        samples.commit(repository, "run1", USERS, shard, 6)
    assert ended >= 6
    assert set(repository.done("run1")[USERS.urn]) == set(range(6))
    killer.dispose()
    repository.close()


def test_a_session_that_ends_inside_a_transaction(postgres_url):
    repository = Repository.open(postgres_url, KEY_ID)
    repository.start(samples.run(), (SHOP,))
    attempts: Counter[str] = Counter()

    @sa.event.listens_for(repository.engine, "before_cursor_execute")
    def cut(connection, cursor, statement, *_):
        if "INTO checkpoints" in statement:
            attempts["commit"] += 1
            if attempts["commit"] == 1:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    samples.commit(repository, "run1", USERS, 0)
    assert attempts["commit"] == 2
    assert set(repository.done("run1")[USERS.urn]) == {0}
    repository.close()


@pytest.fixture
def crowd(target) -> Iterator[list[subprocess.Popen[str]]]:
    processes = [start(target, number, 6) for number in (1, 2, 3, 4)]
    yield processes
    for process in processes:
        process.kill()


def test_four_at_once_lose_nothing_and_see_no_lock(target, crowd):
    for process in crowd:
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
    repository = Repository.open(target, KEY_ID)
    loaded = [repository.load(f"run{number}", TAXONOMY) for number in (1, 2, 3, 4)]
    assert {run.state for run in repository.runs()} == {"complete"}
    assert len(repository.runs()) == 4
    assert all(replace(one, run=loaded[0].run) == loaded[0] for one in loaded)
    assert {d.urn for d in loaded[0].datasets} == {USERS.urn, ODD.urn}
    repository.close()


def test_a_lock_that_stays_is_told_in_our_words(tmp_path):
    path = tmp_path / "inventory.db"
    repository = replace(Repository.open(path, KEY_ID), patience=0.5)
    repository.start(samples.run(), (SHOP,))
    sa.event.listen(repository.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA busy_timeout=50"))
    other = sa.create_engine(f"sqlite:///{path}").raw_connection()
    other.driver_connection.isolation_level = None
    other.cursor().execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as caught:
        samples.commit(repository, "run1", USERS, 0)
    assert str(caught.value).startswith(
        "the inventory is in use or out of reach (OperationalError SQLITE_BUSY); wait for the other process"
    )
    assert "locked" not in str(caught.value)
    assert repository.done("run1") == {}
    other.cursor().execute("ROLLBACK")
    samples.commit(repository, "run1", USERS, 0)
    assert set(repository.done("run1")[USERS.urn]) == {0}
    repository.close()
    other.close()
