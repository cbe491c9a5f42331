"""Builds a made-up garden shop to scan: `python build.py FOLDER`; `--broken` breaks its promises.

Standard library only, and the same files every time: names are drawn from the lists below.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve().parent
NOW = datetime(2026, 6, 30, 6, 0, 0)  # noqa: DTZ001 - the shop's database holds naive UTC times
FIRST = (
    *("Aoife", "Bram", "Clara", "Dieter", "Elena", "Fergus", "Greta", "Hugo"),
    *("Ines", "Jonas", "Katja", "Liam", "Maeve", "Nils", "Orla", "Petra"),
)
LAST = (
    *("Byrne", "Castell", "Doyle", "Engel", "Farrell", "Gruber", "Hayes"),
    *("Ivers", "Jansen", "Keller", "Lynch", "Moser", "Nolan", "Olsen"),
)
STREETS = ("Abbey Street", "Castle Road", "Dame Street", "Harbour View", "Mill Lane", "Quay Street")
CITIES = (("Dublin", "D02 X285"), ("Cork", "T12 K8AF"), ("Galway", "H91 E2K3"), ("Limerick", "V94 T9PX"))
TOOLS = ("hand trowel", "pruning shears", "watering can", "leaf rake", "dibber", "hoe", "spade", "sieve")
CARDS = ("4111111111111111", "5555555555554444", "4012888888881881", "5105105105105100")
ADVERTISER = '  - {match: "exports/criteo*", recipient: criteo}'
CUSTOMERS, ORDERS, BASKETS = 160, 320, 60

Row = Sequence[Any]


def build(folder: Path, broken: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("pii-scan.yaml", "sharing.yaml", "privacy"):
        source = HERE / name
        if source.is_dir():
            shutil.copytree(source, folder / name, dirs_exist_ok=True)
        else:
            shutil.copy(source, folder / name)
    if broken:
        config = folder / "pii-scan.yaml"
        told = config.read_text(encoding="utf-8").replace("exports:\n", f"exports:\n{ADVERTISER}\n", 1)
        config.write_text(told, encoding="utf-8")
    people = _people(Random("people"))
    _database(folder / "shop.db", people, broken)
    _exports(folder / "exports", people, broken)
    _logs(folder / "logs", people, broken)
    _registers(folder / "registers", broken)
    _infra(folder / "infra", broken)


def _people(rng: Random) -> list[dict[str, str]]:
    made = []
    for number in range(1, CUSTOMERS + 1):
        first, last = rng.choice(FIRST), rng.choice(LAST)
        city, code = rng.choice(CITIES)
        made.append(
            {
                "first_name": first,
                "last_name": last,
                "email": f"{first}.{last}{number}@mail.example".lower(),
                "phone": f"+353 1 {rng.randrange(200, 999)} {rng.randrange(1000, 9999)}",
                "street": f"{rng.randrange(1, 99)} {rng.choice(STREETS)}",
                "postcode": code,
                "city": city,
            }
        )
    return made


def _stamp(rng: Random, newest: float, oldest: float) -> str:
    moment = NOW - timedelta(seconds=round(rng.uniform(newest, oldest) * 86_400))
    return moment.isoformat(sep=" ")


def _database(path: Path, people: Sequence[dict[str, str]], broken: bool) -> None:
    rng = Random("database")
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        more = ", date_of_birth TEXT" if broken else ""
        connection.executescript(
            "CREATE TABLE products(id INTEGER PRIMARY KEY, title TEXT, price_cents INTEGER);"
            "CREATE TABLE customers(id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, email TEXT,"
            f" phone TEXT, street TEXT, postcode TEXT, city TEXT, password_hash TEXT, created_at TEXT{more});"
            "CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id),"
            " product_id INTEGER REFERENCES products(id), ordered_at TEXT, note TEXT);"
            "CREATE TABLE baskets(id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id),"
            " product_id INTEGER REFERENCES products(id), changed_at TEXT);"
        )
        _fill(connection, "products", [(n, tool, 500 + 150 * n) for n, tool in enumerate(TOOLS, 1)])
        _fill(connection, "customers", [_customer(rng, n, p, broken) for n, p in enumerate(people, 1)])
        oldest_order, oldest_basket = (2_600, 300) if broken else (2_000, 80)
        _fill(
            connection,
            "orders",
            [
                (n, 1 + n % CUSTOMERS, 1 + n % len(TOOLS), _stamp(rng, 1, oldest_order), _note(n, broken))
                for n in range(1, ORDERS + 1)
            ],
        )
        _fill(
            connection,
            "baskets",
            [
                (n, 1 + n % CUSTOMERS, 1 + n % len(TOOLS), _stamp(rng, 1, oldest_basket))
                for n in range(1, BASKETS + 1)
            ],
        )
    connection.close()


def _fill(connection: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    marks = ", ".join("?" for _ in rows[0])
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _customer(rng: Random, number: int, person: dict[str, str], broken: bool) -> Row:
    secret = hashlib.sha256(f"salt{number}".encode()).digest()
    hashed = f"$2b$12${_base64(secret, 53)}"
    born = [f"{rng.randrange(1940, 2006)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 28):02}"]
    return (number, *person.values(), hashed, _stamp(rng, 1, 1_900), *(born if broken else []))


def _base64(data: bytes, length: int) -> str:
    letters = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(letters[data[n % len(data)] % 64] for n in range(length))


def _note(number: int, broken: bool) -> str:
    """What the office writes to an order: in the broken shop also cards that were told by phone."""
    if broken and number % 20 == 0:
        return f"paid by phone, card {CARDS[number // 20 % len(CARDS)]}"
    return ("", "leave at the door", "gift wrap")[number % 3]


def _exports(folder: Path, people: Sequence[dict[str, str]], broken: bool) -> None:
    parcels = ["name", "street", "postcode", "city", "phone"]
    rows = [[f"{p['first_name']} {p['last_name']}", *(p[key] for key in parcels[1:])] for p in people[:90]]
    if broken:
        parcels.append("email")
        rows = [[*row, p["email"]] for row, p in zip(rows, people, strict=False)]
    _csv(folder / "parcelfox-2026-06.csv", parcels, rows)
    columns = ["email", "first_name", *(["phone"] if broken else [])]
    _csv(folder / "postcrow-readers.csv", columns, [[p[key] for key in columns] for p in people[::2]])
    payouts = [[f"{p['first_name']} {p['last_name']}", 900 + 10 * n] for n, p in enumerate(people[:50])]
    _csv(folder / "tillstone-payouts.csv", ["Card holder name", "Amount (cents)"], payouts)
    if broken:
        clicks = [[p["email"], "spring-sale"] for p in people[:40]]
        _csv(folder / "criteo-audience.csv", ["Email", "Campaign"], clicks)


def _csv(path: Path, head: Sequence[str], rows: Iterable[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])


def _logs(folder: Path, people: Sequence[dict[str, str]], broken: bool) -> None:
    rng = Random("logs")
    folder.mkdir(parents=True, exist_ok=True)
    days = sorted((rng.uniform(0, 200 if broken else 25) for _ in range(400)), reverse=True)
    lines = []
    for number, day in enumerate(days):
        at = (NOW - timedelta(days=day)).strftime("%d/%b/%Y:%H:%M:%S +0000")
        path = "/basket"
        if broken and number % 25 == 0:
            path = f"/login?email={people[number % CUSTOMERS]['email']}&password=Garden{number}tools!"
        lines.append(
            f'203.0.113.{rng.randrange(1, 250)} - - [{at}] "GET {path} HTTP/1.1" 200 {number + 300} "-" '
            '"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"'
        )
    (folder / "access.log").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _registers(folder: Path, broken: bool) -> None:
    late, form, hours = (50, "pdf", 120) if broken else (12, "json", 30)
    opened = NOW - timedelta(days=90)
    answered = opened + timedelta(days=late)
    _csv(
        folder / "requests.csv",
        ["id", "kind", "opened_on", "closed_on", "answered_with"],
        [["Q-1", "copy", opened.date(), answered.date(), form]],
    )
    told = opened + timedelta(hours=hours)
    _csv(
        folder / "incidents.csv",
        ["id", "kind", "aware_at", "notified_at", "subjects"],
        [["I-1", "misdirected mail", f"{opened.isoformat()}Z", f"{told.isoformat()}Z", 3]],
    )
    names = ["tillstone", "postcrow"] if broken else ["tillstone", "postcrow", "parcelfox"]
    _csv(
        folder / "contracts.csv",
        ["recipient", "ref", "until"],
        [[name, f"contracts/{name}.pdf", "2027-12-31"] for name in names],
    )


def _infra(folder: Path, broken: bool) -> None:
    region = "us-east-1" if broken else "eu-west-1"
    database = {
        "identifier": "shop",
        "arn": f"arn:aws:rds:{region}:000000000000:db:shop",
        "engine": "postgres",
        "port": 5432,
        "storage_encrypted": not broken,
        "publicly_accessible": False,
        "backup_retention_period": 14,
    }
    plain: dict[str, Any] = {"type": "redirect", "redirect": [{"protocol": "HTTPS", "port": "443"}]}
    if broken:
        plain = {"type": "forward"}
    resources = [
        _resource("aws_db_instance", "shop", database),
        _resource("aws_lb_listener", "plain", {"protocol": "HTTP", "default_action": [plain]}),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    state = {"version": 4, "terraform_version": "1.9.5", "serial": 3, "resources": resources}
    (folder / "state.json").write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")


def _resource(kind: str, name: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"mode": "managed", "type": kind, "name": name, "instances": [{"attributes": attributes}]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Build a made-up garden shop to scan.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--broken", action="store_true", help="one that keeps none of its promises")
    asked = parser.parse_args()
    build(asked.folder, asked.broken)
