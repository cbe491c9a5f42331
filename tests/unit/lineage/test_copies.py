"""Copies of own data, told by the real scan of two SQLite files and a dump on disk."""

from __future__ import annotations

import csv
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest

from pii_scan.core.inventory import Inventory
from pii_scan.core.lineage import Link
from pii_scan.lineage import build
from pii_scan.run import decided
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
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    folder = tmp_path_factory.mktemp("copies")
    users, strangers = people(1, 400), people(2, 300)
    table(folder / "app.db", "users", users)
    table(folder / "app.db", "users_2023", users[:350])
    table(folder / "app.db", "orders", [*users, *users[:390]])
    with closing(sqlite3.connect(folder / "app.db")) as base, base:
        base.execute("CREATE TABLE newsletter AS SELECT email FROM users")
    table(folder / "crm.db", "contacts", users[:120])
    table(folder / "crm.db", "audience", [*strangers, *users[120:150]])
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
        found = opened.inventory()
        with patch.object(build, "copies", side_effect=AssertionError("told anew")):
            assert opened.inventory().links == found.links, "copies are kept with the run"
            rule = [("disk/*", "partner")]
            with patch.object(decided, "bindings", return_value=rule), pytest.raises(AssertionError):
                opened.inventory()  # what is the partner's now is no copy of ours
        return found


@pytest.fixture(scope="module")
def links(inventory: Inventory) -> tuple[Link, ...]:
    return tuple(link for link in inventory.links if link.kind == "value match")


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
    told = {pair for pair in ends(links) if any("leads" in name or "others" in name for name in pair)}
    assert {name.rpartition("#")[0] for pair in told for name in pair} == {
        "crm/main/audience",
        "crm/main/leads",
    }


def within(links: tuple[Link, ...], store: str) -> set[tuple[str, str]]:
    """The columns of copies within a database, by table and column."""
    told = [(one.split("/"), other.split("/")) for one, other in ends(links)]
    return {(one[-1], other[-1]) for one, other in told if one[0] == other[0] == store}


def test_a_table_copied_within_its_database_is_told_column_by_column(links: tuple[Link, ...]) -> None:
    assert within(links, "app") == {
        ("users#email", "users_2023#email"),
        ("users#phone", "users_2023#phone"),
    }, "orders repeat their customers, and one column is no table"
    link = ends(links)["app/main/users#email", "app/main/users_2023#email"]
    assert "the source's name and more" in link.detail


def test_a_copy_within_a_database_whose_name_says_nothing_leaves_open_which_was_first(
    links: tuple[Link, ...],
) -> None:
    told = within(links, "crm")
    assert told == {("audience#email", "leads#email"), ("audience#phone", "leads#phone")}
    assert all("not known" in link.detail for pair, link in ends(links).items() if "leads" in "".join(pair))
