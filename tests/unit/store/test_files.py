"""The inventory's file and the key's file belong to their owner alone, whatever the umask."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from pii_scan.core.errors import ConfigError, StoreError
from pii_scan.store import files
from pii_scan.store.repo import Repository

from . import samples
from .samples import KEY_ID, SHOP, USERS


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_the_inventory_is_private(tmp_path, umask):
    path = tmp_path / "a" / "b" / "inventory.db"
    repository = Repository.open(path, KEY_ID)
    repository.start(samples.run(), (SHOP,))
    samples.commit(repository, "run1", USERS, 0)
    assert {mode(file) for file in path.parent.iterdir()} == {0o600}
    assert {file.name for file in path.parent.iterdir()} == {
        "inventory.db",
        "inventory.db-wal",
        "inventory.db-shm",
    }
    assert mode(path.parent) == mode(path.parent.parent) == 0o700
    assert repository.notices == ()
    repository.close()
    assert [file.name for file in path.parent.iterdir()] == ["inventory.db"]


def test_files_that_are_open_to_others_are_told(tmp_path):
    folder = tmp_path / "open"
    path = folder / "inventory.db"
    Repository.open(path, KEY_ID).close()
    folder.chmod(0o755)
    path.chmod(0o644)
    repository = Repository.open(path, KEY_ID)
    assert repository.notices == (
        f"the inventory {path} is open to others: chmod 600 {path}",
        f"the inventory's folder {folder} is open to others: chmod 700 it or use another",
    )
    repository.close()


def test_sqlite_survives_a_loss_of_power_and_forgets_what_is_deleted(tmp_path):
    repository = Repository.open(tmp_path / "inventory.db", KEY_ID)
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5000,
    }
    with repository.engine.connect() as connection:
        found = {name: connection.scalar(sa.text(f"PRAGMA {name}")) for name in wanted}
    assert found == wanted
    repository.close()


@pytest.mark.parametrize("prefix", ["", "sqlite:///"])
def test_a_path_may_be_written_as_a_url(tmp_path, prefix):
    path = tmp_path / "inventory.db"
    Repository.open(f"{prefix}{path}", KEY_ID).close()
    assert path.is_file()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "mysql://reader@host/x",
            "an inventory of an unknown kind; name a path, or postgresql://user@host/database",
        ),
        (
            "postgresql://host:port/x",
            "the inventory's URL is malformed; write postgresql://user@host/database",
        ),
        (".", "the inventory's path is a folder; name a file, such as .pii-scan/inventory.db"),
    ],
)
def test_other_targets_are_refused(target, message):
    with pytest.raises(ConfigError) as caught:
        Repository.open(target, KEY_ID)
    assert str(caught.value) == message


def test_a_file_where_a_folder_should_be(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match=r"can't be opened \(NotADirectoryError ENOTDIR\)"):
        Repository.open(tmp_path / "file" / "inventory.db", KEY_ID)


def test_a_new_file_has_its_whole_content_or_does_not_exist(tmp_path):
    path = tmp_path / "key"
    assert files.create(path, b"first") is True
    assert files.create(path, b"second") is False
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_a_lost_race_leaves_the_winner_alone(tmp_path, monkeypatch):
    path = tmp_path / "key"
    path.write_bytes(b"winner")
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert files.create(path, b"loser") is False
    assert path.read_bytes() == b"winner"
    assert list(tmp_path.iterdir()) == [path]
