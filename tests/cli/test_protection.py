"""A booking service whose attendees are encrypted in the column: found by name, with the state told."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import sqlite3
from pathlib import Path

import pytest

from tests.commands import run

ROWS = 60
ZONES = ("Europe/Paris", "America/Montreal", "Asia/Tokyo")


def sealed(chance: random.Random, text: str) -> str:
    """What AES-256-CBC gives in length: the vector, then whole blocks, in base64."""
    return base64.b64encode(chance.randbytes(16 + 16 * (len(text) // 16 + 1))).decode()


def booking_service(path: Path) -> None:
    """The columns of a booking service: subscribers with password hashes, attendees encrypted."""
    chance = random.Random(5)
    salts = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    with sqlite3.connect(path) as database:
        database.execute("create table subscribers (id integer, username text, password text, email text)")
        database.execute("create table attendees (id integer, email text, name text, timezone text)")
        database.execute("create table cards (id integer, card_number text, last_seen text)")
        database.execute("create table api_keys (id integer, hashed_key text, email_hash text, note text)")
        for n in range(ROWS):
            mail = f"person{n}@{'mail.' * (n % 5)}example.org"
            name = f"Ada Lovelace {'of Lyon ' * (n % 4)}{n}"
            bcrypt = "$2b$12$" + "".join(chance.choices(salts, k=53))
            database.execute("insert into subscribers values (?,?,?,?)", (n, f"ada{n}", bcrypt, mail))
            attendee = (n, sealed(chance, mail), sealed(chance, name), ZONES[n % 3])
            database.execute("insert into attendees values (?,?,?,?)", attendee)
            token = f"tok_{chance.randbytes(12).hex()}"
            database.execute("insert into cards values (?,?,?)", (n, token, f"**** **** **** {n:04}"))
            digests = [hashlib.sha256(text.encode()).hexdigest() for text in (f"cal_{n}", mail)]
            database.execute("insert into api_keys values (?,?,?,?)", (n, *digests, "for the calendar"))


@pytest.fixture(scope="module")
def scanned(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bookings")
    booking_service(folder / "app.db")
    done = run(folder, "scan", "app.db", "-q")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_inventory_tells_how_values_are_kept(scanned):
    document = json.loads(run(scanned, "inventory", "export", "--format", "json").stdout)
    states = {
        f"{field['dataset'][-1]}/{field['path'][0]}": (found["category"], found["protection"])
        for field in document["fields"]
        for found in field["detections"]
        if found["verdict"] == "type"
    }
    assert states["attendees/email"] == ("user.contact.email", "encrypted")
    assert states["attendees/name"] == ("user.name", "encrypted")
    assert states["subscribers/email"] == ("user.contact.email", "")
    assert states["subscribers/username"] == ("user.account.username", "")
    assert states["subscribers/password"] == ("user.authorization.password", "password hash")
    assert states["cards/card_number"] == ("user.financial.credit_card", "tokenised")
    assert states["api_keys/email_hash"] == ("user.contact.email.hashed", "hashed")
    assert states["api_keys/hashed_key"] == ("user.authorization.credentials", "hashed")
    assert states.get("attendees/timezone", ("", ""))[1] == ""


def test_explain_tells_why(scanned):
    document = json.loads(run(scanned, "inventory", "export", "--format", "json").stdout)
    urn = next(f["urn"] for f in document["fields"] if f["urn"].endswith("attendees#email"))
    told = run(scanned, "explain", urn).stdout
    assert "the values are encrypted" in told
    assert "values look encrypted (base64, random, multiples of 16 bytes)" in told
    assert "confidence 0.7" in told or "confidence 0.8" in told or "confidence 0.9" in told


def test_people_read_it_too(scanned):
    for kind in ("terminal", "markdown", "html"):
        shown = run(scanned, "report", "--format", kind)
        assert "encrypted" in shown.stdout, kind
