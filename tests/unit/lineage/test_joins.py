"""Joins that values tell, by the real scan of SQLite files without a foreign key, and the walk along them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from pii_scan.run.context import context
from pii_scan.run.progress import progress
from pii_scan.run.scan import ScanOptions, scan
from pii_scan.run.sources import chosen
from pii_scan.run.subject import Question, find, scope
from pii_scan.run.whole import conclude

_CONFIG = """version: 1
key: ${file:key}
scan: {mode: full, as_of: 2026-01-10}
sources:
  - {name: app, url: "sqlite:///app.db"}
  - {name: shop, url: "sqlite:///shop.db"}
"""
DRAW = Random(7)
IDS = [str(UUID(int=DRAW.getrandbits(128), version=4)) for _ in range(120)]
MAIL = "ada.ember@lantern.example"


def table(path: Path, name: str, columns: str, rows: list[tuple[str, ...]]) -> None:
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(f"CREATE TABLE {name} ({columns})")
        base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("joins")
    mails = [MAIL, *(f"person{n}@lantern.example" for n in range(1, 120))]
    strangers = [str(UUID(int=DRAW.getrandbits(128), version=4)) for _ in range(60)]
    app, shop = folder / "app.db", folder / "shop.db"
    table(app, "members", "uuid TEXT, email TEXT", list(zip(IDS, mails, strict=True)))
    table(app, "visits", "who TEXT, page TEXT", [(one, "home") for one in IDS[:60] * 2])
    table(app, "devices", "serial TEXT, label TEXT", [(one, "phone") for one in strangers])
    table(shop, "carts", "holder TEXT, item TEXT", [(one, "lamp") for one in IDS[:50] * 3])
    (folder / "key").write_text("0f" * 32 + "\n")
    (folder / "key").chmod(0o600)
    (folder / "pii-scan.yaml").write_text(_CONFIG)
    with context(folder / "pii-scan.yaml") as opened, progress(False) as shown:
        run = scan(opened, chosen(opened.loaded, ()), ScanOptions(presidio=False, texts=False), shown)
        conclude(opened, run.id)
    return folder / "pii-scan.yaml"


def test_columns_of_keys_are_told_in_the_same_store_and_in_another_one(config: Path) -> None:
    with context(config) as opened, scope(opened, ()) as asked:
        found = [(child.split("//")[1], parent.split("//")[1]) for child, parent in asked.joins]
    assert found == [
        ("app/main/visits#who", "app/main/members#uuid"),
        ("shop/main/carts#holder", "app/main/members#uuid"),
    ]


def test_a_look_up_follows_their_ids_and_says_so(config: Path) -> None:
    with context(config) as opened:
        answer = find(opened, Question(MAIL)).answer
    found = {(place.dataset.split("/")[-1], *place.path): place for place in answer.places}
    assert found.pop(("members", "email")).rows == 1
    assert found.pop(("members", "uuid")).rows == 1
    assert {name: place.rows for name, place in found.items()} == {
        ("visits", "who"): 2,
        ("carts", "holder"): 3,
    }
    assert {why for place in found.values() for why in place.why} == {
        "holds the id of their row in members (uuid)"
    }
