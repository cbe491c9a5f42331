"""Copies between own stores, told by the real scan of two SQLite files and a dump on disk."""

from __future__ import annotations

import csv
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from pii_scan.core.lineage import Link
from pii_scan.run.context import context
from pii_scan.run.progress import progress
from pii_scan.run.scan import ScanOptions, scan
from pii_scan.run.sources import chosen
from pii_scan.run.whole import conclude

_CONFIG = """version: 1
key: ${file:key}
scan: {mode: full, as_of: 2026-01-10}
sources:
  - {name: app, url: "sqlite:///app.db"}
  - {name: crm, url: "sqlite:///crm.db"}
  - {name: disk, path: disk, kind: files}
"""


def people(seed: int, count: int) -> list[tuple[str, str]]:
    draw = Random(seed)
    return [
        (f"user{draw.randrange(10**9)}@mail.example", f"+336{draw.randrange(10**8):08d}")
        for _ in range(count)
    ]


def table(path: Path, name: str, rows: list[tuple[str, str]]) -> None:
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(f"CREATE TABLE {name} (email TEXT, phone TEXT)")
        base.executemany(f"INSERT INTO {name} VALUES (?, ?)", rows)


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> tuple[Link, ...]:
    folder = tmp_path_factory.mktemp("copies")
    users, strangers = people(1, 400), people(2, 300)
    table(folder / "app.db", "users", users)
    table(folder / "crm.db", "contacts", users[:120])
    table(folder / "crm.db", "leads", [*strangers, *users[120:150]])
    disk = folder / "disk"
    disk.mkdir()
    for name, rows in (
        ("people.csv", users[50:250]),
        ("hashed.csv", users[:150]),
        ("others.csv", people(3, 80)),
    ):
        with (disk / name).open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            if name == "hashed.csv":
                writer.writerows([["audience"], *([hashlib.sha256(m.encode()).hexdigest()] for m, _ in rows)])
            else:
                writer.writerows([["mail", "tel"], *rows])
    (folder / "key").write_text("0f" * 32 + "\n")
    (folder / "key").chmod(0o600)
    config = folder / "pii-scan.yaml"
    config.write_text(_CONFIG)
    with context(config) as opened, progress(False) as shown:
        run = scan(opened, chosen(opened.loaded, ()), ScanOptions(presidio=False, texts=False), shown)
        conclude(opened, run.id)
        return tuple(link for link in opened.inventory().links if link.kind == "value match")


def ends(links: tuple[Link, ...]) -> dict[tuple[str, str], Link]:
    return {(link.source.split("://")[1], link.target.split("://")[1]): link for link in links}


def test_a_part_of_a_table_in_another_database_is_a_copy_of_it(links: tuple[Link, ...]) -> None:
    link = ends(links)["app/main/users#email", "crm/main/contacts#email"]
    assert "a part of the source" in link.detail
    assert link.detail.startswith("100% (97% to 100%)")
    assert (link.count, link.masking) == (120, False)
    assert ("app/main/users#phone", "crm/main/contacts#phone") in ends(links)


def test_a_dump_on_disk_is_a_copy_of_the_table(links: tuple[Link, ...]) -> None:
    link = ends(links)["app/main/users#email", "disk/people.csv#mail"]
    assert "a file beside a table" in link.detail


def test_hashed_copies_are_masked(links: tuple[Link, ...]) -> None:
    link = ends(links)["app/main/users#email", "disk/hashed.csv#audience"]
    assert link.masking
    assert "SHA-256" in link.detail


def test_people_who_happen_to_be_in_both_and_strangers_are_no_copy(links: tuple[Link, ...]) -> None:
    told = [name for pair in ends(links) for name in pair]
    assert not any("leads" in name or "others" in name for name in told)
