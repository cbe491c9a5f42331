"""Where data may be, both ways."""

from __future__ import annotations

import pytest

from pii_scan.checks.storage import CARD_DATA_OUTSIDE_BILLING
from pii_scan.core.declaration import Claim
from pii_scan.core.finding import WE, Finding
from pii_scan.core.lineage import Processor
from pii_scan.core.model import Dataset, Store
from tests.unit.checks.company import (
    APP,
    CARD,
    EMAIL,
    LOGS,
    STRIPE,
    Company,
    declare,
    file,
    locate,
    seen,
    table,
)

BILLING = locate("C26", CARD, functions=("payments",))
HEALTH = "user.health_and_medical"


def run(dataset: Dataset, category: str, *claims: Claim, verdict: str = "type") -> list[Finding]:
    company = Company()
    company.add(dataset, {"column": ""})
    company.detections = [seen(company.fields[0], category, verdict=verdict, count=12)]
    return list(CARD_DATA_OUTSIDE_BILLING(company.inventory(declare(*claims, recipients=[STRIPE]))))


@pytest.mark.parametrize("verdict", ["type", "contains"])
@pytest.mark.parametrize(
    "dataset",
    [
        table("payments", APP),
        table("app.log", LOGS, "log"),
        file("tickets.json"),
        file("stripe-migration.csv"),
        file("migration.csv", Store("files", "stripe", role="stripe")),
        table("crm", Store("postgresql", "crm", role="mixpanel")),
    ],
    ids=lambda dataset: f"{dataset.store.name}/{dataset.name}",
)
def test_card_numbers_anywhere_but_at_the_provider(dataset: Dataset, verdict: str) -> None:
    (found,) = run(dataset, CARD, BILLING, verdict=verdict)
    assert (found.subject, found.claim, found.severity) == (f"{dataset.urn}#column", "C26", "critical")
    assert found.category == CARD
    assert "Payment card number" in found.message
    assert "12 rows" in found.evidence[0]


def test_the_providers_own_system_is_the_place() -> None:
    assert run(table("cards", Store("postgresql", "billing", role="stripe")), CARD, BILLING) == []


@pytest.mark.parametrize("category", ["user.payment", "user.payment.card", "user.financial", EMAIL])
def test_last_digits_and_other_data_are_no_violation(category: str) -> None:
    assert run(table("payments"), category, BILLING) == []


def test_without_a_claim_or_a_place_nothing_is_said() -> None:
    assert run(table("payments"), CARD) == []
    assert run(table("payments"), CARD, Claim("L", "locate", (CARD,), region="US")) == []


def test_unsure_detections_are_left_out() -> None:
    company = Company()
    company.add(table("payments"), {"column": ""})
    company.detections = [seen(company.fields[0], CARD, confidence=0.4)]
    assert list(CARD_DATA_OUTSIDE_BILLING(company.inventory(declare(BILLING)))) == []


def test_other_data_with_a_place_takes_the_claims_severity() -> None:
    claim = Claim("L", "locate", (EMAIL,), only_at=BILLING.only_at, severity="high")
    (found,) = run(table("users"), EMAIL, claim)
    assert found.severity == "high"
    (special,) = run(table("users"), HEALTH, locate("L", HEALTH, functions=("payments",)))
    assert special.severity == "critical"


def test_data_that_only_we_may_have() -> None:
    claim = locate("L", EMAIL, ids=(WE,))
    assert run(table("users"), EMAIL, claim) == []
    assert len(run(table("users", Store("postgresql", "crm", role="stripe")), EMAIL, claim)) == 1


def test_a_place_by_the_company_behind_the_service() -> None:
    company = Company()
    company.add(table("cards", Store("postgresql", "psp", role="child")), {"n": CARD})
    people = [Processor("group", "Group"), Processor("child", "Child", parent="group")]
    declared = declare(locate("L", CARD, ids=("group",)), recipients=people)
    assert list(CARD_DATA_OUTSIDE_BILLING(company.inventory(declared))) == []
