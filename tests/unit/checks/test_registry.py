"""All checks together: needs, verdicts on claims, one finding a fingerprint, order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pii_scan import plugins
from pii_scan.checks.coverage import COVERAGE_GAP
from pii_scan.checks.registry import evaluate, merged
from pii_scan.core.declaration import Claim, Declaration, Retention
from pii_scan.core.finding import ClaimVerdict, Finding
from pii_scan.core.inventory import Coverage, Inventory
from pii_scan.core.lineage import Flow
from pii_scan.core.ports import Check
from pii_scan.core.profile import Profile
from tests.unit.checks.company import (
    CARD,
    EMAIL,
    PHONE,
    STRIPE,
    Company,
    collect,
    declare,
    file,
    judged,
    locate,
    prohibit,
    received,
    share,
    table,
)

CHECKS: list[Check] = [
    plugins.get("checks", name)
    for name in (
        "undeclared-recipient",
        "undeclared-category",
        "unevidenced-recipient",
        "card-data-outside-billing",
        "overdue-retention",
        "coverage-gap",
    )
]
EXPORT = file("export.csv")


def company(**columns: str) -> Company:
    made = Company()
    made.add(table("users"), columns or {"email": EMAIL})
    return made


def verdicts(inventory: Inventory) -> dict[str, ClaimVerdict]:
    found = evaluate(judged(inventory), CHECKS)[1]
    assert inventory.declaration is not None
    assert [v.id for v in found] == [c.id for c in inventory.declaration.claims]
    return {v.id: v for v in found}


def only(inventory: Inventory) -> ClaimVerdict:
    (verdict,) = verdicts(inventory).values()
    assert verdict.because
    return verdict


def test_every_built_in_check_is_registered_under_its_id() -> None:
    assert all(plugins.get("checks", check.id) is check for check in CHECKS)
    assert all("What to do:" in check.doc for check in CHECKS)


def test_collecting_passes_if_named_and_is_vague_if_not() -> None:
    assert only(company().inventory(declare(collect("C", EMAIL)))).verdict == "pass"
    assert only(company().inventory(declare(collect("C", "user.contact")))).verdict == "vague"


def test_what_was_not_seen_never_passes() -> None:
    found = only(company(plan="").inventory(declare(collect("C", EMAIL))))
    assert (found.verdict, found.needs) == ("not evaluable", ("data",))


def shared(claim: Claim, *flows: Flow) -> ClaimVerdict:
    made = Company()
    made.add(EXPORT, {"a": "", "b": ""})
    return only(made.inventory(declare(claim, recipients=[STRIPE]), flows=flows))


def test_sharing() -> None:
    flow = received(EXPORT, "a", "stripe", EMAIL)
    claim = share("C20", [EMAIL], ids=("stripe",))
    assert shared(claim, flow).verdict == "pass"
    assert shared(share("C20", ["user"], functions=("payments",)), flow).verdict == "vague"
    assert shared(claim, flow, received(EXPORT, "b", "stripe", PHONE)).verdict == "fail"
    missing = shared(claim)
    assert (missing.verdict, missing.needs) == ("not evaluable", ("flows",))
    unseen = shared(claim, received(EXPORT, "a", "stripe", "", "contact only"))
    assert unseen.verdict == "not evaluable"


def test_a_warning_breaks_no_claim() -> None:
    claim = Claim(
        "C21", "allow_share", (EMAIL,), recipient=share("", [], ids=("stripe",)).recipient, condition="opt_in"
    )
    hooks = received(table("hooks"), "url", "zapier", "", "configured")
    found = shared(claim, received(EXPORT, "a", "stripe", EMAIL), hooks)
    assert found.verdict == "not evaluable"
    assert "condition unmet" in found.because


def test_prohibitions() -> None:
    assert only(company().inventory(declare(prohibit("P", PHONE)))).verdict == "pass"
    assert only(company().inventory(declare(prohibit("P", EMAIL)))).verdict == "fail"
    both = verdicts(company().inventory(declare(prohibit("P", EMAIL), collect("C", EMAIL))))
    assert {v.verdict for v in both.values()} == {"not evaluable"}
    of_others = only(company().inventory(declare(prohibit("P", PHONE, anyone=True))))
    assert (of_others.verdict, of_others.needs) == ("not evaluable", ("flows",))


BILLING = locate("C26", CARD, functions=("payments",))


def test_places() -> None:
    assert only(company().inventory(declare(BILLING))).verdict == "pass"
    assert only(company(n=CARD).inventory(declare(BILLING))).verdict == "fail"
    assert (
        only(company().inventory(declare(Claim("L", "locate", (CARD,), region="US")))).verdict
        == "not evaluable"
    )


def test_nothing_passes_on_what_was_not_read() -> None:
    made = company()
    made.coverage.append(Coverage("files://x/broken.csv", "failed", reason="not CSV"))
    for claim in (BILLING, prohibit("P", PHONE)):
        found = only(made.inventory(declare(claim)))
        assert found.verdict == "not evaluable"
        assert "1 objects" in found.because


def kept(retention: Retention | None, **times: int) -> ClaimVerdict:
    made = Company()
    buckets = {key.replace("_", "-").strip("-"): rows for key, rows in times.items()}
    made.add(table("bookings"), {"created_at": ""}, {"created_at": Profile(times=buckets)})
    return only(made.inventory(declare(Claim("C33", "retain", ("dataset:bookings",), retention=retention))))


def test_retention() -> None:
    assert kept(Retention(90), _2026_01_01=4).verdict == "pass"
    assert kept(Retention(90), _2020_01_01=4).verdict == "fail"
    own = kept(Retention(per_account_setting="delete_days"), _2020_01_01=4)
    assert (own.verdict, "delete_days" in own.because) == ("not evaluable", True)
    assert kept(None, _2020_01_01=4).verdict == "not evaluable"
    without = kept(Retention(90))
    assert (without.verdict, without.needs) == ("not evaluable", ("data",))


def test_retention_of_what_was_not_seen_or_tells_no_age() -> None:
    made = company()
    made.add(table("events"), {"time": ""}, {"time": Profile(times={"2026-01-01": 1})})
    for glob in ("users", "nothing"):
        claim = Claim("R", "retain", (f"dataset:{glob}",), retention=Retention(90))
        assert only(made.inventory(declare(claim))).verdict == "not evaluable"


@pytest.mark.parametrize(
    ("claim", "needs"),
    [
        (Claim("C24", "secure", ("user",)), ("infrastructure",)),
        (Claim("C41", "right"), ("registers",)),
        (Claim("C37", "notify", sources=("registers", "flows")), ("registers",)),
        (Claim("C13", "purpose"), ("text",)),
        (collect("C", EMAIL, sources=("registers",)), ("registers",)),
        (collect("C", EMAIL, sources=("text", "infrastructure")), ("text", "infrastructure")),
    ],
)
def test_what_other_sources_would_settle(claim: Claim, needs: tuple[str, ...]) -> None:
    found = only(company().inventory(declare(claim)))
    assert (found.verdict, found.needs) == ("not evaluable", needs)


def test_without_a_scan_nothing_passes() -> None:
    claims = [
        collect("C", EMAIL),
        BILLING,
        prohibit("P", PHONE),
        share("S", [EMAIL], ids=("stripe",)),
        Claim("R", "retain", ("user",), retention=Retention(1)),
    ]
    found = verdicts(Company().inventory(declare(*claims, recipients=[STRIPE])))
    assert {v.verdict for v in found.values()} == {"not evaluable"}
    assert all(v.needs for v in found.values())


def test_without_the_check_its_claims_are_open() -> None:
    inventory = judged(company().inventory(declare(BILLING)))
    _, (found,) = evaluate(inventory, [COVERAGE_GAP])
    assert found.verdict == "not evaluable"


def test_without_a_declared_list_only_coverage_speaks() -> None:
    made = company()
    made.coverage.append(Coverage("files://x/a", "failed", rows=3, total=9, reason="not CSV"))
    findings, claims = evaluate(judged(made.inventory()), CHECKS)
    assert claims == ()
    assert [(f.check, f.subject, f.severity) for f in findings] == [("coverage-gap", "files://x/a", "medium")]
    assert "not CSV" in findings[0].message
    assert findings[0].evidence == ("3 rows were read of 9",)


@pytest.mark.parametrize(
    ("state", "planned", "expected"),
    [
        ("failed", False, 1),
        ("changed", False, 1),
        ("skipped", False, 1),
        ("skipped", True, 0),
        ("scanned", False, 0),
        ("sampled", False, 0),
        ("empty", False, 0),
    ],
)
def test_coverage_gaps(state: str, planned: bool, expected: int) -> None:
    made = Company()
    made.coverage = [Coverage("files://x/a", state, planned=planned)]  # type: ignore[arg-type]
    assert len(evaluate(made.inventory(), CHECKS)[0]) == expected


def text(status: str) -> Declaration:
    return replace(declare(collect("C", EMAIL)), text_status=status)  # type: ignore[arg-type]


def test_a_changed_text_fails_every_claim() -> None:
    findings, (claim,) = evaluate(judged(company().inventory(text("differs"))), CHECKS)
    assert [(f.check, f.severity, f.subject) for f in findings] == [("policy-text", "critical", "test")]
    assert (claim.verdict, "another text" in claim.because) == ("fail", True)


def test_a_missing_text_is_a_warning() -> None:
    findings, (claim,) = evaluate(judged(company().inventory(text("missing"))), CHECKS)
    assert [(f.check, f.verdict) for f in findings] == [("policy-text", "warn")]
    assert claim.verdict == "pass"
    for fine in ("matches", "unchecked"):
        assert evaluate(judged(company().inventory(text(fine))), CHECKS)[0] == ()


def test_one_finding_a_fingerprint_and_the_worst_first() -> None:
    low = Finding("b", "low", "s", "later", evidence=("one",))
    high = Finding("b", "high", "s", "first", evidence=("two", "one"))
    other = Finding("a", "medium", "s", "other")
    found = merged([low, other, high])
    assert [(f.check, f.severity, f.message, f.evidence) for f in found] == [
        ("b", "high", "first", ("two", "one")),
        ("a", "medium", "other", ()),
    ]
    assert merged([high, low, other]) == found


def test_a_check_of_somebody_else() -> None:
    def look(inventory: Inventory) -> Iterator[Finding]:
        """Always finds the same."""
        yield Finding("own", "high", "subject", "found", claim="S")

    def nothing(inventory: Inventory) -> Iterator[Finding]:
        yield from ()

    claim = Claim("S", "secure", ("user",), sources=("data",))
    inventory = judged(company().inventory(declare(claim)))
    assert evaluate(inventory, [Check("own", "high", (), ("secure",), look)])[1][0].verdict == "fail"
    assert evaluate(inventory, [Check("own", "high", (), ("secure",), nothing)])[1][0].verdict == "pass"
    unmet = Check("own", "high", ("something new",), ("secure",), look)
    findings, (verdict,) = evaluate(inventory, [unmet])
    assert (findings, verdict.verdict) == ((), "not evaluable")


def test_the_same_inventory_gives_the_same_answer() -> None:
    made = company(email=EMAIL, tel=PHONE, card=CARD)
    inventory = judged(made.inventory(declare(BILLING, collect("C", EMAIL))))
    backwards = replace(inventory, detections=inventory.detections[::-1])
    assert evaluate(inventory, CHECKS) == evaluate(backwards, CHECKS[::-1])


def test_a_general_claim_beside_one_that_names_the_same_is_borne_out() -> None:
    found = verdicts(company().inventory(declare(collect("G", "user"), collect("N", EMAIL))))
    assert {claim: v.verdict for claim, v in found.items()} == {"G": "pass", "N": "pass"}
