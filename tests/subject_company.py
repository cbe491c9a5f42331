"""A small company with one person planted in every form, and the truth about where."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.pool import NullPool

from pii_scan.run.context import context
from pii_scan.run.progress import progress
from pii_scan.run.scan import ScanOptions, scan
from pii_scan.run.sources import chosen
from pii_scan.run.whole import conclude

MAIL = "ada.ember@lantern.example"
PHONE = "+442079460012"
#: People who look like her and are others.
OTHERS = (
    "nada.ember@lantern.example",
    "ada.ember@lantern.example.org",
    "ada.embers@lantern.example",
    "ada.ember@other.example",
    "bob.hale@lantern.example",
)
PLACES = {
    ("users", "email"): 1,
    ("users", "phone"): 1,
    ("leads", "address"): 1,
    ("tickets", "payload/requester/mail"): 2,
    ("tickets", "note"): 1,
    ("audience", "hashed"): 1,
    ("invites", "invited_by"): 1,
    ("contacts.csv", "Email"): 1,
    ("members.csv", "mail"): 1,
}
LOGS = "app.log"
#: Rows that hang on hers: by foreign keys, by a column's name alone, and those that others share.
HUNG = {
    ("sessions", "own"): 2,
    ("orders", "own"): 2,
    ("badges", "own"): 1,
    ("guests", "shared"): 1,
    ("firms", "shared"): 1,
}
_TABLES = (
    "CREATE TABLE firms (id INTEGER PRIMARY KEY, title VARCHAR(40))",
    "CREATE TABLE users (id INTEGER PRIMARY KEY, firm_id INTEGER, email VARCHAR(80), phone VARCHAR(40), "
    "deleted_at VARCHAR(30), FOREIGN KEY (firm_id) REFERENCES firms (id))",
    "CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER, token VARCHAR(40), "
    "FOREIGN KEY (user_id) REFERENCES users (id))",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, buyer_id INTEGER, item VARCHAR(40), "
    "FOREIGN KEY (buyer_id) REFERENCES users (id))",
    "CREATE TABLE guests (id INTEGER PRIMARY KEY, order_id INTEGER, email VARCHAR(80), "
    "FOREIGN KEY (order_id) REFERENCES orders (id))",
    "CREATE TABLE badges (id INTEGER PRIMARY KEY, user_id INTEGER, title VARCHAR(40))",
    "CREATE TABLE leads (id INTEGER PRIMARY KEY, address VARCHAR(80))",
    "CREATE TABLE tickets (id INTEGER PRIMARY KEY, note VARCHAR(200), payload VARCHAR(400))",
    "CREATE TABLE audience (id INTEGER PRIMARY KEY, hashed VARCHAR(80))",
    "CREATE TABLE invites (id INTEGER PRIMARY KEY, invited_by VARCHAR(80), email VARCHAR(80))",
)


@dataclass
class SubjectCompany:
    """`folder` holds everything; `config` is its configuration, scanned."""

    folder: Path
    config: Path
    mail: str = MAIL
    others: tuple[str, ...] = OTHERS
    tables: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)


def company(folder: Path, url: str | None = None) -> SubjectCompany:
    """Builds and scans it; `url` names the server's database that holds the tables instead of SQLite."""
    made = SubjectCompany(folder, folder / "pii-scan.yaml", tables=_rows())
    _database(made.tables, _engine_url(url) if url else URL.create("sqlite", database=str(folder / "app.db")))
    _files(folder)
    (folder / "key").write_text("0f" * 32 + "\n")
    (folder / "key").chmod(0o600)
    where = url or "sqlite:///app.db"
    made.config.write_text(
        "version: 1\nkey: ${file:key}\nallow_plaintext_passwords: true\n"
        "scan: {as_of: 2026-01-10, mode: full}\n"
        f'sources:\n  - {{name: app, url: "{where}"}}\n  - {{name: logs, path: logs, kind: logs}}\n'
        "  - {name: exports, path: exports, kind: files}\n"
        "exports:\n  - {match: exports/contacts.csv, recipient: hubspot}\n"
    )
    scanned(made.config)
    return made


def scanned(config: Path) -> None:
    """Scans, links and checks it."""
    with context(config) as opened, progress(False) as shown:
        run = scan(opened, chosen(opened.loaded, ()), ScanOptions(presidio=False, texts=False), shown)
        conclude(opened, run.id)


def _rows() -> dict[str, list[tuple[Any, ...]]]:
    many = [f"person{n}@lantern.example" for n in range(30)]
    hashed = [hashlib.sha256(m.encode()).hexdigest() for m in (*many, MAIL)]
    people = [*OTHERS, *many]
    return {
        "firms": [(1, "Lantern"), (2, "Other")],
        "users": [
            (1, 1, MAIL, "+44 20 7946 0012", "2025-12-01T00:00:00"),
            *[(n, 2, mail, f"+44 20 7946 0{n:03d}", None) for n, mail in enumerate(people, 100)],
        ],
        "sessions": [(1, 1, "aa"), (2, 1, "bb"), (3, 100, "cc")],
        "orders": [(1, 1, "chair"), (2, 1, "desk"), (3, 101, "lamp")],
        "guests": [(1, 1, "bob.hale@lantern.example"), (2, 3, "person1@lantern.example")],
        "badges": [(1, 1, "early"), (2, 100, "late")],
        "leads": [(1, "Ada.Ember+News@Lantern.example"), *enumerate(people, 2)],
        "tickets": [
            (1, "please write to ADA.EMBER@LANTERN.EXAMPLE, she waits", _payload("x@lantern.example")),
            (2, "nothing", _payload(MAIL)),
            (3, "nothing", _payload(MAIL.upper())),
            *[(n, "nothing", _payload(mail)) for n, mail in enumerate(OTHERS, 4)],
        ],
        "audience": list(enumerate(hashed, 1)),
        "invites": [(1, MAIL, "guest@lantern.example"), (2, OTHERS[0], "guest2@lantern.example")],
    }


def _payload(mail: str) -> str:
    return json.dumps({"requester": {"mail": mail}, "tags": ["a"]})


def _engine_url(url: str) -> URL:
    parsed = make_url(url)
    driver = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}[parsed.get_backend_name()]
    return parsed.set(drivername=driver)


def _database(tables: dict[str, list[tuple[Any, ...]]], url: URL) -> None:
    engine = create_engine(url, poolclass=NullPool)
    mark = "?" if url.get_backend_name() == "sqlite" else "%s"
    with engine.begin() as connection:
        for statement in _TABLES:
            connection.exec_driver_sql(statement)
        for name, rows in tables.items():
            marks = ", ".join([mark] * len(rows[0]))
            connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({marks})", rows)


def _files(folder: Path) -> None:
    exports, logs = folder / "exports", folder / "logs"
    exports.mkdir()
    logs.mkdir()
    people = "".join(f"person{n}@lantern.example,{n}\n" for n in range(20))
    (exports / "contacts.csv").write_text(f"Email,Number\n{MAIL.title()},1\n{OTHERS[0]},2\n{people}")
    with zipfile.ZipFile(exports / "crm.zip", "w") as archive:
        archive.writestr("members.csv", f"mail,n\n{MAIL},1\n{people}")
    lines = [f"2026-01-0{1 + n % 9}T10:00:00Z INFO login user{n} ok" for n in range(40)]
    (logs / "app.log").write_text("\n".join([*lines, f"2026-01-09T11:00:00Z WARN bounce {OTHERS[1]}"]) + "\n")
    found = f"2026-01-08T11:00:00Z WARN bounce for {MAIL} again"
    with gzip.open(logs / "app.log.1.gz", "wt") as file:
        file.write("\n".join([*lines, found]) + "\n")
