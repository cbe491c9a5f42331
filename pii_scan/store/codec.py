"""Rows to values and back. Paths, tags and evidence are canonical JSON; sketches packed integers."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple
from datetime import datetime
from typing import Any

from ..core.decision import Acceptance
from ..core.detection import Detection, Evidence
from ..core.finding import ClaimVerdict, Finding
from ..core.inventory import Coverage, ScanRun
from ..core.lineage import Flow, FlowEvidence, Link
from ..core.mapping import Mapping as Mapped
from ..core.mapping import Place
from ..core.model import Dataset, Field, Store
from ..core.profile import Profile
from ..core.query import Edge
from ..core.register import Entry
from ..core.setting import Setting
from .tables import key_of

Row = dict[str, Any]


def dump(value: Any) -> str:
    """Canonical JSON in ASCII."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def strings(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def run_row(run: ScanRun) -> Row:
    return asdict(run)


def run_of(row: Mapping[str, Any]) -> ScanRun:
    return ScanRun(**{name: row[name] for name in ScanRun.__slots__})


def store_row(store: Store) -> Row:
    return asdict(store) | {
        "key": key_of(store.urn),
        "tags": dump(store.tags),
        "default_path": dump(store.default_path),
    }


def store_of(row: Mapping[str, Any]) -> Store:
    plain = {name: row[name] for name in ("kind", "name", "owner", "region", "role", "purpose")}
    return Store(**plain, tags=strings(row["tags"]), default_path=strings(row["default_path"]))


def dataset_row(dataset: Dataset) -> Row:
    return {
        "key": key_of(dataset.urn),
        "urn": dataset.urn,
        "store": key_of(dataset.store.urn),
        "path": dump(dataset.path),
        "kind": dataset.kind,
        "rows": dataset.rows,
        "modified": dataset.modified.isoformat() if dataset.modified else None,
        "skip": dataset.skip,
        "planned": dataset.planned,
    }


def dataset_of(row: Mapping[str, Any], store: Store, fields: tuple[Field, ...]) -> Dataset:
    modified = datetime.fromisoformat(row["modified"]) if row["modified"] else None
    plain = {name: row[name] for name in ("kind", "rows", "skip", "planned")}
    return Dataset(store, strings(row["path"]), fields=fields, modified=modified, **plain)


def field_rows(dataset: str, fields: Iterable[Field]) -> list[Row]:
    """Comments are left out: they may quote values."""
    return [
        {
            "dataset": key_of(dataset),
            "position": position,
            "path": dump(field.path),
            "type": field.type,
            "nullable": field.nullable,
            "references": field.references,
        }
        for position, field in enumerate(fields)
    ]


def field_of(row: Mapping[str, Any], dataset: str) -> Field:
    return Field(dataset, strings(row["path"]), row["type"], row["nullable"], "", row["references"])


def profile_rows(dataset: str, shard: int, profiles: Mapping[tuple[str, ...], Profile]) -> list[Row]:
    return [
        {
            "dataset": key_of(dataset),
            "shard": shard,
            "position": position,
            "path": dump(path),
            "body": profile_text(profiles[path]),
        }
        for position, path in enumerate(sorted(profiles))
    ]


def profile_text(profile: Profile) -> str:
    """Without the value sets, which have a table of their own."""
    body = profile.to_json()
    del body["sets"]
    hashes = body["sketch"]
    body["sketch"] = base64.b64encode(struct.pack(f">{len(hashes)}Q", *hashes)).decode("ascii")
    return dump(body)


def profile_of(text: str) -> Profile:
    body = json.loads(text)
    packed = base64.b64decode(body["sketch"])
    return Profile.from_json(body | {"sketch": struct.unpack(f">{len(packed) // 8}Q", packed)})


def detection_rows(dataset: str, detections: Iterable[Detection]) -> list[Row]:
    return [
        {
            **{name: getattr(detection, name) for name in _DETECTION},
            "dataset": key_of(dataset),
            "position": position,
            "places": dump(detection.places),
            "evidence": dump([[getattr(e, name) for name in Evidence.__slots__] for e in detection.evidence]),
        }
        for position, detection in enumerate(detections)
    ]


_DETECTION = ("field", "category", "verdict", "confidence", "share", "low", "high", "count", "protection")


def detection_of(row: Mapping[str, Any]) -> Detection:
    evidence = tuple(Evidence(*parts) for parts in json.loads(row["evidence"]))
    plain = {name: row[name] for name in _DETECTION}
    return Detection(**plain, places=tuple(json.loads(row["places"])), evidence=evidence)


def coverage_row(coverage: Coverage) -> Row:
    plain = {name: getattr(coverage, name) for name in _COVERAGE}
    return {"dataset": key_of(coverage.dataset), "urn": coverage.dataset, **plain}


_COVERAGE = ("state", "rows", "bytes", "total", "reason", "planned")


def coverage_of(row: Mapping[str, Any]) -> Coverage:
    return Coverage(row["urn"], **{name: row[name] for name in _COVERAGE})


def flow_rows(flows: Sequence[Flow]) -> list[Row]:
    return [
        {
            "position": position,
            "field": flow.field,
            "recipient": flow.recipient,
            "category": flow.category,
            "status": flow.status,
            "masking": flow.masking,
            "evidence": dump([[getattr(e, name) for name in FlowEvidence.__slots__] for e in flow.evidence]),
        }
        for position, flow in enumerate(flows)
    ]


def flow_of(row: Mapping[str, Any]) -> Flow:
    evidence = tuple(FlowEvidence(*parts) for parts in json.loads(row["evidence"]))
    plain = {name: row[name] for name in ("field", "recipient", "category", "status", "masking")}
    return Flow(**plain, evidence=evidence)


def finding_rows(findings: Sequence[Finding]) -> list[Row]:
    return [
        asdict(finding)
        | {"position": position, "fingerprint": finding.fingerprint, "evidence": dump(finding.evidence)}
        for position, finding in enumerate(findings)
    ]


def finding_of(row: Mapping[str, Any]) -> Finding:
    plain = {name: row[name] for name in Finding.__slots__ if name != "evidence"}
    return Finding(**plain, evidence=strings(row["evidence"]))


def claim_rows(claims: Sequence[ClaimVerdict]) -> list[Row]:
    return [
        asdict(claim) | {"position": position, "needs": dump(claim.needs)}
        for position, claim in enumerate(claims)
    ]


def claim_of(row: Mapping[str, Any]) -> ClaimVerdict:
    return ClaimVerdict(row["id"], row["verdict"], row["because"], strings(row["needs"]))


def acceptance_rows(accepted: Iterable[Acceptance]) -> list[Row]:
    return [asdict(one) for one in accepted]


def acceptance_of(row: Mapping[str, Any]) -> Acceptance:
    return Acceptance(**{name: row[name] for name in Acceptance.__slots__})


def setting_rows(store: str, settings: Iterable[Setting]) -> list[Row]:
    return [
        asdict(setting) | {"key": key_of(store), "position": position, "path": dump(setting.path)}
        for position, setting in enumerate(settings)
    ]


def setting_of(row: Mapping[str, Any]) -> Setting:
    return Setting(row["store"], strings(row["path"]), row["name"], row["value"], row["detail"])


def entry_rows(store: str, entries: Iterable[Entry]) -> list[Row]:
    return [
        {
            "key": key_of(store),
            "position": position,
            "register": entry.register,
            "dataset": entry.dataset,
            "place": entry.place,
            "values": dump(dict(sorted(entry.values.items()))),
        }
        for position, entry in enumerate(entries)
    ]


def entry_of(row: Mapping[str, Any]) -> Entry:
    return Entry(row["register"], row["dataset"], row["place"], json.loads(row["values"]))


def edge_rows(store: str, edges: Iterable[Edge]) -> list[Row]:
    return [
        asdict(edge) | {"key": key_of(store), "position": position} for position, edge in enumerate(edges)
    ]


def edge_of(row: Mapping[str, Any]) -> Edge:
    return Edge(**{name: row[name] for name in Edge.__slots__})


def copies_row(basis: str, links: Iterable[Link]) -> Row:
    return {"basis": basis, "body": dump([list(astuple(link)) for link in links])}


def copies_of(row: Mapping[str, Any]) -> tuple[Link, ...]:
    return tuple(Link(*link) for link in json.loads(row["body"]))


def mapping_rows(store: str, mappings: Iterable[Mapped]) -> list[Row]:
    return [
        {"key": key_of(store), "position": position, "body": dump(asdict(mapping))}
        for position, mapping in enumerate(mappings)
    ]


def mapping_of(row: Mapping[str, Any]) -> Mapped:
    body = json.loads(row["body"])
    source, target = body.pop("source"), body.pop("target")
    return Mapped(source=_place(source) if source else None, target=_place(target), **body)


def _place(body: Mapping[str, Any]) -> Place:
    return Place(body["namespace"], tuple(body["path"]), tuple(body["field"]), body["store"])
