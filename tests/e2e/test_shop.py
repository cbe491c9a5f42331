"""A company of another kind, in English, with a list of its own: no line of code knows it."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from tests.commands import inside
from tests.reports.junit_schema import faults
from tests.reports.sarif_schema import SCHEMA
from tests.shared_data import ROOT

EXAMPLE = ROOT / "examples" / "shop"
sys.path.insert(0, str(EXAMPLE))
import build  # noqa: E402

CLEAN, FINDINGS, USAGE = 0, 1, 2
SCAN = ("scan", "--no-texts", "--no-presidio", "-q")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The shop that keeps its promises, and the one that breaks them, both scanned."""
    folders = {}
    for state in ("kept", "broken"):
        folders[state] = tmp_path_factory.mktemp(state)
        build.build(folders[state], broken=state == "broken")
        done = inside(folders[state], *SCAN)
        assert done.returncode == CLEAN, done.stderr
    return folders


@pytest.fixture
def shop(scanned: dict[str, Path], tmp_path: Path):
    """Gives a copy of one of the shops, inventory and key included, to change."""

    def copy(state: str) -> Path:
        return Path(shutil.copytree(scanned[state], tmp_path / state))

    return copy


def check(folder: Path, *arguments: str, code: int = CLEAN):
    done = inside(folder, "check", "-f", "json", *arguments)
    assert done.returncode == code, done.stdout[:500] + done.stderr
    return json.loads(done.stdout)


def rewritten(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(("state", "code"), [("kept", CLEAN), ("broken", FINDINGS)])
def test_every_promise_gets_its_verdict(scanned, state, code):
    expected = YAML(typ="safe").load((EXAMPLE / "expected.yaml").read_text(encoding="utf-8"))
    found = check(scanned[state], code=code)
    assert {claim["id"]: claim["verdict"] for claim in found["claims"]} == expected[state]
    assert len(expected[state]) >= 15
    if state == "kept":
        assert found["findings"] == []


def test_the_quotes_stand_in_the_text(scanned):
    done = inside(scanned["kept"], "policy", "validate")
    assert done.returncode == CLEAN
    assert "22 of 22 claims stand in the text where they say" in done.stdout


def test_a_recipient_that_the_list_does_not_name_fails_a_release_in_one_command(shop):
    folder = shop("kept")
    (folder / "exports" / "hubspot-contacts.csv").write_text("Email\nann@mail.example\nbo@mail.example\n")
    rewritten(
        folder, "pii-scan.yaml", "exports:\n", 'exports:\n  - {match: "*hubspot*", recipient: hubspot}\n'
    )
    stored = (folder / ".pii-scan" / "inventory.db").read_bytes()
    release = ("scan", "exports", "registers", "--no-texts", "--no-store", "--fail-on", "high")
    release += ("-o", "pii-scan.sarif", "-o", "junit.xml")
    done = inside(folder, *release)
    assert done.returncode == FINDINGS, done.stderr
    document = json.loads((folder / "pii-scan.sarif").read_text(encoding="utf-8"))
    Draft202012Validator(SCHEMA).validate(document)
    failed = [r for r in document["runs"][0]["results"] if r["level"] == "error"]
    assert [r["ruleId"] for r in failed] == ["missing-contract", "undeclared-recipient"]
    assert "HubSpot" in failed[1]["message"]["text"]
    where = failed[0]["locations"][0]["physicalLocation"]
    lines = (folder / where["artifactLocation"]["uri"]).read_text(encoding="utf-8").splitlines()
    assert "promise: contract" in lines[where["region"]["startLine"] - 1]
    assert faults((folder / "junit.xml").read_text(encoding="utf-8")) == []
    assert "exit code 1" in done.stderr
    assert (folder / ".pii-scan" / "inventory.db").read_bytes() == stored

    rewritten(
        folder,
        "sharing.yaml",
        "claims:\n",
        "  - {id: hubspot, function: crm, dpa: {ref: c.pdf, until: 2027-12-31}}\nclaims:\n"
        "  - {id: S23, kind: allow_share, data: [user.contact.email], recipient: {ids: [hubspot]}}\n",
    )
    done = inside(folder, *release)
    assert done.returncode == CLEAN, done.stdout + done.stderr


def test_one_changed_character_of_the_policy_fails_every_claim_and_nothing_hides_it(shop):
    folder = shop("kept")
    rewritten(folder, "privacy/policy.en.txt", "six years", "ten years")
    found = check(folder, code=FINDINGS)
    assert {claim["verdict"] for claim in found["claims"]} == {"fail"}
    assert [(f["check"], f["severity"]) for f in found["findings"]] == [("policy-text", "critical")]
    (finding,) = found["findings"]
    refused = inside(
        folder, "accept", finding["fingerprint"], "--owner", "o", "--reason", "r", "--until", "2026-12-31"
    )
    assert refused.returncode == USAGE
    assert "set sha256" in refused.stderr
    assert "the changed policy text is not part of it" in inside(folder, "baseline").stdout
    (folder / "report.json").write_text(json.dumps(found), encoding="utf-8")
    for baseline in ("baseline.json", "report.json"):
        again = check(folder, "--baseline", baseline, "--since-baseline", code=FINDINGS)
        assert [f["check"] for f in again["findings"]] == ["policy-text"]


def test_accepted_findings_fail_nothing_until_their_day_has_passed(shop):
    folder = shop("broken")
    grave = [f for f in check(folder, code=FINDINGS)["findings"] if f["severity"] in ("high", "critical")]
    ids = [f["fingerprint"] for f in grave]
    terms = ("--owner", "data office", "--reason", 'moves in July: see "plan" #4', "--until")
    done = inside(folder, "accept", *ids[1:], ids[0][:8], *terms, "2026-07-31")
    assert done.returncode == CLEAN, done.stderr
    assert f"{ids[0]} accepted until 2026-07-31" in done.stdout
    found = check(folder)
    assert {a["fingerprint"] for a in found["accepted"]} == set(ids)
    assert not {f["fingerprint"] for f in found["findings"]} & set(ids)
    assert {c["verdict"] for c in found["claims"] if c["id"] == "S05"} == {"fail"}, "accepted is not kept"

    note = folder / "pii-scan.accepted.yaml"
    note.write_text(note.read_text(encoding="utf-8").replace("accepted:", "# by the board\naccepted:"))
    again = inside(folder, "accept", ids[0], *terms, "2026-09-30")
    assert f"{ids[0]} accepted again until 2026-09-30" in again.stdout
    assert note.read_text(encoding="utf-8").count(ids[0]) == 1
    assert "# by the board" in note.read_text(encoding="utf-8")
    assert "moves in July" in inside(folder, "explain", ids[1]).stdout

    rewritten(folder, "pii-scan.yaml", "as_of: 2026-06-30", "as_of: 2026-08-01")
    baseline = folder / "baseline.json"
    baseline.write_text(json.dumps({"schema_version": "1.0", "findings": grave, "claims": []}))
    late = check(folder, "--baseline", "baseline.json", code=FINDINGS)
    assert {f["fingerprint"] for f in late["findings"]} >= set(ids[1:]), (
        "a baseline hides no ended acceptance"
    )
    assert [a["fingerprint"] for a in late["accepted"]] == [ids[0]]
    assert any(
        "no longer accepted by data office" in line for f in late["findings"] for line in f["evidence"]
    )
    reviews = [f for f in late["findings"] if f["check"] == "decision-review"]
    assert len(reviews) == len(ids) - 1
    states = json.loads(inside(folder, "decisions", "-f", "json").stdout)["decisions"]
    assert sorted({d["state"] for d in states if d["kind"] == "accept"}) == ["active", "expired"]


def test_an_acceptance_of_what_is_fixed_is_named_and_one_of_an_unscanned_store_is_kept(shop):
    folder = shop("broken")
    found = check(folder, code=FINDINGS)["findings"]
    parcel = next(f for f in found if f["subject"].startswith("files://exports/parcelfox"))
    card = next(f for f in found if f["check"] == "card-data-outside-billing")
    terms = ("--owner", "o", "--reason", "r", "--until", "2026-07-31")
    assert inside(folder, "accept", parcel["fingerprint"], card["fingerprint"], *terms).returncode == CLEAN
    build._exports(folder / "exports", build._people(build.Random("people")), broken=False)
    done = inside(folder, *SCAN, "exports")
    assert done.returncode == CLEAN, done.stderr
    (review,) = (f for f in check(folder, "--fail-on", "none")["findings"] if f["check"] == "decision-review")
    assert review["subject"] == f"accept-{parcel['fingerprint'][:8]}"
    assert "no finding has this id any more" in review["message"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("accept", "0123456789abcdef", "--owner", "o", "--reason", "r", "--until", "2026-12-31"),
            "no finding",
        ),
        (("accept", "{id}", "--owner", "o", "--reason", "r", "--until", "2020-01-01"), "has passed"),
        (("accept", "{id}", "--owner", " ", "--reason", "r", "--until", "2026-12-31"), "can't be empty"),
        (("accept", "{id}", "--owner", "o", "--reason", "r"), "--until"),
        (("check", "--since-baseline"), "--since-baseline needs --baseline FILE"),
        (("check", "--baseline", "nothing.json"), "the baseline can't be read"),
        (("check", "--baseline", "sharing.yaml"), "the baseline is no JSON"),
        (("check", "--baseline", "infra/state.json"), "the file is no baseline"),
        (("check", "-f", "pdf"), "unknown report 'pdf'"),
        (("check", "-f", "json", "-o", "a.json", "-o", "b.json"), "-f names one form"),
        (("check", "-o", "a.exe"), "no format for the suffix '.exe'"),
        (("scan", "--no-store", "--resume"), "--no-store has no earlier run"),
        (("baseline", "sharing.yaml"), "exists already"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_one_line(scanned, arguments, told):
    folder = scanned["broken"]
    if "{id}" in arguments:
        found = check(folder, code=FINDINGS)["findings"][0]["fingerprint"]
        arguments = tuple(found if a == "{id}" else a for a in arguments)
    done = inside(folder, *arguments)
    assert done.returncode == USAGE, done.stdout
    assert told in done.stderr
    assert not (folder / "pii-scan.accepted.yaml").exists()


def test_only_what_is_new_against_the_baseline_fails(shop):
    folder = shop("broken")
    assert "19 findings" in inside(folder, "baseline").stdout
    (folder / "again").mkdir()
    assert inside(folder, "baseline", "again/baseline.json").returncode == CLEAN
    first, second = (folder / name / "baseline.json" for name in (".", "again"))
    assert first.read_bytes() == second.read_bytes()
    known = check(folder, "--baseline", "baseline.json")
    assert (known["findings"], len(known["known"])) == ([], 19)
    assert check(folder, "--baseline", "baseline.json", "--since-baseline")["claims"] == []

    rewritten(folder, "sharing.yaml", "id: postcrow\n", "id: post-crow\n")
    rewritten(folder, "sharing.yaml", "ids: [postcrow]", "ids: [post-crow]")
    new = check(folder, "--baseline", "baseline.json", "--since-baseline", code=FINDINGS)
    assert {(f["check"], f["recipient"]) for f in new["findings"] if f["severity"] == "high"} == {
        ("undeclared-recipient", "postcrow"),
    }
    assert new["known"] == []
    assert "S08" in {claim["id"] for claim in new["claims"]}
    assert check(folder, "--baseline", "baseline.json", code=FINDINGS)["known"] != []
