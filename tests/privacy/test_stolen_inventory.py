"""Without the key a stolen inventory tells nobody who is in it; with it, the same attack finds everybody."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from benchmarks.lineage import attack
from pii_scan.core.keyed import KEY_BYTES, Key
from pii_scan.run.context import context
from pii_scan.run.progress import progress
from pii_scan.run.scan import ScanOptions, scan
from pii_scan.run.sources import chosen

_CONFIG = """version: 1
key: ${file:key}
inventory: inventory.db
scan: {mode: full, as_of: 2026-01-10}
sources:
  - {name: app, url: "sqlite:///app.db"}
"""


def people(seed: int, count: int = 120) -> list[str]:
    draw = Random(seed)
    return [f"user{draw.randrange(10**9)}@mail.example" for _ in range(count)]


MEMBERS, OTHERS = people(1), people(2)


def inventory(folder: Path, key: Key) -> Path:
    """The file that a scan of the members leaves."""
    with closing(sqlite3.connect(folder / "app.db")) as base, base:
        base.execute("CREATE TABLE users (email TEXT)")
        base.executemany("INSERT INTO users VALUES (?)", [(text,) for text in MEMBERS])
    (folder / "key").write_text(key.secret.hex() + "\n")
    (folder / "key").chmod(0o600)
    (folder / "pii-scan.yaml").write_text(_CONFIG)
    with context(folder / "pii-scan.yaml") as opened, progress(False) as shown:
        scan(opened, chosen(opened.loaded, ()), ScanOptions(presidio=False, texts=False), shown)
    return folder / "inventory.db"


def test_without_the_key_nobody_is_found(tmp_path: Path) -> None:
    sketches = attack.stolen(inventory(tmp_path, Key.new()))
    assert len(sketches) >= len(MEMBERS)
    assert attack.met(sketches, [*MEMBERS, *OTHERS]) == set()


@pytest.mark.parametrize("key", [Key(bytes(KEY_BYTES))], ids=["zeros"])
def test_under_a_known_key_the_same_attack_finds_everybody(tmp_path: Path, key: Key) -> None:
    sketches = attack.stolen(inventory(tmp_path, key))
    assert attack.met(sketches, [*MEMBERS, *OTHERS]) == set(MEMBERS)


def test_the_bytes_of_the_file_hold_neither_members_nor_the_key(tmp_path: Path) -> None:
    key = Key.new()
    raw = inventory(tmp_path, key).read_bytes()
    assert key.secret not in raw
    assert key.secret.hex().encode() not in raw
    assert not any(text.encode() in raw for text in MEMBERS)
