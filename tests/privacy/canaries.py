"""1,000 unique made-up values, the places they are planted in, and the search for them."""

from __future__ import annotations

import base64
import csv
import gzip
import json
import random
import sqlite3
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from faker import Faker

COUNT = 1000


def _luhn(prefix: str) -> str:
    digits = [int(c) for c in prefix]
    total = sum(sum(divmod(2 * d, 10)) if i % 2 == 0 else d for i, d in enumerate(reversed(digits)))
    return prefix + str(-total % 10)


def seeded(locale: str) -> Faker:
    maker = Faker(locale)
    maker.seed_instance(20260131)
    return maker


@dataclass
class Canaries:
    """Hands out canaries of a kind; remembers all of them."""

    rng: random.Random = field(default_factory=lambda: random.Random(20260131))
    planted: list[str] = field(default_factory=list)
    people: Faker = field(default_factory=lambda: seeded("en_US"))

    def make(self, kind: str) -> str:
        core = "".join(self.rng.choices("bcdfghjklmnpqrstvwxz", k=9))
        number = self.rng.randrange(10**9, 10**10)
        value = {
            "email": f"{core}.{number % 1000}@leak.example",
            "phone": f"+33 6 {number % 10**8:08d}",
            "card": _luhn(f"411111{number % 10**9:09d}"),
            "token": f"tok{core.upper()}{number}",
            "name": f"{core.title()} Vander{core[:5]}",
            "person": self._person(),
            "text": f"{core} told {core[::-1]}q about it",
        }[kind]
        self.planted.append(value)
        return value

    def _person(self) -> str:
        """A made-up person whose name is a common one, as they stand in keys and file names."""
        return f"{self.people.first_name()} {self.people.last_name()}"

    def needles(self) -> Iterator[bytes]:
        """Every planted value in the encodings in which it might leak."""
        for value in self.planted:
            plain = value.encode()
            yield from {
                plain,
                value.lower().encode(),
                urllib.parse.quote(value).encode(),
                base64.b64encode(plain),
                plain.hex().encode(),
                value.encode("utf-16-le"),
                value[::-1].encode(),
                json.dumps(value)[1:-1].encode(),
                value.replace(" ", "").encode(),
            }


def plant(folder: Path) -> tuple[Canaries, list[str]]:
    """Sources under `folder` full of canaries, and the arguments that scan them."""
    canaries = Canaries()
    database = folder / "app.db"
    _database(database, canaries)
    exports, logs = folder / "exports", folder / "logs"
    exports.mkdir()
    logs.mkdir()
    _exports(exports, canaries)
    _logs(logs, canaries)
    while len(canaries.planted) < COUNT:
        with (logs / "app.log").open("a", encoding="utf-8") as file:
            file.write(
                f"2026-01-02 03:04:05 INFO sent to {canaries.make('email')} for {canaries.make('name')}\n"
            )
    return canaries, [f"sqlite:///{database}", str(exports), str(logs)]


def _database(path: Path, canaries: Canaries) -> None:
    with sqlite3.connect(path) as db:
        db.execute(
            "CREATE TABLE people "
            "(email TEXT PRIMARY KEY, name TEXT, phone INTEGER, notes TEXT, answers TEXT, born DATE)"
        )
        for i in range(60):
            answers = {
                canaries.make("email"): "yes",
                "child": canaries.make("name"),
                "card": canaries.make("card"),
            }
            row = (
                canaries.make("email"),
                canaries.make("name"),
                canaries.make("phone"),
                canaries.make("text"),
                json.dumps(answers),
                f"19{50 + i % 40}-03-{1 + i % 28:02d}",
            )
            db.execute("INSERT INTO people VALUES (?,?,?,?,?,?)", row)
        column, table = canaries.make("email"), canaries.make("email")
        db.execute(
            f'CREATE TABLE "{table}" (id INTEGER, "{column}" TEXT DEFAULT \'{canaries.make("token")}\')'
        )
        db.execute(f'INSERT INTO "{table}" VALUES (1, ?)', (canaries.make("email"),))
        db.execute(f"CREATE VIEW seen AS SELECT * FROM people WHERE email <> '{canaries.make('email')}'")
        db.execute("CREATE TABLE broken (note TEXT)")
        for _ in range(5):
            db.execute(
                "INSERT INTO broken VALUES (CAST(? AS TEXT))",
                (b"\xff\xfe" + canaries.make("email").encode(),),
            )


def _exports(folder: Path, canaries: Canaries) -> None:
    with (folder / "headerless.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [canaries.make("name"), canaries.make("email"), canaries.make("phone")] for _ in range(40)
        )
    with (folder / "keyed.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", canaries.make("email"), canaries.make("phone")], ["1", "a", "b"]])
    keyed = {
        canaries.make("email"): {"name": canaries.make("name"), canaries.make("token"): 1} for _ in range(30)
    }
    keyed |= {canaries.make("person"): {"seen": 1} for _ in range(20)}
    (folder / f"cv {canaries.make('person')}.csv").write_text("id\n1\n", encoding="utf-8")
    (folder / "people of today.csv").write_text(
        f"{canaries.make('person')};High Street 7;19-mar\n{canaries.make('person')};Low Street 9;2-apr\n"
    )
    (folder / "map.json").write_text(json.dumps(keyed), encoding="utf-8")
    lines = [json.dumps({"email": canaries.make("email"), "note": canaries.make("text")}) for _ in range(30)]
    lines.insert(7, '{"email": "' + canaries.make("email") + '", broken')
    (folder / "events.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / f"{canaries.make('email')}.csv").write_text(
        f"email\n{canaries.make('email')}\n", encoding="utf-8"
    )
    whole = gzip.compress("\n".join(canaries.make("email") for _ in range(50)).encode())
    (folder / "cut.txt.gz").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "fake.parquet").write_bytes(b"PAR1" + canaries.make("email").encode() + b"PAR1")
    (folder / "fake.xlsx").write_bytes(b"PK\x03\x04" + canaries.make("email").encode())


def _logs(folder: Path, canaries: Canaries) -> None:
    access = [
        f"203.0.113.{i} - {canaries.make('email')} [02/Jan/2026:03:04:05 +0000] "
        f'"GET /book?email={urllib.parse.quote(canaries.make("email"))} HTTP/1.1" 200 12 "-" "Mozilla/5.0"'
        for i in range(40)
    ]
    (folder / "access.log").write_text("\n".join(access), encoding="utf-8")
    logfmt = [
        f'level=info user={canaries.make("email")} {canaries.make("token")}=1 msg="{canaries.make("text")}"'
        for _ in range(40)
    ]
    (folder / "worker.log").write_text("\n".join(logfmt), encoding="utf-8")
    named = folder / f"{canaries.make('email')}.log"
    named.write_text(
        f"2026-01-02 03:04:05 ERROR Array ( [email] => {canaries.make('email')} )\n", encoding="utf-8"
    )


def found(canaries: Canaries, folder: Path, sources: list[Path], texts: dict[str, bytes]) -> list[str]:
    """Where a needle turns up, in every file under `folder` but the sources, and in `texts`."""
    blobs = dict(texts)
    for path in folder.rglob("*"):
        if path.is_file() and not any(path == source or source in path.parents for source in sources):
            blobs[str(path.relative_to(folder))] = path.read_bytes()
            blobs[f"name of {path.parent.name}/"] = (
                blobs.get(f"name of {path.parent.name}/", b"") + path.name.encode()
            )
    needles = list(canaries.needles())
    return [f"{name}: canary of {len(n)} bytes" for name, blob in blobs.items() for n in needles if n in blob]
