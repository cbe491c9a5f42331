"""A generated company: tables of its own, exports of recipients made from them, and who got what.

Some tables are whole copies of others, some hold half the people of another one beside people of their own.
Exports rename, reorder, draw a part, change the case, hash in three ways or merge two tables, often
unevenly. Decoys look like that and are not: other people of the same mail domains and with the same names,
counters that overlap, shared countries, lists of a few, unrelated ids, and in the exports themselves the
names of the partner's staff beside our people.
"""

from __future__ import annotations

import csv
import hashlib
import sqlite3
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

_GIVEN_TEXT: Final = """
Ana Boris Chloe David Elena Farid Greta Hugo Ines Jonas Karin Lukas Maria Nadia Oscar Paula Quentin Rosa
Stefan Teresa Ulrich Vera Walter Yasmin Zoe Pierre Julia Thomas Laura Martin
"""
_FAMILY_TEXT: Final = """
Almeida Berger Costa Dupont Eriksen Fischer Garcia Haas Ivanova Jansen Keller Lopez Martin Novak Olsen Pereira
Quint Rossi Schmidt Tanaka Urban Vidal Weber Young Zimmermann Moreau Lambert Petit Roux Simon Richter Wagner
Becker Hoffmann Koch Bauer Klein Wolf Santos Silva Ferrari Romano Ricci Marino
"""
#: Names of other places, which fewer lists know.
_FURTHER_GIVEN: Final = """
Aarav Ayşe Bogdan Chidi Dimitris Ewa Fatima Gülşen Hiroshi Ibrahim Jakub Katarzyna László Mehmet Ngozi
Oluwaseun Priya Rajesh Siobhán Tomáš Ursula Vytautas Wanjiru Xiulan Yuki Zsófia Željko Ólafur Éowyn Łukasz
"""
_FURTHER_FAMILY: Final = """
Adeyemi Bjarnason Çelik Dvořák Eze Fernández Górski Håkansson İbrahimoğlu Jurić Kowalczyk Lindqvist Mbeki Nagy
Okonkwo Papadopoulos Quispe Rahman Szabó Takahashi Uzun Vasquez Watanabe Xu Yıldız Zielińska Ó'Brien D'Angelo
Nguyen Kaplan Horváth Petrović Ivanov Mutua Sharma Iyer Banerjee
"""
#: Given and family names that a company's people have.
Names = tuple[tuple[str, ...], tuple[str, ...]]
NAMES: Final[Names] = (tuple(_GIVEN_TEXT.split()), tuple(_FAMILY_TEXT.split()))
FURTHER: Final[Names] = (tuple(_FURTHER_GIVEN.split()), tuple(_FURTHER_FAMILY.split()))
#: How many rows a table has.
_ROWS: Final = (80, 400)
_FEW_ROWS: Final = (30, 120)
_COUNTRIES: Final = ("FR", "DE", "ES", "IT", "NL", "BE", "PT", "SE", "PL", "AT", "DK", "FI", "IE", "CZ", "HU")
#: Most people are with few services, the others with their company.
_DOMAINS: Final = (
    *("mail.example", "post.example") * 12,
    *("letters.example", "inbox.test", "box.example.org") * 3,
    *(f"corp{n}.example" for n in range(20)),
)
#: What an export may call a column of ours.
HEADERS: Final = {
    "email": ("email", "Customer Email", "e_mail", "recipient", "subscriber", "Contact E-Mail"),
    "phone": ("phone", "Phone Number", "mobile", "tel"),
    "user_uuid": ("external_id", "customer_ref", "user_uuid"),
    "full_name": ("Full Name", "name", "customer_name"),
}
#: Of so many tables one is a whole copy of an earlier one, and one holds half of the people of one.
_COPIED: Final = 6
#: Of so many exports one names who of the partner looks after each customer.
_STAFFED: Final = 4
#: The transformations of addresses in turn.
_FORMS: Final[dict[str, Callable[[str], str]]] = {
    "plain": str,
    "upper": str.upper,
    "md5": lambda text: hashlib.md5(text.encode()).hexdigest(),
    "sha1": lambda text: hashlib.sha1(text.encode()).hexdigest(),
    "sha256": lambda text: hashlib.sha256(text.encode()).hexdigest(),
    "tagged": lambda text: text.replace("@", "+news@"),
}
Row = dict[str, str]
Flow = tuple[str, str]


@dataclass(frozen=True)
class Company:
    """Our tables by name, the exports by file name, and the true flows (our `table#field`, file).

    `copies` gives for a table that is a whole copy the one that it is of: no value tells them apart, so that
    both are named by the first.
    """

    tables: dict[str, list[Row]] = field(repr=False)
    exports: dict[str, list[Row]] = field(repr=False)
    truth: frozenset[Flow]
    copies: dict[str, str] = field(default_factory=dict)

    def named(self, flow: Flow) -> Flow:
        table, _, column = flow[0].partition("#")
        return f"{self.copies.get(table, table)}#{column}", flow[1]

    def write(self, folder: Path) -> None:
        with closing(sqlite3.connect(folder / "app.db")) as base, base:
            for name, rows in self.tables.items():
                columns = list(rows[0])
                base.execute(f"CREATE TABLE {name} ({', '.join(f'{c} TEXT' for c in columns)})")
                marks = ", ".join("?" * len(columns))
                base.executemany(f"INSERT INTO {name} VALUES ({marks})", [list(r.values()) for r in rows])
        (folder / "exports").mkdir()
        for name, rows in self.exports.items():
            with (folder / "exports" / name).open("w", newline="", encoding="utf-8") as out:
                writer = csv.DictWriter(out, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)


def person(rng: Random, number: int, realm: str, names: Names = NAMES) -> Row:
    """One row; `realm` keeps people of one table apart from those of another with the same domains."""
    given, family = map(rng.choice, names)
    local = f"{_latin(given)}.{_latin(family)}.{realm}{rng.randrange(10**7)}"
    return {
        "id": str(number),
        "full_name": f"{given} {family}",
        "email": f"{local}@{rng.choice(_DOMAINS)}".lower(),
        "phone": f"+336{rng.randrange(10**8):08d}",
        "user_uuid": str(UUID(int=rng.getrandbits(128), version=4)),
        "country": rng.choice(_COUNTRIES),
    }


def _latin(name: str) -> str:
    """A name as addresses have it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(filter(str.isalpha, plain))


def company(fields: int, exports: int, seed: int, *, further: bool = False, small: bool = False) -> Company:
    """Tables with about so many fields in all, and so many exports, a fifth of them decoys.

    `further` draws names of more places, `small` makes tables of few rows.
    """
    rng = Random(f"lineage:{seed}")
    names = [f"t{n:03d}_people" for n in range(max(2, fields // 6))]
    tables, copies = _tables(rng, names, FURTHER if further else NAMES, _FEW_ROWS if small else _ROWS)
    made: dict[str, list[Row]] = {}
    truth: set[Flow] = set()
    for number in range(exports):
        file = f"partner{number:03d}.csv"
        if number % 5 == 4:
            made[file] = _decoy(rng, number)
            continue
        chosen = rng.sample([n for n in names if n not in copies], 2 if number % 7 == 3 else 1)
        # Of a second table there are often far fewer.
        rows = [
            row
            for place, name in enumerate(chosen)
            for row in _drawn(rng, tables[name], rng.randrange(25, 60) if place else rng.randrange(60, 80))
        ]
        made[file] = _handed_on(rng, rows, number)
        if number % _STAFFED == 1:
            made[file] = _staffed(Random(f"staff:{seed}:{number}"), made[file])
        kept = {name for name in HEADERS if _has(made[file], name)}
        truth |= {(f"{name}#{one}", file) for name in chosen for one in kept}
    return Company(tables, made, frozenset(truth), copies)


def _drawn(rng: Random, rows: Sequence[Row], most: int) -> list[Row]:
    return rng.sample(rows, min(most, len(rows)))


def _tables(
    rng: Random, names: Sequence[str], people: Names, size: tuple[int, int]
) -> tuple[dict[str, list[Row]], dict[str, str]]:
    """Tables by name, and of which each whole copy is."""
    tables: dict[str, list[Row]] = {}
    copies: dict[str, str] = {}
    for place, name in enumerate(names):
        rows = [person(rng, n, f"{place}x", people) for n in range(1, rng.randrange(*size))]
        originals = [one for one in tables if one not in copies]
        if place % _COPIED == _COPIED - 1:
            copies[name] = rng.choice(originals)
            rows = list(tables[copies[name]])
        elif place % _COPIED == _COPIED // 2:
            other = tables[rng.choice(originals)]
            rows += rng.sample(other, len(other) // 2)
        rng.shuffle(rows)
        tables[name] = rows
    return tables, copies


def _has(rows: Sequence[Row], name: str) -> bool:
    return any(header in rows[0] for header in HEADERS[name])


def _handed_on(rng: Random, rows: list[Row], number: int) -> list[Row]:
    """The rows in another order under other headers, addresses in one of the forms."""
    form = list(_FORMS.values())[number % len(_FORMS)]
    kept = ["email", *(name for name in ("phone", "user_uuid", "full_name") if rng.random() < 0.5)]
    headers = {name: rng.choice(HEADERS[name]) for name in kept}
    rng.shuffle(rows)
    order = rng.sample(kept, len(kept))
    return [
        {
            "row": str(place),
            **{headers[n]: form(row[n]) if n == "email" else row[n] for n in order},
            "country": row["country"],
        }
        for place, row in enumerate(rows, 1)
    ]


def _staffed(rng: Random, rows: list[Row]) -> list[Row]:
    return [row | {"account_manager": person(rng, 0, "staff")["full_name"]} for row in rows]


def _decoy(rng: Random, number: int) -> list[Row]:
    """People that we do not have, under ids and in countries that we do have; or a list of a few."""
    few = number % 10 == 9
    rows = [person(rng, n, f"decoy{number}x") for n in range(1, 15 if few else 150)]
    return [{name: r[name] for name in ("id", "full_name", "email", "phone", "country")} for r in rows]
