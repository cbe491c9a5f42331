"""The tables of a made-up company, with and without constraints, and whose each row is."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from .people import Person, firms
from .truth import CODE, KEY, MAIL, PHONE, Truth, either, own, part

_ID: Final = "id INTEGER PRIMARY KEY, mark VARCHAR(16)"
_USER: Final = "FOREIGN KEY (user_id) REFERENCES users (id)"
#: `{code}`, `{json}`: types that the engines have different names for.
TABLES: Final[Mapping[str, str]] = {
    "firms": f"{_ID}, title VARCHAR(40)",
    "users": f"{_ID}, public_id {{code}}, firm_id INTEGER, full_name VARCHAR(60), email VARCHAR(90), "
    "phone VARCHAR(30), deleted_at VARCHAR(30), FOREIGN KEY (firm_id) REFERENCES firms (id)",
    "sessions": f"{_ID}, user_id INTEGER NOT NULL, agent VARCHAR(40), {_USER} ON DELETE CASCADE",
    "session_events": f"{_ID}, session_id INTEGER, action VARCHAR(20), "
    "FOREIGN KEY (session_id) REFERENCES sessions (id)",
    "badges": f"{_ID}, user_id INTEGER, title VARCHAR(20)",
    "wallets": f"{_ID}, holder VARCHAR(40), amount INTEGER",
    "visits": f"{_ID}, id_user INTEGER, page VARCHAR(20)",
    "orders": f"{_ID}, buyer_id INTEGER, recipient_user_id INTEGER, item VARCHAR(20), "
    "FOREIGN KEY (buyer_id) REFERENCES users (id), FOREIGN KEY (recipient_user_id) REFERENCES users (id)",
    "order_lines": f"{_ID}, order_id INTEGER, sku VARCHAR(20), FOREIGN KEY (order_id) REFERENCES orders (id)",
    "guests": f"{_ID}, order_id INTEGER, name VARCHAR(60), email VARCHAR(90), "
    "FOREIGN KEY (order_id) REFERENCES orders (id)",
    "teams": f"{_ID}, title VARCHAR(20), owner_id INTEGER, FOREIGN KEY (owner_id) REFERENCES users (id)",
    "memberships": f"{_ID}, team_id INTEGER, user_id INTEGER, {_USER}, "
    "FOREIGN KEY (team_id) REFERENCES teams (id)",
    "messages": f"{_ID}, sender_id INTEGER, recipient_id INTEGER, body VARCHAR(300), "
    "FOREIGN KEY (sender_id) REFERENCES users (id), FOREIGN KEY (recipient_id) REFERENCES users (id)",
    "tickets": f"{_ID}, requester_email VARCHAR(90), assignee_email VARCHAR(90), body VARCHAR(300), "
    "payload {json}",
    "jobs": f"{_ID}, queue VARCHAR(20), payload {{json}}",
    "consents": f"{_ID}, user_id INTEGER, email VARCHAR(90), kind VARCHAR(20), {_USER} ON DELETE SET NULL",
    "activity": f"{_ID}, line VARCHAR(300)",
    "audience": f"{_ID}, digest VARCHAR(128)",
    "newsletter": f"{_ID}, address VARCHAR(90), topic VARCHAR(20)",
    "invites": f"{_ID}, invited_by INTEGER, email VARCHAR(90), "
    "FOREIGN KEY (invited_by) REFERENCES users (id)",
    "old_accounts": f"{_ID}, email VARCHAR(90), deleted_at VARCHAR(30)",
    "texts_sent": f"{_ID}, number VARCHAR(30), body VARCHAR(60)",
    "products": f"{_ID}, title VARCHAR(20), price INTEGER",
}
#: A second system, which knows people by their UUID and has numbers of its own that mean others.
BILLING: Final[Mapping[str, str]] = {
    "customers": f"{_ID}, app_account VARCHAR(40), vat VARCHAR(20)",
    "invoices": f"{_ID}, customer_id INTEGER, amount INTEGER, "
    "FOREIGN KEY (customer_id) REFERENCES customers (id)",
    "payments": f"{_ID}, invoice_id INTEGER, method VARCHAR(20)",
    "agents": f"{_ID}, nickname VARCHAR(20)",
    "shifts": f"{_ID}, agent_id INTEGER, day VARCHAR(12), FOREIGN KEY (agent_id) REFERENCES agents (id)",
}
Rows = dict[str, list[tuple[Any, ...]]]


class Writer:
    """Makes up rows; `rows` and `billing` are by table, in the order of their columns."""

    def __init__(
        self, draw: random.Random, truth: Truth, asked: Sequence[Person], others: Sequence[Person]
    ) -> None:
        self._draw, self._truth = draw, truth
        self._everybody = [*asked, *others]
        self._others = others
        self.rows: Rows = defaultdict(list)
        self.billing: Rows = defaultdict(list)
        self._next: dict[str, int] = defaultdict(int)

    def write(self) -> None:
        for number in firms():
            owners = [part(p, KEY) for p in self._everybody if p.firm == number]
            self._add("firms", self._mark("firm", *owners), f"Firm {number}")
        households = defaultdict(list)
        for person in self._everybody:
            households[person.phone].append(person)
        for person in self._everybody:
            self._account(person, [p for p in households[person.phone] if p is not person])
        for number in range(len(self._everybody)):
            self._add("products", self._mark("decoy"), f"Thing {number}", number)
            at = self._bill("agents", self._mark("decoy"), f"agent{number}")
            self._bill("shifts", self._mark("decoy"), at, "2026-01-02")
        for person in self._everybody:
            self._keyed(person)
            self._spoken(person)
            self._billed(person)

    def _mark(self, kind: str, *parts: Any) -> str:
        return self._truth.record(kind, *parts)

    def _add(self, table: str, mark: str, *cells: Any) -> int:
        return _added(self.rows, self._next, table, (mark, *cells))

    def _bill(self, table: str, mark: str, *cells: Any) -> int:
        return _added(self.billing, self._next, table, (mark, *cells))

    def _other(self, person: Person) -> Person:
        """Somebody else, who is no member of the household."""
        while (found := self._draw.choice(self._everybody)).phone == person.phone:
            pass
        return found

    def _account(self, person: Person, household: Sequence[Person]) -> None:
        deleted = "2025-11-03T10:00:00" if person.number % 7 == 0 else None
        kind = "soft-deleted account" if deleted else "account"
        mark = self._mark(kind, own(person, MAIL, PHONE, CODE), *(part(p, PHONE) for p in household))
        cells = (person.code, person.firm, person.name, person.mail, spaced(person.phone), deleted)
        assert self._add("users", mark, *cells) == person.number

    def _keyed(self, person: Person) -> None:
        """What hangs on the account by keys, with or without a constraint."""
        draw, me = self._draw, person.number
        for _ in range(draw.randint(1, 2)):
            session = self._add("sessions", self._mark("foreign key", own(person, KEY)), me, "Firefox")
            event = self._mark("foreign key, two steps", own(person, KEY))
            self._add("session_events", event, session, "click")
        self._add("badges", self._mark("key by its name alone", own(person, KEY)), me, "early")
        self._add("wallets", self._mark("key by values alone", own(person, CODE)), person.code, 5)
        self._add("visits", self._mark("key by another name", own(person, KEY)), me, "/home")
        friend, guest, last = self._other(person), self._other(person), self._other(person)
        order_mark = self._mark("row with two owners", own(person, KEY), own(friend, KEY))
        order = self._add("orders", order_mark, me, friend.number, "chair")
        mark = self._mark("row below two owners", own(person, KEY), own(friend, KEY))
        self._add("order_lines", mark, order, "c-1")
        if guest is not friend:
            mark = self._mark("guest's row", own(guest, MAIL), part(person, KEY), part(friend, KEY))
            self._add("guests", mark, order, guest.name, guest.mail)
            self._truth.add(order_mark, guest, (MAIL,), False)
        self._team(person, [friend, last])
        self._add("consents", self._mark("consent", own(person, KEY, MAIL)), me, person.mail, "news")
        mark = self._mark("invitation", own(guest, MAIL), part(person, KEY))
        self._add("invites", mark, me, guest.mail)

    def _team(self, owner: Person, others: Sequence[Person]) -> None:
        if owner.number % 4:
            return
        members = list(dict.fromkeys([owner, *others]))
        mark = self._mark("team", own(owner, KEY))
        team = self._add("teams", mark, "Team", owner.number)
        for member in members:
            shared = [] if member is owner else [part(owner, KEY)]
            self._add("memberships", self._mark("membership", own(member, KEY), *shared), team, member.number)

    def _spoken(self, person: Person) -> None:
        """What names the person in texts, payloads, digests and other spellings."""
        draw, me, other = self._draw, person, self._other(person)
        body = f"hello, the file is for {other.name}, please copy {other.mail} when it is done"
        mark = self._mark("message", either(me, KEY), either(other, KEY, MAIL))
        self._add("messages", mark, me.number, other.number, body)
        body = f"Customer wrote from {varied(draw, me)} and asked to be called back soon"
        payload = {"requester": {"contacts": [{"mail": me.mail}]}, "seen_by": other.mail}
        mark = self._mark("ticket", own(me, MAIL), part(other, MAIL))
        self._add("tickets", mark, varied(draw, me), other.mail, body, json.dumps(payload))
        inner = json.dumps({"to": me.mail, "vars": {"lang": "en"}})
        mark = self._mark("JSON within JSON", part(me, MAIL))
        self._add("jobs", mark, "mail", json.dumps({"kind": "send", "body": inner}))
        mark = self._mark("number of an account in JSON", either(me, KEY))
        self._add("jobs", mark, "sync", json.dumps({"user": {"id": me.number, "n": 1}}))
        self._add("jobs", self._mark("decoy"), "sync", json.dumps({"product": {"id": me.number}}))
        mark = self._mark("UUID in JSON", part(me, CODE))
        self._add("jobs", mark, "sync", json.dumps({"user": {"id": me.code}, "n": draw.randint(1, 9)}))
        mark = self._mark("free text", part(me, MAIL), part(other, MAIL))
        self._add("activity", mark, f"{other.mail} changed the plan of {varied(draw, me)} to team")
        mark = self._mark("free text with a number", part(me, PHONE), *self._household(me, PHONE))
        self._add("activity", mark, f"call {spaced(me.phone)} about the delivery of today")
        digest = draw.choice(me.digests)
        mark = self._mark("hashed address", own(me, MAIL))
        self._add("audience", mark, digest.upper() if me.number % 3 == 0 else digest)
        mark = self._mark("other spelling", own(me, MAIL))
        self._add("newsletter", mark, varied(draw, me), "weekly")
        if me.number % 5 == 0:
            mark = self._mark("soft-deleted row", own(me, MAIL))
            self._add("old_accounts", mark, me.mail, "2024-05-01T00:00:00")
        mark = self._mark("number", own(me, PHONE), *self._household(me, PHONE, True))
        self._add("texts_sent", mark, me.phone.replace("+", "00"), "your parcel is here")

    def _household(self, person: Person, by: str, mine: bool = False) -> list[Any]:
        others = [p for p in self._everybody if p.phone == person.phone and p is not person]
        return [(p, (by,), mine) for p in others]

    def _billed(self, person: Person) -> None:
        customer = self._bill(
            "customers", self._mark("other database", own(person, CODE)), person.code, "GB1"
        )
        if person.number % 2:  # else numbers would be the same in both systems
            mark = self._mark("other database, below", own(person, KEY))
            invoice = self._bill("invoices", mark, customer, 10)
            mark = self._mark("other database, below, no constraint", own(person, KEY))
            self._bill("payments", mark, invoice, "card")


def _added(rows: Rows, next_: dict[str, int], table: str, cells: tuple[Any, ...]) -> int:
    next_[table] += 1
    rows[table].append((next_[table], *cells))
    return next_[table]


def spaced(phone: str) -> str:
    """The number as people write it."""
    return f"+44 {phone[3:7]} {phone[7:]}"


def varied(draw: random.Random, person: Person) -> str:
    """The same mailbox, spelled otherwise."""
    local, _, host = person.mail.partition("@")
    forms = [person.mail, person.mail.upper(), person.mail.title(), f"{local}+{draw.choice('abc')}1@{host}"]
    if host == "gmail.com":
        forms.append(f"{local.replace('.', '')}@googlemail.com")
    return draw.choice(forms)
