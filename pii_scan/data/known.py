"""What we ship about recipients: the processors and the header signatures of their exports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ..core.lineage import Processor
from . import load

#: More headers of `any_of` that a signature needs for a required one that is not there: vendors rename them.
_RENAMED = 2
_WORD = str.maketrans("", "", " _-/()[]{}:.$*")


def normal(header: str) -> str:
    """A header as it is compared: without case, spaces and punctuation."""
    return header.casefold().translate(_WORD)


def key(path: Iterable[str]) -> str:
    """A field path as it is compared: normal parts joined by dots, array marks left out.

    `("card", "number")` of a JSON file and `("card.number",)` of a CSV file are the same.
    """
    words = (normal(word) for part in path for word in part.split("."))
    return ".".join(word for word in words if word)


@dataclass(frozen=True, slots=True)
class Pack:
    """The signature of one export: all of `required` and at least `minimum` of `any_of`.

    One of `required` may be missing where two more of the others are there.

    Headers stand as in the file; nested JSON keys are written with dots. `direction`: `sent` by us,
    `collected` by the recipient, or `both`. `fields` are the categories of headers that say it nowhere
    else, `traps` what a reader of the export easily gets wrong. `match` and `reject` are header rows that
    the tests run.
    """

    id: str
    recipient: str
    dataset: str
    required: tuple[str, ...]
    any_of: tuple[str, ...] = ()
    minimum: int = 0
    source: str = ""
    direction: str = "both"
    fields: Mapping[str, str] = field(default_factory=dict)
    traps: tuple[str, ...] = ()
    match: tuple[tuple[str, ...], ...] = ()
    reject: tuple[tuple[str, ...], ...] = ()

    def hits(self, keys: frozenset[str]) -> int:
        """How many headers of the signature are among `keys` (from `key`); 0 if it does not fit."""
        told = sum(_key(name) in keys for name in self.required)
        extra = sum(_key(name) in keys for name in self.any_of)
        missing = len(self.required) - told
        enough = missing <= 1 and extra >= self.minimum + _RENAMED * missing
        return told + extra if enough else 0

    def labels(self) -> dict[str, str]:
        """The categories by header as it is compared."""
        return {_key(name): category for name, category in self.fields.items()}


def chosen(known: Iterable[Pack], keys: frozenset[str]) -> tuple[int, Pack] | None:
    """The pack with the most headers, and how many; None if two recipients' packs fit equally well."""
    scored = ((pack.hits(keys), pack) for pack in known)
    ranked = sorted(((hits, pack) for hits, pack in scored if hits), key=lambda hit: (-hit[0], hit[1].id))
    best = {pack.recipient for hits, pack in ranked if hits == ranked[0][0]}
    return ranked[0] if len(best) == 1 else None


def _key(written: str) -> str:
    return key((written,))


@cache
def processors() -> tuple[Processor, ...]:
    """The processors that we know, from vendors' own documents."""
    records = load.read("recipients.yaml")["recipients"]
    return tuple(Processor(**{**record, "hosts": tuple(record.get("hosts", ()))}) for record in records)


@cache
def packs() -> tuple[Pack, ...]:
    """The signatures of processors' exports, sorted by id."""
    records = [record for name in load.names("exports") for record in load.read("exports", name)["packs"]]
    return tuple(sorted(map(_pack, records), key=lambda pack: pack.id))


@cache
def vocabulary(name: str) -> Mapping[str, frozenset[str]]:
    """The words of one of our word lists (`egress`, `times`), by what they tell."""
    return {key: frozenset(words) for key, words in load.read(f"{name}.yaml").items()}


def _pack(record: dict[str, Any]) -> Pack:
    lists = {name: tuple(record.get(name, ())) for name in ("required", "any_of", "traps")}
    rows = {name: tuple(map(tuple, record.get(name, ()))) for name in ("match", "reject")}
    return Pack(**{**record, **lists, **rows})
