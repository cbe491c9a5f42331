"""Statuses from tiers, noisy-or, merging."""

from __future__ import annotations

import pytest

from pii_scan.core.lineage import Flow, FlowEvidence
from pii_scan.lineage.evidence import confidence, merge, status


def seen(kind: str, sure: float = 0.5) -> FlowEvidence:
    return FlowEvidence(kind, "place", kind, confidence=sure)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["export"], "confirmed"),
        (["value match"], "confirmed"),
        (["payload"], "confirmed"),
        (["mapping"], "configured"),
        (["mapping", "host"], "configured"),
        (["mapping", "run log"], "configured"),
        (["run log", "host"], "configured"),
        (["mapping", "run log", "host"], "confirmed"),
        (["integration"], "configured"),
        (["integration", "host"], "configured"),
        (["code"], "configured"),
        (["host"], "contact only"),
        (["declared"], "declared only"),
        (["declared", "host"], "contact only"),
        ([], "declared only"),
        (["something else"], "declared only"),
        (["host", "export"], "confirmed"),
    ],
)
def test_status(kinds: list[str], expected: str) -> None:
    assert status([seen(kind) for kind in kinds]) == expected


def test_noisy_or() -> None:
    assert confidence([]) == 0
    assert confidence([seen("host", 0.5), seen("export", 0.5)]) == 0.75
    assert confidence([seen("host", 0.3), seen("export", 1.0)]) == 1


def test_merging_keeps_all_evidence_once_and_raises_the_status() -> None:
    a = Flow("f", "stripe", "user.name", "contact only", (seen("host"),), masking=True)
    b = Flow("f", "stripe", "user.name", "confirmed", (seen("export"), seen("host")))
    other = Flow("f", "adyen", "user.name", "confirmed", (seen("export"),), masking=True)
    merged = merge([a, b, other])
    assert [flow.recipient for flow in merged] == ["adyen", "stripe"]
    assert merged[1].status == "confirmed"
    assert [e.kind for e in merged[1].evidence] == ["export", "host"]
    assert not merged[1].masking
    assert merged[0].masking
    assert merge([b, other, a]) == merged
    assert merge(merged) == merged
