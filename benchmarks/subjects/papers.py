"""Logs, exports of partners, calendars, cards and mail of a made-up company, and whose each record is."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .people import Person
from .tables import spaced, varied
from .truth import CODE, KEY, MAIL, PHONE, Truth, either, own, part


class Papers:
    """Writes the folders `logs` and `exports`."""

    def __init__(self, draw: random.Random, truth: Truth, people: Sequence[Person]) -> None:
        self._draw, self._truth, self._people = draw, truth, people

    def write(self, folder: Path) -> None:
        (folder / "logs").mkdir()
        (folder / "exports").mkdir()
        self._logs(folder / "logs")
        self._exports(folder / "exports")
        self._documents(folder / "exports")

    def _mark(self, kind: str, person: Person | None, *by: str) -> str:
        """The mark of a record that one person has a part in; a number is all its household's."""
        others = [p for p in self._people if person and p.phone == person.phone and p is not person]
        shared = [part(p, PHONE) for p in others] if PHONE in by else []
        return self._truth.record(kind, either(person, *by), *shared)

    def _logs(self, folder: Path) -> None:
        plain, packed, access, events = [], [], [], []
        for n, person in enumerate(self._people):
            at = f"2026-01-{1 + n % 20:02d}T10:{n % 60:02d}:00Z"
            mail, text = varied(self._draw, person), spaced(person.phone)
            plain += [
                f"{at} INFO login email={mail} ok ref={self._mark('log', person, MAIL)}",
                f"{at} INFO profile user={person.code} read ref={self._mark('UUID in a log', person, CODE)}",
                f"{at} INFO cache warmed ref={self._mark('decoy', None)}",
            ]
            packed += [
                f"{at} WARN bounce for <{mail}> again ref={self._mark('packed log', person, MAIL)}",
                f"{at} WARN sms to {text} failed ref={self._mark('number in a packed log', person, PHONE)}",
            ]
            state = base64.b64encode(json.dumps({"v": 1, "mail": person.mail}).encode()).decode()
            mark = self._mark("base64 in a log message", person, MAIL)
            plain.append(f"{at} INFO resume with state {state} done ref={mark}")
            mark = self._mark("URL in a log", person, MAIL)
            access.append(
                f"192.0.2.7 - - [{1 + n % 20:02d}/Jan/2026:10:00:00 +0000] "
                f'"GET /off?e={quote(person.mail, "")}'
                f'&ref={mark} HTTP/1.1" 200 12 "-" "curl/8"'
            )
            mark = self._mark("number of an account in a JSON log", person, KEY)
            events.append({"time": at, "msg": "saved", "user_id": person.number, "ref": mark})
            mark = self._mark("UUID in a JSON log", person, CODE)
            events.append({"time": at, "msg": "shared", "account": {"uuid": person.code}, "ref": mark})
        (folder / "app.log").write_text("\n".join(plain) + "\n")
        with gzip.open(folder / "app.log.1.gz", "wt") as file:
            file.write("\n".join(packed) + "\n")
        (folder / "access.log").write_text("\n".join(access) + "\n")
        (folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))

    def _exports(self, folder: Path) -> None:
        contacts, deals, members, talks = [], [], [], []
        for n, person in enumerate(self._people):
            theirs = f"hs-{self._draw.randrange(10**9):09d}"
            mark = self._truth.record("partner's export", own(person, MAIL, PHONE), *self._sharing(person))
            contacts.append((theirs, person.mail.title(), person.name, person.phone, mark))
            mark = self._truth.record("partner's export, by the partner's key", own(person, MAIL))
            deals.append((f"deal-{n}", theirs, "won", mark))
            mark = self._truth.record("partner's packed export", own(person, MAIL))
            members.append((self._draw.choice(person.digests[:3]), "subscribed", mark))
            mark = self._mark("partner's JSON export", person, MAIL)
            talks.append({"ref": mark, "parts": [{"author": {"email": person.mail.upper()}, "n": n}]})
        self._csv(folder / "contacts.csv", ("contact_id", "Email", "Name", "Phone", "Ref"), contacts)
        self._csv(folder / "deals.csv", ("deal_id", "contact_id", "Stage", "Ref"), deals)
        with zipfile.ZipFile(folder / "mailer.zip", "w") as archive:
            archive.writestr("members.csv", _csv_text(("email_hash", "status", "ref"), members))
        with gzip.open(folder / "talks.json.gz", "wt") as file:
            json.dump(talks, file)

    def _sharing(self, person: Person) -> list[Any]:
        return [part(p, PHONE) for p in self._people if p.phone == person.phone and p is not person]

    def _documents(self, folder: Path) -> None:
        events, cards, mails = [], [], []
        for n, person in enumerate(self._people):
            mark = self._mark("calendar", person, MAIL)
            events.append(
                f"BEGIN:VEVENT\r\nUID:{mark}\r\nDTSTART:20260110T1{n % 10}0000Z\r\nSUMMARY:Call\r\n"
                f'ATTENDEE;CN="{person.name}":mailto:{person.mail}\r\nEND:VEVENT\r\n'
            )
            mark = self._truth.record("card", own(person, MAIL, PHONE), *self._sharing(person))
            cards.append(
                f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{mark}\r\nFN:{person.name}\r\nEMAIL:{person.mail}\r\n"
                f"TEL:{spaced(person.phone)}\r\nEND:VCARD\r\n"
            )
            mark = self._mark("mail", person, MAIL)
            mails.append(
                f"From sender@shop.example Sat Jan 10 10:00:00 2026\nFrom: Shop <sender@shop.example>\n"
                f"To: {person.name} <{person.mail}>\nSubject: Your order {mark}\nDate: Sat, 10 Jan 2026 "
                f"10:00:00 +0000\nMessage-ID: <{mark}@shop.example>\n\nIt is on its way.\n\n"
            )
        head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//made up//EN\r\n"
        (folder / "calls.ics").write_bytes(f"{head}{''.join(events)}END:VCALENDAR\r\n".encode())
        (folder / "people.vcf").write_bytes("".join(cards).encode())
        (folder / "sent.mbox").write_text("".join(mails))

    def _csv(self, path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        path.write_text(_csv_text(head, rows), newline="")


def _csv_text(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([head, *rows])
    return out.getvalue()
