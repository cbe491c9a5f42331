"""Findings, claims and the inventory's tables, ready for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pii_scan.core.declaration import Claim
from pii_scan.core.detection import Detection
from pii_scan.core.finding import ClaimVerdict, Finding
from pii_scan.core.inventory import Coverage, Inventory
from pii_scan.core.lineage import Processor
from pii_scan.core.model import Dataset, Field, Store

from .. import ranking
from .cutting import Cut, cut_at

FINDINGS: Final = 300
#: Datasets whose tables stand open when the page opens: only of a small inventory.
OPEN_BELOW: Final = 40
NAMES: Final = 60


@dataclass(frozen=True, slots=True)
class FindingRow:
    finding: Finding
    claim: Claim | None
    recipient: Processor | None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    verdict: ClaimVerdict
    claim: Claim | None


@dataclass(frozen=True, slots=True)
class FieldRow:
    field: Field
    detections: tuple[Detection, ...]


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """A dataset with the fields that hold personal data, and the names of those that don't."""

    dataset: Dataset
    coverage: Coverage | None
    fields: tuple[FieldRow, ...]
    clean: Cut[Field]
    special: int


@dataclass(frozen=True, slots=True)
class StoreRow:
    store: Store
    datasets: tuple[DatasetRow, ...]
    bare: tuple[DatasetRow, ...]


@dataclass(frozen=True, slots=True)
class Stores:
    stores: tuple[StoreRow, ...]
    left: int
    open: bool


def findings(inventory: Inventory) -> Cut[FindingRow]:
    declared = inventory.declaration
    claims = {claim.id: claim for claim in declared.claims} if declared else {}
    rows = [
        FindingRow(f, claims.get(f.claim), inventory.processor(f.recipient) if f.recipient else None)
        for f in ranking.findings(inventory.findings)[:FINDINGS]
    ]
    return Cut(tuple(rows), max(0, len(inventory.findings) - FINDINGS))


def claims(inventory: Inventory) -> list[ClaimRow]:
    """What fails first, then by id."""
    declared = inventory.declaration
    known = {claim.id: claim for claim in declared.claims} if declared else {}
    ranked = sorted(inventory.claims, key=lambda c: (ranking.VERDICTS.index(c.verdict), c.id))
    return [ClaimRow(verdict, known.get(verdict.id)) for verdict in ranked]


def stores(inventory: Inventory, limit: int) -> Stores:
    """Every store with its datasets; at most `limit` fields with personal data in all."""
    found, covered = inventory.by_field(), {c.dataset: c for c in inventory.coverage}
    fields: dict[str, list[Field]] = {}
    for field in inventory.fields:
        fields.setdefault(field.dataset, []).append(field)
    rows: dict[str, list[DatasetRow]] = {}
    left, room = 0, limit
    for dataset in sorted(inventory.datasets, key=lambda d: d.urn):
        row = _dataset(inventory, dataset, covered.get(dataset.urn), fields.get(dataset.urn, ()), found)
        kept = row.fields[: max(0, room)]
        left += len(row.fields) - len(kept)
        room -= len(kept)
        if kept or not row.fields:
            rows.setdefault(dataset.store.urn, []).append(
                DatasetRow(dataset, row.coverage, kept, row.clean, row.special)
            )
    listed = sorted(inventory.stores, key=lambda s: s.urn)
    return Stores(
        tuple(_store(store, rows.get(store.urn, ())) for store in listed), left, limit - room < OPEN_BELOW
    )


def _store(store: Store, rows: Sequence[DatasetRow]) -> StoreRow:
    return StoreRow(
        store, tuple(row for row in rows if row.fields), tuple(row for row in rows if not row.fields)
    )


def _dataset(
    inventory: Inventory,
    dataset: Dataset,
    coverage: Coverage | None,
    fields: Sequence[Field],
    found: Mapping[str, tuple[Detection, ...]],
) -> DatasetRow:
    ordered = sorted(fields, key=lambda f: f.path)
    rows = tuple(FieldRow(f, found[f.urn]) for f in ordered if f.urn in found)
    special = sum(any(inventory.taxonomy.is_special(d.category) for d in row.detections) for row in rows)
    return DatasetRow(
        dataset, coverage, rows, cut_at([f for f in ordered if f.urn not in found], NAMES), special
    )
