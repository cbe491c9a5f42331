"""Companies made harder: what real exports do to values, and decoys that look like what was handed on.

Each trait is a function of its own; all of them may be asked for together. What no method can match any more
(salted hashes, values that were cut) is taken out of the truth, so that telling it would be false.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Final

from .company import HEADERS, Company, Row, person

#: Salts, and the characters that a cut address keeps.
_SALT: Final = "pepper:"
_CUT: Final = 9
#: The share of rows that were changed since, and that of other people's rows beside ours.
_CHANGED: Final = 0.05
_OTHERS: Final = 1.0
#: Numbers that many systems give one after the other, of which each table and export has some.
_TICKETS: Final = range(100_000, 102_000)
#: Of so many exports one is varied by each trait that would hide what it changes.
_EVERY: Final = 3
Exports = dict[str, list[Row]]
Trait = Callable[[Company, Random], Company]


def varied(made: Company, traits: Sequence[str], seed: int) -> Company:
    """The company with each of the traits, in their order."""
    for name in traits:
        made = TRAITS[name](made, Random(f"{name}:{seed}"))
    return made


def _column(rows: Sequence[Row], name: str) -> str:
    """The header under which an export has a column of ours; empty if it does not."""
    return next((header for header in HEADERS[name] if header in rows[0]), "")


def _each(made: Company, name: str, change: Callable[[str], str], every: int = 1, first: int = 0) -> Company:
    """Every so many exports with one column changed."""
    exports = dict(made.exports)
    for place, (file, rows) in enumerate(made.exports.items()):
        header = _column(rows, name)
        if header and place % every == first:
            exports[file] = [row | {header: change(row[header])} for row in rows]
    return replace(made, exports=exports)


def _hidden(made: Company, other: Company, name: str) -> Company:
    """`other` without the flows of a column in the exports where it was changed."""
    gone = {file for file, rows in other.exports.items() if rows != made.exports[file]}
    kept = {flow for flow in made.truth if not (flow[1] in gone and flow[0].endswith(f"#{name}"))}
    return replace(other, truth=frozenset(kept))


def _changed(made: Company, rng: Random) -> Company:
    """Some people have another address and number since."""

    def since(row: Row) -> Row:
        if rng.random() >= _CHANGED:
            return row
        fresh = person(rng, 0, f"new{rng.randrange(10**6)}x")
        heads = {name: _column([row], name) for name in HEADERS}
        plain = {head: fresh[name] for name, head in heads.items() if _plain(head, row)}
        return row | plain

    return replace(made, exports={file: list(map(since, rows)) for file, rows in made.exports.items()})


def _phones(made: Company, rng: Random) -> Company:
    """Numbers as people write them: national, with marks, with 00."""
    ways: tuple[Callable[[str], str], ...] = (
        lambda digits: f"0{digits[:1]} {digits[1:3]} {digits[3:5]} {digits[5:7]} {digits[7:]}",
        lambda digits: f"+33 (0){digits[:1]}.{digits[1:3]}.{digits[3:5]}.{digits[5:7]}.{digits[7:]}",
        lambda digits: f"0033{digits}",
        lambda digits: f"0{digits}",
    )

    def written(number: str) -> str:
        return rng.choice(ways)(number.removeprefix("+33"))

    return _each(made, "phone", written)


def _case(made: Company, rng: Random) -> Company:
    """Addresses in any case, with space around."""
    ways: tuple[Callable[[str], str], ...] = (
        str.upper,
        str.title,
        lambda t: f" {t}",
        lambda t: f"{t}  ",
        str,
    )
    return _each(made, "email", lambda text: rng.choice(ways)(text) if "@" in text else text)


def _salted(made: Company, rng: Random) -> Company:
    def salted(text: str) -> str:
        return hashlib.sha256((_SALT + text).encode()).hexdigest()

    return _hidden(made, _each(made, "email", salted, _EVERY), "email")


def _cut(made: Company, rng: Random) -> Company:
    return _hidden(made, _each(made, "email", lambda text: text[:_CUT], _EVERY, 1), "email")


def _payloads(made: Company, rng: Random) -> Company:
    """Columns of ours in one column of JSON."""
    exports: Exports = {}
    for place, (file, rows) in enumerate(made.exports.items()):
        heads = [head for name in HEADERS if (head := _column(rows, name))]
        if place % _EVERY or not heads:
            exports[file] = rows
            continue
        exports[file] = [
            {k: v for k, v in row.items() if k not in heads}
            | {"payload": json.dumps({"event": "created", "contact": {head: row[head] for head in heads}})}
            for row in rows
        ]
    return replace(made, exports=exports)


def _split(made: Company, rng: Random) -> Company:
    """Full names in two columns: without the full name nothing is told of it."""
    exports = dict(made.exports)
    for file, rows in made.exports.items():
        head = _column(rows, "full_name")
        if head:
            exports[file] = [
                {k: v for k, v in row.items() if k != head}
                | dict(zip(("First Name", "Last Name"), row[head].split(" ", 1), strict=True))
                for row in rows
            ]
    return _hidden(made, replace(made, exports=exports), "full_name")


def _twice(made: Company, rng: Random) -> Company:
    """Some recipients gave a second export, of half of the rows: too few of some tables to be told."""
    exports = dict(made.exports)
    for place, (file, rows) in enumerate(made.exports.items()):
        if place % _EVERY == 0:
            exports[file.replace(".csv", "_again.csv")] = rows[::2]
    return replace(made, exports=exports)


def _superset(made: Company, rng: Random) -> Company:
    """Other people's rows beside ours, under the same headers."""
    exports = {}
    for number, (file, rows) in enumerate(made.exports.items()):
        heads = {name: _column(rows, name) for name in HEADERS}
        more = []
        for row in rng.sample(rows, int(len(rows) * _OTHERS * rng.random())):
            other = person(rng, 0, f"others{number}x")
            more.append(row | {head: other[name] for name, head in heads.items() if _plain(head, row)})
        # Of hashed addresses other hashes are added.
        hashed = heads["email"] and not _plain(heads["email"], rows[0])
        if hashed:
            length = len(rows[0][heads["email"]])
            more = [row | {heads["email"]: f"{rng.getrandbits(length * 4):0{length}x}"} for row in more]
        exports[file] = [*rows, *more]
        rng.shuffle(exports[file])
    return replace(made, exports=exports)


def _plain(head: str, row: Mapping[str, str]) -> bool:
    return bool(head) and not (len(row[head]) >= 32 and row[head].isalnum())


def _decoys(made: Company, rng: Random) -> Company:
    """Numbers, dates, marks and lists of a few that all systems share."""

    def more(row: Row) -> Row:
        birth = (rng.randrange(1940, 2006), rng.randrange(1, 13), rng.randrange(1, 29))
        return row | {
            "ticket": str(rng.choice(_TICKETS)),
            "active": rng.choice(("true", "false")),
            "rating": str(rng.randrange(1, 6)),
            "plan": rng.choice(("free", "solo", "team")),
            "birth_date": "{}-{:02}-{:02}".format(*birth),
        }

    def partners(row: Row) -> Row:
        made = more(row)
        year, month, day = made["birth_date"].split("-")
        return made | {"birth_date": f"{day}/{month}/{year}"}

    return replace(
        made,
        tables={name: list(map(more, rows)) for name, rows in made.tables.items()},
        exports={name: list(map(partners, rows)) for name, rows in made.exports.items()},
    )


TRAITS: Final[Mapping[str, Trait]] = {
    "changed": _changed,
    "superset": _superset,
    "phones": _phones,
    "case": _case,
    "salted": _salted,
    "cut": _cut,
    "split": _split,
    "decoys": _decoys,
    "twice": _twice,
    "payloads": _payloads,
}
