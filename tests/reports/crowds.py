"""Inventories of one sort made many times over: hostile names, wide houses, crowds of recipients."""

from __future__ import annotations

from dataclasses import replace

from pii_scan.core.declaration import Claim, Declaration, Recipient
from pii_scan.core.detection import Detection, Evidence
from pii_scan.core.finding import ClaimVerdict, Disclosure, Finding
from pii_scan.core.inventory import Coverage, Inventory
from pii_scan.core.lineage import Flow, FlowEvidence, Link, Processor
from pii_scan.core.model import Dataset, Field, Store

from . import factory


def hostile(strings: list[str]) -> Inventory:
    """Every string in every place that text from data can reach."""
    text = strings or ["x"]
    home = Store("sqlite", text[0], text[1 % len(text)], text[2 % len(text)], purpose=text[3 % len(text)])
    datasets, detections, coverage, flows, findings, claims, processors, disclosures, declared = (
        [] for _ in range(9)
    )
    for index, value in enumerate(text):
        bare = Dataset(home, (value,), "table")
        dataset = bare.with_fields(Field(bare.urn, (value, str(index)), "string"))
        urn, category = dataset.fields[0].urn, "user.contact.email"
        reason = (Evidence("pattern", value, category, 1.0, value),)
        datasets.append(dataset)
        detections.append(Detection(urn, category, "type", 0.9, 0.5, 0.4, 0.6, 5, (1,), reason))
        coverage.append(Coverage(dataset.urn, "failed", 1, 1, None, value))
        processors.append(Processor(value, value, "processor", value, value, (value,), value))
        flows.append(Flow(urn, value, category, "confirmed", (FlowEvidence("export", urn, value),)))
        disclosures.append(Disclosure(urn, value, category, "omitted", (value,), 0, 0, value))
        findings.append(
            Finding("undeclared-recipient", "high", urn, value, value, value, category, "fail", (value,))
        )
        claims.append(ClaimVerdict(value, "fail", value, (value,)))
        declared.append(Claim(value, "collect", (value,), quote=value, line=index + 1))
    return Inventory(
        run=replace(factory.RUN, version=text[0]),
        taxonomy=factory.TAXONOMY,
        stores=(home,),
        datasets=tuple(datasets),
        fields=tuple(d.fields[0] for d in datasets),
        detections=tuple(detections),
        processors=tuple(processors),
        flows=tuple(flows),
        findings=tuple(findings),
        claims=tuple(claims),
        disclosures=tuple(disclosures),
        coverage=tuple(coverage),
        links=tuple(Link(f.field, f.field, f.evidence[0].detail, detail=f.evidence[0].detail) for f in flows),
        declaration=Declaration(
            policy=text[0],
            claims=tuple(declared),
            file=text[0],
            recipients=tuple(Recipient(p) for p in processors[::2]),
        ),
    )


def many(tables: int, columns: int) -> Inventory:
    """A wide house: `tables` × `columns` fields, every one of them personal."""
    app = factory.store()
    keys = sorted(k for k in factory.TAXONOMY.categories if factory.TAXONOMY.is_personal(k))
    datasets = []
    for number in range(tables):
        bare = Dataset(app, ("public", f"table_{number:04}"), "table")
        datasets.append(
            bare.with_fields(*(Field(bare.urn, (f"column_{c:03}",), "string") for c in range(columns)))
        )
    fields = tuple(f for d in datasets for f in d.fields)
    found = tuple(factory.detection(f.urn, keys[i % len(keys)]) for i, f in enumerate(fields))
    covered = tuple(Coverage(d.urn, "scanned", 100, 1_000, 100) for d in datasets)
    return Inventory(
        run=factory.RUN,
        taxonomy=factory.TAXONOMY,
        stores=(app,),
        datasets=tuple(datasets),
        fields=fields,
        detections=found,
        coverage=covered,
    )


def busy(recipients: int, tables: int = 30) -> Inventory:
    """Many recipients of many categories from many tables, every third of them not declared."""
    inventory = many(tables, 4)
    classes = ("clear", "vague", "omitted", "incorrect", "ambiguous")
    processors = tuple(
        Processor(f"service-{i}", f"Service number {i} of a long name", "processor", "support", "US")
        for i in range(recipients)
    )
    flows, disclosures = [], []
    for i, processor in enumerate(processors):
        for j in range(1 + i % 4):
            found = inventory.detections[(7 * i + j) % len(inventory.detections)]
            evidence = (FlowEvidence("export", found.field, "in an export"),)
            flows.append(Flow(found.field, processor.id, found.category, "confirmed", evidence))
            cls = classes[(i + j) % len(classes)]
            disclosures.append(Disclosure(found.field, processor.id, found.category, cls))
    declared = Declaration(recipients=tuple(Recipient(p) for i, p in enumerate(processors) if i % 3))
    return replace(
        inventory,
        processors=processors,
        flows=tuple(flows),
        disclosures=tuple(disclosures),
        declaration=declared,
    )
