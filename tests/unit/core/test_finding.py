"""Fingerprints: the same deviation keeps its identity, whatever its wording, place or count."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from pii_scan.core.declaration import Audience, Claim, Declaration, Recipient
from pii_scan.core.finding import Finding
from pii_scan.core.lineage import Flow, FlowEvidence, Processor

FINDING = Finding(
    "undeclared-recipient", "high", "sqlite://app/users#email", "412 rows", "C1", "stripe", "user"
)


def test_known_answer():
    """Fixed for ever: accepted baselines name findings by it."""
    assert FINDING.fingerprint == "d67bf5d3e8455617"


def test_wording_counts_and_severity_do_not_matter():
    other = replace(FINDING, message="5 rows", severity="low", verdict="warn", evidence=("line 7",))
    assert other.fingerprint == FINDING.fingerprint


@pytest.mark.parametrize("name", ["check", "claim", "subject", "recipient", "category"])
def test_each_part_of_the_identity_matters(name):
    assert replace(FINDING, **{name: "other"}).fingerprint != FINDING.fingerprint


def test_parts_do_not_run_into_each_other():
    shifted = [("ab", "c"), ("a", "bc"), ("abc", ""), ("", "abc")]
    made = {replace(FINDING, recipient=r, category=c).fingerprint for r, c in shifted}
    assert len(made) == len(shifted)


def test_claims_divide_categories_from_datasets():
    claim = Claim("C1", "retain", ("user.contact", "dataset:logs/*", "user.name"))
    assert claim.categories == ("user.contact", "user.name")
    assert claim.datasets == ("logs/*",)


def test_an_audience_is_true_if_it_names_anybody():
    named = [Audience(ids=("a",)), Audience(functions=("f",)), Audience(roles=("r",)), Audience(anyone=True)]
    assert all(named)
    assert not Audience()


def test_recipients_are_found_by_id():
    stripe = Recipient(Processor("stripe", "Stripe"))
    declaration = Declaration(recipients=(stripe,))
    assert declaration.recipient("stripe") is stripe
    assert declaration.recipient("nobody") is None
    assert Declaration().recipient("stripe") is None


@pytest.mark.parametrize(
    ("status", "observed"),
    [("confirmed", True), ("configured", True), ("contact only", False), ("declared only", False)],
)
def test_only_two_statuses_were_observed(status, observed):
    assert Flow("f", "r", "c", status).observed is observed


def test_tiers_order_the_evidence():
    kinds = ["export", "payload", "mapping", "integration", "code", "host", "declared"]
    tiers = [FlowEvidence(kind, "", "").tier for kind in kinds]
    assert all(a < b for a, b in itertools.pairwise(tiers))
    assert FlowEvidence("rumour", "", "").tier == 7
