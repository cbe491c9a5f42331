"""The inventory for machine readers; `schema/inventory.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pii_scan.core.decision import Suppressed
from pii_scan.core.detection import Detection, Evidence, unseen_bound
from pii_scan.core.inventory import Coverage, Inventory
from pii_scan.core.lineage import Flow, FlowEvidence
from pii_scan.core.model import Dataset, Field, Store
from pii_scan.core.register import Entry
from pii_scan.core.setting import Setting

from .overview import Receiver, receivers

SCHEMA_VERSION: Final = "1.0"
#: Digits that shares and weights keep: more would be noise of the machine's arithmetic.
DIGITS: Final = 6


def inventory_document(inventory: Inventory) -> dict[str, Any]:
    """Stores, datasets, fields with their detections, flows, recipients and coverage, all sorted."""
    homes = {dataset.urn: dataset for dataset in inventory.datasets}
    found = inventory.by_field()
    suppressed: dict[str, list[Suppressed]] = {}
    for one in inventory.suppressed:
        suppressed.setdefault(one.detection.field, []).append(one)
    return {
        "schema_version": SCHEMA_VERSION,
        "run": _run(inventory),
        "stores": [_store(s) for s in sorted(inventory.stores, key=lambda s: s.urn)],
        "datasets": [_dataset(d) for d in sorted(inventory.datasets, key=lambda d: d.urn)],
        "fields": [
            _field(inventory, f, homes, found.get(f.urn, ()), suppressed.get(f.urn, ()))
            for f in sorted(inventory.fields, key=lambda f: f.urn)
        ],
        "flows": [_flow(f) for f in sorted(inventory.flows, key=_flow_order)],
        "recipients": [_recipient(r) for r in sorted(receivers(inventory), key=lambda r: r.processor.id)],
        "coverage": [_coverage(c) for c in sorted(inventory.coverage, key=lambda c: c.dataset)],
        "settings": [_setting(s) for s in inventory.settings],
        "registers": [_entry(e) for e in inventory.entries],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS) + 0.0


def _run(inventory: Inventory) -> dict[str, Any]:
    run = inventory.run
    return {
        "id": run.id,
        "started": run.started,
        "finished": run.finished,
        "as_of": run.as_of,
        "mode": run.mode,
        "seed": run.seed,
        "version": run.version,
        "state": run.state,
    }


def _store(store: Store) -> dict[str, Any]:
    return {
        "urn": store.urn,
        "kind": store.kind,
        "name": store.name,
        "owner": store.owner,
        "region": store.region,
        "role": store.role,
        "purpose": store.purpose,
        "tags": sorted(store.tags),
        "default_path": list(store.default_path),
    }


def _dataset(dataset: Dataset) -> dict[str, Any]:
    return {
        "urn": dataset.urn,
        "store": dataset.store.urn,
        "path": list(dataset.path),
        "kind": dataset.kind,
        "rows_estimate": dataset.rows,
    }


def _field(
    inventory: Inventory,
    field: Field,
    homes: Mapping[str, Dataset],
    found: Sequence[Detection],
    suppressed: Sequence[Suppressed],
) -> dict[str, Any]:
    home = homes.get(field.dataset)
    detections = [
        *(_detection(inventory, d) for d in found),
        *(_detection(inventory, s.detection) | {"suppressed": _suppressed(s)} for s in suppressed),
    ]
    return {
        "urn": field.urn,
        "store": home.store.urn if home else "",
        "dataset": list(home.path) if home else [],
        "path": list(field.path),
        "type": field.type,
        "references": field.references,
        "detections": sorted(detections, key=lambda d: (d["category"], d["verdict"], "suppressed" in d)),
    }


def _suppressed(found: Suppressed) -> dict[str, Any]:
    """Who says that the detection does not count, why, and until when."""
    decision = found.decision
    return {
        "decision": decision.id,
        "owner": decision.owner,
        "reason": decision.reason,
        "expires": decision.expires.isoformat() if decision.expires else None,
    }


def _detection(inventory: Inventory, found: Detection) -> dict[str, Any]:
    return {
        "category": found.category,
        "label": inventory.taxonomy.label(found.category),
        "special": inventory.taxonomy.is_special(found.category),
        "verdict": found.verdict,
        "protection": found.protection,
        "confidence": _rounded(found.confidence),
        "share": _rounded(found.share),
        "low": _rounded(found.low),
        "high": _rounded(found.high),
        "count": found.count,
        "estimated": found.estimated,
        "places": list(found.places),
        "evidence": [_evidence(e) for e in sorted(found.evidence, key=_evidence_order)],
    }


def _evidence_order(evidence: Evidence) -> tuple[str, str, str, str]:
    return evidence.kind, evidence.detector, evidence.category, evidence.detail


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "kind": evidence.kind,
        "detector": evidence.detector,
        "category": evidence.category,
        "weight": _rounded(evidence.weight),
        "detail": evidence.detail,
    }


def _flow_order(flow: Flow) -> tuple[str, str, str, str]:
    return flow.field, flow.recipient, flow.category, flow.status


def _flow(flow: Flow) -> dict[str, Any]:
    ordered = sorted(flow.evidence, key=lambda e: (e.kind, e.locator, e.detail, e.count, e.confidence))
    return {
        "field": flow.field,
        "recipient": flow.recipient,
        "category": flow.category,
        "status": flow.status,
        "masking": flow.masking,
        "evidence": [_flow_evidence(e) for e in ordered],
    }


def _flow_evidence(evidence: FlowEvidence) -> dict[str, Any]:
    return {
        "kind": evidence.kind,
        "tier": evidence.tier,
        "locator": evidence.locator,
        "detail": evidence.detail,
        "count": evidence.count,
        "confidence": _rounded(evidence.confidence),
    }


def _recipient(receiver: Receiver) -> dict[str, Any]:
    processor = receiver.processor
    return {
        "id": processor.id,
        "name": processor.name,
        "role": processor.role,
        "function": processor.function,
        "region": processor.region,
        "parent": processor.parent,
        "declared": receiver.declared,
        "status": receiver.status,
        "categories": list(receiver.categories),
        "fields": receiver.fields,
    }


def _setting(setting: Setting) -> dict[str, str]:
    return {
        "subject": setting.subject,
        "name": setting.name,
        "value": setting.value,
        "detail": setting.detail,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    """One line of a register; identifiers of people in it are keyed."""
    return {
        "register": entry.register,
        "dataset": entry.dataset,
        "place": entry.place,
        "values": dict(sorted(entry.values.items())),
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    """`unseen` is the largest share of rows that the sample may have missed, with 95% confidence."""
    bound = unseen_bound(coverage.rows) if coverage.state == "sampled" else None
    return {
        "dataset": coverage.dataset,
        "state": coverage.state,
        "rows": coverage.rows,
        "bytes": coverage.bytes,
        "total": coverage.total,
        "reason": coverage.reason,
        "planned": coverage.planned,
        "missed": coverage.missed,
        "unseen": _rounded(bound),
    }
