"""OpenLineage 2-0-2: each flow and link as run events in JSON lines, with facets for columns and categories.

Datasets of ours have their store's URN as namespace and their path as name (parts of tables joined by
dots, those of files by slashes), a recipient its host. What names are masked stay masked.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any, Final

from pii_scan.core import urn as urns
from pii_scan.core.finding import DisclosureClass
from pii_scan.core.inventory import Inventory
from pii_scan.core.lineage import Flow, Link
from pii_scan.core.model import Dataset, Field
from pii_scan.core.ports import Report

from .options import kind

PRODUCER: Final = "urn:pii-scan:"
SPEC: Final = "https://openlineage.io/spec"
EVENT_SCHEMA: Final = f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
NAMESPACE: Final = "pii-scan"
#: Versions of the standard facets, each of which is a document of its own.
FACETS: Final = {
    "SchemaDatasetFacet": f"{SPEC}/facets/1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet",
    "ColumnLineageDatasetFacet": (
        f"{SPEC}/facets/1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet"
    ),
    "TagsDatasetFacet": f"{SPEC}/facets/1-0-0/TagsDatasetFacet.json#/$defs/TagsDatasetFacet",
    "PiiScanDisclosureDatasetFacet": "urn:pii-scan:schema:PiiScanDisclosureDatasetFacet:1-0-0",
}
_IDS: Final = uuid.UUID("6e6f3f2c-5f0a-5d0e-9d6f-0f1f7b1b6a52")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_MIDNIGHT: Final = "T00:00:00+00:00"
_NEVER: Final = "1970-01-01"


@dataclass(frozen=True)
class OpenLineage:
    """One event for each pair of dataset and recipient, or dataset and dataset, sorted."""

    name: str = "openlineage"
    suffix: str = ".ndjson"

    def write(self, inventory: Inventory, out: IO[str], options: Mapping[str, str]) -> None:
        """Every kind is the same: events speak of flows alone."""
        kind(options, "lineage")
        for event in _Events(inventory).all():
            text = json.dumps(event, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
            out.write(text.replace("\x7f", "\\u007f") + "\n")


REPORT: Report = OpenLineage()


def _column(path: Sequence[str]) -> str:
    return ".".join(path)


@dataclass(frozen=True)
class _Events:
    inventory: Inventory

    @property
    def _producer(self) -> str:
        return PRODUCER + (urns.quote_part(self.inventory.run.version) or "unversioned")

    def _facet(self, kind: str, **content: Any) -> dict[str, Any]:
        """A facet with what the specification asks of every one."""
        return {"_producer": self._producer, "_schemaURL": FACETS[kind], **content}

    @cached_property
    def _datasets(self) -> dict[str, Dataset]:
        return {dataset.urn: dataset for dataset in self.inventory.datasets}

    @cached_property
    def _fields(self) -> dict[str, list[Field]]:
        grouped: dict[str, list[Field]] = {}
        for field in self.inventory.fields:
            grouped.setdefault(field.dataset, []).append(field)
        return grouped

    @cached_property
    def _classes(self) -> dict[tuple[str, str, str], DisclosureClass]:
        return {(d.field, d.recipient, d.category): d.cls for d in self.inventory.disclosures}

    @cached_property
    def _categories(self) -> dict[str, list[str]]:
        found: dict[str, set[str]] = {}
        for detection in self.inventory.detections:
            found.setdefault(detection.field, set()).add(detection.category)
        return {field: sorted(keys) for field, keys in found.items()}

    def all(self) -> Iterator[dict[str, Any]]:
        for (source, recipient), flows in sorted(_grouped(self.inventory.flows).items()):
            output = self._received(recipient, flows)
            yield self._event(f"flow:{source}:{recipient}", self._input(source), output)
        for (source, target), links in sorted(_linked(self.inventory.links).items()):
            output = self._input(target)
            output["facets"] = output.get("facets", {}) | self._lineage(links)
            yield self._event(f"link:{source}:{target}", self._input(source), output)

    def _event(self, job: str, source: dict[str, Any], target: dict[str, Any]) -> dict[str, Any]:
        run = self.inventory.run
        return {
            "eventType": "COMPLETE",
            "eventTime": _time(run.finished, run.started, run.as_of),
            "producer": self._producer,
            "schemaURL": EVENT_SCHEMA,
            "run": {"runId": _run_id(run.id, job)},
            "job": {"namespace": NAMESPACE, "name": job},
            "inputs": [source],
            "outputs": [target],
        }

    def _input(self, urn: str) -> dict[str, Any]:
        """A dataset with its columns and their categories."""
        fields = sorted(self._fields.get(urn, ()), key=lambda field: field.path)
        made: dict[str, Any] = self._named(urn)
        facets: dict[str, Any] = {}
        if fields:
            columns = [{"name": _column(f.path), "type": f.type} for f in fields]
            facets["schema"] = self._facet("SchemaDatasetFacet", fields=columns)
        tags = [_tag(_column(f.path), key) for f in fields for key in self._categories.get(f.urn, ())]
        if tags:
            facets["tags"] = self._facet("TagsDatasetFacet", tags=tags)
        return made | ({"facets": facets} if facets else {})

    def _named(self, urn: str) -> dict[str, Any]:
        """Namespace and name: the store's URN, and the path as such a store writes it."""
        store, path, _ = urns.split(urn)
        known = self._datasets.get(urn)
        table = known is not None and known.kind in ("table", "view")
        return {"namespace": store, "name": (".", "/")[not table].join(path)}

    def _received(self, recipient: str, flows: Sequence[Flow]) -> dict[str, Any]:
        """The recipient's side: what it gets by which columns, and how the declared list covers it."""
        columns = sorted({_column(urns.split(f.field)[2]) for f in flows if "#" in f.field and f.category})
        facets: dict[str, Any] = {"piiScan_disclosure": self._disclosure(flows)}
        if columns:
            facets["schema"] = self._facet("SchemaDatasetFacet", fields=[{"name": name} for name in columns])
            facets["columnLineage"] = self._facet("ColumnLineageDatasetFacet", fields=self._columns(flows))
        tags = {(_column(urns.split(f.field)[2]), f.category) for f in flows if "#" in f.field and f.category}
        made = [_tag(column, category) for column, category in sorted(tags)]
        made.append({"key": "pii.recipient", "value": recipient, "source": "PII_SCAN"})
        facets["tags"] = self._facet("TagsDatasetFacet", tags=made)
        return {"namespace": self._host(recipient), "name": recipient, "facets": facets}

    def _host(self, recipient: str) -> str:
        processor = self.inventory.processor(recipient)
        hosts = [host.removeprefix("*.") for host in processor.hosts] if processor else []
        return f"https://{hosts[0]}" if hosts else f"{NAMESPACE}://{urns.quote_part(recipient)}"

    def _columns(self, flows: Iterable[Flow]) -> dict[str, Any]:
        """Each column of the recipient with the column of ours that it was seen in."""
        masked: dict[str, bool] = {}
        for flow in flows:
            if "#" in flow.field and flow.category:
                masked[flow.field] = masked.get(flow.field, True) and flow.masking
        made: dict[str, Any] = {}
        for urn, masking in sorted(masked.items()):
            name = _column(urns.split(urn)[2])
            made.setdefault(name, {"inputFields": []})["inputFields"].append(self._input_field(urn, masking))
        return made

    def _input_field(self, urn: str, masking: bool) -> dict[str, Any]:
        step = {"type": "DIRECT", "subtype": "TRANSFORMATION" if masking else "IDENTITY", "masking": masking}
        column = _column(urns.split(urn)[2])
        return self._named(urns.dataset_of(urn)) | {"field": column, "transformations": [step]}

    def _lineage(self, links: Iterable[Link]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for link in sorted(links, key=lambda link: (link.target, link.source, link.masking)):
            if "#" in link.source and "#" in link.target:
                inputs = made.setdefault(_column(urns.split(link.target)[2]), {"inputFields": []})[
                    "inputFields"
                ]
                field = self._input_field(link.source, link.masking)
                if field not in inputs:
                    inputs.append(field)
        return {"columnLineage": self._facet("ColumnLineageDatasetFacet", fields=made)} if made else {}

    def _disclosure(self, flows: Iterable[Flow]) -> dict[str, Any]:
        entries = [
            {
                "field": _column(urns.split(flow.field)[2]) if "#" in flow.field else None,
                "category": flow.category or None,
                "status": flow.status,
                "masking": flow.masking,
                "class": self._classes.get((flow.field, flow.recipient, flow.category)),
                "evidence": [
                    {"kind": e.kind, "tier": e.tier, "ref": e.locator, "confidence": round(e.confidence, 6)}
                    for e in flow.evidence
                ],
            }
            for flow in sorted(flows, key=lambda f: (f.field, f.category))
        ]
        return self._facet("PiiScanDisclosureDatasetFacet", entries=entries)


def _run_id(run: str, job: str) -> str:
    """The same for the same run and job; names may hold lone surrogates."""
    return str(uuid.uuid5(_IDS, f"{run}\n{job}".encode("utf-8", "backslashreplace").decode("utf-8")))


def _tag(column: str, category: str) -> dict[str, str]:
    return {"key": "pii.category", "value": category, "source": "PII_SCAN", "field": column}


def _grouped(flows: Iterable[Flow]) -> dict[tuple[str, str], list[Flow]]:
    """By dataset and recipient; what is only declared was no event."""
    grouped: dict[tuple[str, str], list[Flow]] = {}
    for flow in flows:
        if flow.field:
            grouped.setdefault((urns.dataset_of(flow.field), flow.recipient), []).append(flow)
    return grouped


def _linked(links: Iterable[Link]) -> dict[tuple[str, str], list[Link]]:
    grouped: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        key = urns.dataset_of(link.source), urns.dataset_of(link.target)
        grouped.setdefault(key, []).append(link)
    return grouped


def _time(*texts: str) -> str:
    """The first that is a point in time with its offset, else the day of the run, never the clock."""
    for text in texts:
        if _TIME.fullmatch(text):
            return text
    day = next((text for text in texts if re.fullmatch(r"\d{4}-\d\d-\d\d", text)), _NEVER)
    return day + _MIDNIGHT
