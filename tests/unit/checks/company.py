"""Small inventories for the tests of lineage, policy and checks: written out, nothing scanned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pii_scan.core.declaration import Audience, Claim, Declaration, Recipient
from pii_scan.core.detection import Detection, Evidence
from pii_scan.core.inventory import Coverage, Inventory, ScanRun
from pii_scan.core.lineage import Flow, FlowEvidence, Processor
from pii_scan.core.model import Dataset, Field, Store
from pii_scan.core.profile import Profile
from pii_scan.data.load import taxonomy

TAXONOMY = taxonomy()
APP = Store("postgresql", "app", default_path=("public",))
FILES = Store("files", "exports")
LOGS = Store("logs", "logs")
RUN = ScanRun("run-1", "2026-01-31T00:00:00+00:00", "2026-01-31")

EMAIL = "user.contact.email"
PHONE = "user.contact.phone_number"
CARD = "user.financial.credit_card"
SENDGRID = Processor(
    "sendgrid", "SendGrid", function="communications", hosts=("sendgrid.net",), parent="twilio"
)
TWILIO = Processor("twilio", "Twilio", function="communications", hosts=("twilio.com",))
STRIPE = Processor("stripe", "Stripe", function="payments", region="US", hosts=("stripe.com",))
ZAPIER = Processor("zapier", "Zapier", function="automation", hosts=("zapier.com",))
MIXPANEL = Processor("mixpanel", "Mixpanel", function="analytics", hosts=("mixpanel.com",))
KNOWN = (SENDGRID, TWILIO, STRIPE, ZAPIER, MIXPANEL)


def table(name: str, store: Store = APP, kind: str = "table") -> Dataset:
    path = (*store.default_path, *name.split("/"))
    return Dataset(store, path, kind)  # type: ignore[arg-type]


def file(name: str, store: Store = FILES) -> Dataset:
    return table(name, store, "file")


def field_of(dataset: Dataset, path: str) -> Field:
    return Field(dataset.urn, tuple(path.split("/")))


def seen(
    field: Field, category: str, confidence: float = 0.9, verdict: str = "type", count: int = 0
) -> Detection:
    evidence = (Evidence("name", "names", category, 2.0, "the name says so"),)
    return Detection(field.urn, category, verdict, confidence, count=count, evidence=evidence)  # type: ignore[arg-type]


@dataclass
class Company:
    """Collects what a scan would have found; `inventory()` makes the snapshot."""

    datasets: list[Dataset] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    detections: list[Detection] = field(default_factory=list)
    profiles: dict[str, Profile] = field(default_factory=dict)
    coverage: list[Coverage] = field(default_factory=list)

    def add(
        self,
        dataset: Dataset,
        columns: Mapping[str, str | Iterable[str]],
        profiles: Mapping[str, Profile] | None = None,
        state: str = "scanned",
    ) -> Dataset:
        """A dataset with its columns (`a/b` is nested) and their categories (empty: none)."""
        self.datasets.append(dataset)
        for path, categories in columns.items():
            made = field_of(dataset, path)
            self.fields.append(made)
            keys = [categories] if isinstance(categories, str) else categories
            self.detections += [seen(made, key) for key in keys if key]
            self.profiles[made.urn] = (profiles or {}).get(path, Profile(rows=10))
        self.coverage.append(Coverage(dataset.urn, state, rows=10))  # type: ignore[arg-type]
        return dataset

    def inventory(self, declaration: Declaration | None = None, **more: Any) -> Inventory:
        return Inventory(
            run=RUN,
            taxonomy=TAXONOMY,
            datasets=tuple(self.datasets),
            fields=tuple(self.fields),
            detections=tuple(self.detections),
            profiles=self.profiles,
            coverage=tuple(self.coverage),
            processors=KNOWN,
            declaration=declaration,
            **more,
        )


def share(claim: str, data: Iterable[str], severity: str = "medium", **audience: Any) -> Claim:
    return Claim(claim, "allow_share", tuple(data), recipient=Audience(**audience), severity=severity)  # type: ignore[arg-type]


def collect(claim: str, *data: str, **more: Any) -> Claim:
    return Claim(claim, "collect", data, **more)


def prohibit(claim: str, *data: str, **audience: Any) -> Claim:
    return Claim(claim, "prohibit", data, recipient=Audience(**audience))


def locate(claim: str, *data: str, **only_at: Any) -> Claim:
    return Claim(claim, "locate", data, only_at=Audience(**only_at))


def declare(*claims: Claim, recipients: Iterable[Processor] = (), **more: Any) -> Declaration:
    return Declaration(
        policy="test", recipients=tuple(Recipient(p) for p in recipients), claims=claims, **more
    )


def received(dataset: Dataset, path: str, recipient: str, category: str, status: str = "confirmed") -> Flow:
    kind = {
        "confirmed": "export",
        "configured": "integration",
        "contact only": "host",
        "declared only": "declared",
    }
    urn = field_of(dataset, path).urn
    return Flow(urn, recipient, category, status, (FlowEvidence(kind[status], urn, "seen"),))  # type: ignore[arg-type]


def judged(inventory: Inventory) -> Inventory:
    """With its disclosures, as the run makes them."""
    from pii_scan.core.recipients import Recipients
    from pii_scan.policy.disclosure import classify

    recipients = Recipients(inventory.declaration, inventory.processors)
    return replace(inventory, disclosures=classify(inventory, recipients))
