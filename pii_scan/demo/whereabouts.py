"""Where a few people occur: the truth for the question "where is this person's data"."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from .company import Company
from .people import Person
from .rows import Tables

Place = tuple[str, ...]


def subjects(
    company: Company, tables: Tables, directory: Path, place: Callable[[list[str]], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Three users and three guests, with every field that holds their e-mail address and how many rows do."""
    chosen = {"user": company.users[0:3], "guest": _frequent(company, tables)}
    people = {person.email: person for group in chosen.values() for person in group}
    found: dict[str, Counter[Place]] = {email: Counter() for email in people}
    for at, value in _values(tables, directory / "exports"):
        if value in found:
            found[value][at] += 1
    return [
        _subject(kind, person, found[person.email], place)
        for kind, group in chosen.items()
        for person in group
    ]


def _subject(
    kind: str, person: Person, places: Counter[Place], place: Callable[[list[str]], dict[str, Any]]
) -> dict[str, Any]:
    listed = [place(list(at)) | {"rows": rows} for at, rows in sorted(places.items())]
    return {"identifier": person.email, "kind": kind, "places": listed}


def _frequent(company: Company, tables: Tables) -> list[Person]:
    """The guests who book most, so that they occur in many places."""
    seats = Counter(row["email"] for row in tables["attendees"])
    return sorted(company.guests, key=lambda guest: (-seats[guest.email], guest.number))[:3]


def _values(tables: Tables, exports: Path) -> Iterator[tuple[Place, str]]:
    """Every text with the place of its field; a value counts once a row and field."""
    for name, rows in tables.items():
        for row in rows:
            yield from (((*("app", name), *path), value) for path, value in set(_leaves(row, ())))
    for name, records in _records(exports):
        for record in records:
            yield from (((*("exports", name), *path), value) for path, value in set(_leaves(record, ())))


def _leaves(value: Any, path: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, (*path, "[]"))
    elif isinstance(value, str):
        if value[:1] in "{[" and value:
            yield from _leaves(json.loads(value), path)
        else:
            yield path, value


def _records(exports: Path) -> Iterator[tuple[str, Iterable[Any]]]:
    """The records of the tabular and JSON exports that can be read; free text is left to the scan."""
    for path in sorted(exports.rglob("*")):
        name = path.relative_to(exports).as_posix()
        if path.suffix == ".csv" and "zoom" not in name:
            yield name, _table(path.read_text(encoding="utf-8"))
        elif path.suffix == ".ndjson":
            yield name, map(json.loads, path.read_text(encoding="utf-8").splitlines())
        elif name.endswith(".json.gz"):
            yield name, map(json.loads, gzip.decompress(path.read_bytes()).decode().splitlines())
        elif path.suffix == ".json":
            yield name, json.loads(path.read_text(encoding="utf-8"))
        elif name == "mailchimp/audience.zip":
            with zipfile.ZipFile(path) as archive:
                for member in archive.namelist():
                    yield f"{name}/{member}", _table(archive.read(member).decode())


def _table(text: str) -> Iterable[Any]:
    return csv.DictReader(io.StringIO(text, newline=""))
