"""Schemas: made once, equal to the tables of the code, never touched again, never half."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from pii_scan.core import failpoint
from pii_scan.core.errors import ConfigError, StoreError
from pii_scan.store import migrate as module
from pii_scan.store import tables
from pii_scan.store.database import open_engine, writing
from pii_scan.store.migrate import SCRIPTS
from pii_scan.store.repo import Repository

from . import samples
from .samples import KEY_ID, SHOP, TAXONOMY

OPEN = """
import sys
from pii_scan.store.repo import Repository
Repository.open(sys.argv[1], sys.argv[2]).close()
print("alembic" in sys.modules)
"""


def opening(target: str) -> str:
    command = [sys.executable, "-c", OPEN, target, KEY_ID]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def meta(target: str) -> dict[str, str]:
    engine, _ = open_engine(target)
    with engine.connect() as connection:
        found = {row.name: row.value for row in connection.execute(sa.select(tables.META))}
    engine.dispose()
    return found


def set_schema(target: str, value: str) -> None:
    engine, _ = open_engine(target)
    with writing(engine) as connection:
        connection.execute(tables.META.update().where(tables.META.c.name == "schema").values(value=value))
    engine.dispose()


def test_the_scripts_make_the_tables_of_the_code(repository):
    with repository.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.METADATA) == []


def test_the_newest_script_is_the_head():
    assert ScriptDirectory(str(SCRIPTS)).get_heads() == [tables.HEAD]


def test_a_new_inventory_knows_its_schema_and_key(repository, target):
    assert meta(target) == {"schema": tables.HEAD, "key": KEY_ID}


def test_only_an_upgrade_imports_alembic(target):
    assert opening(target) == "True"
    assert opening(target) == "False"


def test_opening_again_changes_nothing(repository, target):
    repository.start(samples.run(), (SHOP,))
    samples.whole(repository, "run1")
    before = repository.load("run1", TAXONOMY)
    set_schema(target, "")
    for _ in range(2):
        Repository.open(target, KEY_ID).close()
    assert meta(target) == {"schema": tables.HEAD, "key": KEY_ID}
    assert repository.load("run1", TAXONOMY) == before


def test_another_key_is_refused(repository, target):
    with pytest.raises(ConfigError) as caught:
        Repository.open(target, "ffffffff")
    assert str(caught.value) == (
        "the inventory was made with another key (0a1b2c3d, this one is ffffffff); "
        "name that key in the configuration, or another inventory"
    )
    assert meta(target)["key"] == KEY_ID


def test_an_inventory_of_a_newer_version_is_refused(repository, target):
    set_schema(target, "9999")
    with pytest.raises(ConfigError) as caught:
        Repository.open(target, KEY_ID)
    assert str(caught.value) == (
        "the inventory was written by a newer pii-scan; upgrade: pip install -U pii-scan"
    )
    assert meta(target)["schema"] == "9999"


@pytest.mark.parametrize("action", ["enospc", "eio"])
def test_a_migration_that_fails_leaves_nothing(target, monkeypatch, action):
    monkeypatch.setattr(failpoint, "_passed", Counter())
    monkeypatch.setenv("PII_SCAN_FAILPOINT", f"migrate.before:1:{action}")
    with pytest.raises(StoreError):
        Repository.open(target, KEY_ID)
    engine, _ = open_engine(target)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()
    Repository.open(target, KEY_ID).close()
    assert meta(target)["schema"] == tables.HEAD


def downgrade(repository, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(module.SCRIPTS))
    with writing(repository.engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_a_migration_can_be_undone(repository):
    downgrade(repository, "base")
    assert sa.inspect(repository.engine).get_table_names() == ["alembic_version"]


def test_an_inventory_of_the_first_schema_is_brought_up_to_date(repository, target):
    repository.start(samples.run(), (SHOP,))
    samples.whole(repository, "run1")
    before = repository.load("run1", TAXONOMY)
    with writing(repository.engine) as connection:
        to_schema(connection, "0001")
    set_schema(target, "0001")
    opened = Repository.open(target, KEY_ID)
    after = opened.load("run1", TAXONOMY)
    assert meta(target)["schema"] == tables.HEAD
    assert {d.protection for d in before.detections} == {"", "encrypted"}
    plain = tuple(replace(d, protection="") for d in before.detections)
    older = replace(before, run=replace(before.run, detector=""), detections=plain)
    assert after == replace(older, settings=(), entries=(), edges=(), mappings=(), rolls=(), tallies=())
    assert opened.acceptances("run1") == {}
    opened.close()


def to_schema(connection: sa.Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.stamp(config, "head")
    command.downgrade(config, revision)
