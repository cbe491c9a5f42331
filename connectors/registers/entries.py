"""From the rows of a register to entries: times, words, counts, and identifiers as keyed hashes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from pii_scan.core.keyed import Key
from pii_scan.core.register import ALIASES, FORMS, REGISTERS, Column, Entry
from pii_scan.core.valueset import ALGORITHMS

_BREAKS: Final = re.compile(r"[^a-z0-9]+")
_DIGEST: Final = re.compile(r"[0-9a-f]{32,128}", re.IGNORECASE)
_WORD_MAX: Final = 80
_SHOWN: Final = 3
_SCALAR: Final = (str, int, float, date)
#: Names of registers in files and tables, without their plural, in words that companies use.
_NAMES: Final = {
    "incident": "incidents", "breach": "incidents", "data_breach": "incidents",
    "request": "requests", "dsar": "requests", "data_subject_request": "requests",
    "erasure": "erasures", "deletion": "erasures", "objection": "objections",
    "legal_hold": "legal_holds", "hold": "legal_holds",
    "contract": "contracts", "dpa": "contracts", "processor": "contracts",
    "policy_version": "policy_versions", "version": "policy_versions",
    "notice": "notices", "export": "exports", "staff_access": "staff_access", "access": "staff_access",
}  # fmt: skip


def plain(name: str) -> str:
    return _BREAKS.sub("_", name.strip().lower()).strip("_")


def register_of(name: str) -> str:
    """The register that a file or table of this name holds; nothing for any other."""
    stem = plain(name.rpartition(".")[0] or name)
    if stem in REGISTERS:
        return stem
    single = stem.removesuffix("es") if stem.endswith("breaches") else stem.removesuffix("s")
    return _NAMES.get(stem, _NAMES.get(single, ""))


@dataclass(slots=True)
class Faults:
    """What of a register could not be understood, without a word of it."""

    rows: dict[str, list[int]] = field(default_factory=dict)
    unknown: int = 0
    missing: tuple[str, ...] = ()

    def add(self, what: str, row: int) -> None:
        self.rows.setdefault(what, []).append(row)

    def lines(self) -> Iterator[tuple[str, int]]:
        """What is wrong, and in how many rows, which a check will lack."""
        if self.missing:
            yield f"the column {', '.join(self.missing)} is missing", 1
        for what, rows in sorted(self.rows.items()):
            more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
            yield f"{what} in row {', '.join(map(str, rows[:_SHOWN]))}{more}", len(rows)
        if self.unknown:
            yield f"{self.unknown} columns are not among the documented ones and were left out", 0


def entries(
    register: str,
    dataset: str,
    label: str,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    key: Key,
    faults: Faults,
) -> Iterator[Entry]:
    """An entry for each row that has what is required; the others are counted in `faults`."""
    columns = {column.name: column for column in REGISTERS[register]}
    seen: set[str] = set()
    for number, row in rows:
        named = _named(row, columns)
        seen |= set(row)
        values: dict[str, str] = {}
        for name, text in named.items():
            value = _value(columns[name], text, key)
            if value is None:
                faults.add(f"{name} is {_WANTED[columns[name].kind]}", number)
            elif value:
                values |= {name: value} | _forms(columns[name], text, key)
        missing = [c.name for c in columns.values() if c.required and c.name not in values]
        if missing and named:
            faults.add(f"{' and '.join(missing)} is empty", number)
        if not missing:
            yield Entry(register, dataset, f"{label} row {number}", values)
    present = {ALIASES.get(plain(name), plain(name)) for name in seen}
    faults.unknown = sum(ALIASES.get(plain(name), plain(name)) not in columns for name in seen)
    if seen:
        faults.missing = tuple(c.name for c in columns.values() if c.required and c.name not in present)


_WANTED: Final = {
    "time": "no date or time as 2026-01-31 or 2026-01-31T12:00:00Z",
    "count": "no number",
    "digest": "no digest of hex digits",
    "word": f"longer than {_WORD_MAX} characters",
    "id": f"longer than {_WORD_MAX} characters",
    "identifier": "no identifier",
}


def _named(row: Mapping[str, str], columns: Mapping[str, Column]) -> dict[str, str]:
    named: dict[str, str] = {}
    for name, text in row.items():
        known = plain(name)
        known = known if known in columns else ALIASES.get(known, known)
        if known in columns and text.strip():
            named.setdefault(known, text.strip())
    return named


def _value(column: Column, text: str, key: Key) -> str | None:
    """The value as it may leave the register; None if it is none of its kind."""
    if column.kind == "time":
        return _time(text)
    if column.kind == "count":
        return text if text.isdecimal() else None
    if column.kind == "digest":
        return text.lower() if _DIGEST.fullmatch(text) else None
    if column.kind == "identifier":
        return keyed(text, key)
    return text if len(text) <= _WORD_MAX else None


def keyed(text: str, key: Key) -> str:
    """A digest that the company made itself as it is; anything else keyed, without regard to case."""
    return text.lower() if _DIGEST.fullmatch(text) else keyed_text(text, key)


def keyed_text(text: str, key: Key) -> str:
    return key.digest(text.strip().casefold(), 16).hex()


def _forms(column: Column, text: str, key: Key) -> dict[str, str]:
    """What an address looks like where somebody hashed it first, keyed."""
    if column.kind != "identifier" or "@" not in text:
        return {}
    raw = text.strip().casefold().encode()
    digests = (hashlib.new(name, raw, usedforsecurity=False).hexdigest() for name in ALGORITHMS)
    return {column.name + FORMS: " ".join(keyed_text(digest, key) for digest in digests)}


def _time(text: str) -> str | None:
    """ISO 8601, in UTC if it has a time; a time without a zone is taken for UTC."""
    cleaned = text.replace("/", "-")
    try:
        if len(cleaned) == 10:
            return date.fromisoformat(cleaned).isoformat()
        moment = datetime.fromisoformat(cleaned)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def records(document: object) -> Sequence[Mapping[str, str]]:
    """The entries of a YAML or JSON register: a list of mappings, or one under a single key."""
    if isinstance(document, Mapping) and len(document) == 1:
        document = next(iter(document.values()))
    if not isinstance(document, list):
        return ()
    return [
        {str(name): str(value) for name, value in item.items() if isinstance(value, _SCALAR)}
        for item in document
        if isinstance(item, Mapping)
    ]
