"""Writes `expected.yaml`: what a scan of the company has to find, what not, and where people are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.model import Dataset, Field, Store
from ..core.redact import Masker
from . import resources, whereabouts
from .company import Company
from .database import Target
from .files import put
from .keys import key
from .paperwork import dump
from .rows import Tables

_FILES = {
    "logs": Store("logs", "logs"),
    "exports": Store("files", "exports"),
    "registers": Store("registers", "registers"),
    "infra": Store("infra", "infra"),
    "research": Store("files", "research"),
    "outgoing": Store("files", "outgoing"),
    "packages": Store("packages", "packages"),
    "browser": Store("cookies", "browser"),
    "lake": Store("files", "lake"),
}


@dataclass(frozen=True, slots=True)
class Places:
    """Turns the short places of the truth into stores, datasets, fields and their URNs.

    The URNs are masked as a scan with the demo's key masks them: a server's database may have a name
    that looks like a value.
    """

    target: Target
    masker: Masker

    def subject(self, at: Sequence[str]) -> dict[str, Any]:
        """`[store, dataset, field part…]` as it stands in expected.yaml."""
        store, name, *path = at
        dataset = self.masker.dataset(self.dataset(store, name))
        urn = self.masker.field(Field(dataset.urn, tuple(path)), dataset.urn).urn if path else dataset.urn
        found: dict[str, Any] = {"store": dataset.store.urn, "dataset": list(dataset.path)}
        return found | ({"path": path} if path else {}) | {"urn": urn}

    def dataset(self, store: str, name: str) -> Dataset:
        if store == "app":
            return Dataset(self.target.store, (*self.target.path, name))
        return Dataset(_FILES[store], tuple(name.split("/")))


def write(company: Company, tables: Tables, directory: Path, target: Target) -> None:
    put(directory / "expected.yaml", dump(expected(company, tables, directory, target)))


def expected(company: Company, tables: Tables, directory: Path, target: Target) -> dict[str, Any]:
    """The whole truth as plain data."""
    truth = resources.document("truth.yaml")
    places = Places(target, Masker(key(company).derive("names")))
    return {
        "version": 1,
        "violations": [_case(item, places) for item in truth["violations"]],
        "kept": [_case(item, places) for item in truth["kept"]],
        "flows": _flows(truth, places),
        "subjects": whereabouts.subjects(company, tables, directory, places.subject),
        "claims": _claims(truth["claims"]),
    }


def _case(item: dict[str, Any], places: Places) -> dict[str, Any]:
    """One violation or kept promise; a recipient that nothing shows is its own subject."""
    subject = places.subject(item["at"]) if "at" in item else {"urn": item["recipient"]}
    case = {"id": item["id"], "check": item["check"], "subject": subject}
    return case | {key: item.get(key, "") for key in ("recipient", "category", "claim", "note")}


def _flows(truth: dict[str, Any], places: Places) -> list[dict[str, Any]]:
    """Every flow is confirmed: by an export, or by payloads in rows that say where each was sent."""
    return [
        {
            "field": places.subject([store, dataset, *field.split("/")]),
            "recipient": recipient,
            "category": category,
            "status": "confirmed",
        }
        for recipient, datasets in truth["flows"].items()
        for name, fields in datasets.items()
        for store, _, dataset in [name.partition(" ")]
        for field, categories in fields.items()
        for category in ([categories] if isinstance(categories, str) else categories)
    ]


def _claims(verdicts: dict[str, list[str]]) -> dict[str, str]:
    """A verdict for every claim of the declared list; what no check settles is not evaluable."""
    given = {claim: verdict for verdict, claims in verdicts.items() for claim in claims}
    return {c["id"]: given.get(c["id"], "not evaluable") for c in resources.document("claims.yaml")["claims"]}
