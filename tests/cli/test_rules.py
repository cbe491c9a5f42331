"""`pii-scan rules`, `decisions` and what `explain` and `check` tell of decisions."""

from __future__ import annotations

import json

from tests.commands import run

RULES = """\
rules:
  - {id: staff, category: user.account.identifier, regex: 'EMP-[0-9]{5}', match: [EMP-12345], reject: [EMP-1]}
"""
CONFIG = """\
sources:
  - {name: people, path: people.csv}
detect:
  rule_files: [own.yaml]
  disable: [bic]
  suppress:
    - {match: 'people.csv#note', category: user.contact.*, owner: support, reason: ours, expires: 2999-12-31}
"""


def written(folder, rules=RULES):
    (folder / "own.yaml").write_text(rules)
    (folder / "pii-scan.yaml").write_text(CONFIG)
    notes = [f"ask boss{n}@example.org" if n < 2 else f"called, {n}" for n in range(40)]
    rows = [f"EMP-{n:05d},{note!r}" for n, note in enumerate(notes)]
    (folder / "people.csv").write_text("code,note\n" + "\n".join(rows).replace("'", '"') + "\n")


def test_the_list_in_both_forms(tmp_path):
    written(tmp_path)
    told = run(tmp_path, "rules", "list")
    assert told.returncode == 0
    assert told.stdout.splitlines()[0].split() == ["staff", "user.account.identifier", "strong", "own.yaml"]
    (bic,) = (line for line in told.stdout.splitlines() if line.startswith("bic "))
    assert bic.endswith("disabled")
    rules = {r["id"]: r for r in json.loads(run(tmp_path, "rules", "list", "-f", "json").stdout)["rules"]}
    assert rules["staff"]["origin"] == "own.yaml"
    assert (rules["fr_nir"]["country"], rules["fr_nir"]["left_out"]) == ("FR", "")


def test_examples_are_run(tmp_path):
    written(tmp_path)
    assert run(tmp_path, "rules", "test").stdout == "0 failures\n"
    assert run(tmp_path, "rules", "test", "--rule", "staff").stdout == "0 failures\n"
    unknown = run(tmp_path, "rules", "test", "--rule", "stuff")
    assert unknown.returncode == 2
    assert "did you mean 'staff'?" in unknown.stderr
    wrong = RULES.replace("[EMP-12345]", "[EMP-12345, EMP-00]")
    (tmp_path / "wrong.yaml").write_text(wrong)
    failed = run(tmp_path, "rules", "test", "wrong.yaml")
    assert (failed.returncode, failed.stdout) == (1, "staff: match example 2 fails\n1 failures\n")
    written(tmp_path, wrong)
    assert run(tmp_path, "rules", "test").returncode == 1
    scan = run(tmp_path, "scan")
    assert scan.returncode == 2
    assert "own.yaml:2:" in scan.stderr
    assert "EMP-00" not in scan.stderr + failed.stdout
    written(tmp_path, "rules: [{id: x}]\n")
    assert run(tmp_path, "rules", "test").returncode == 2
    assert run(tmp_path, "rules", "test", "missing.yaml").returncode == 2


def test_decisions_through_a_scan_a_check_and_an_export(tmp_path):
    written(tmp_path)
    scan = run(tmp_path, "scan")
    assert scan.returncode == 0, scan.stderr
    assert "1 detection suppressed by decision" in scan.stdout
    listed = run(tmp_path, "decisions")
    assert "ACTIVE" in listed.stdout
    (record,) = json.loads(run(tmp_path, "decisions", "-f", "json").stdout)["decisions"]
    assert (record["state"], record["detections"], record["owner"]) == ("active", 1, "support")
    fields = json.loads(run(tmp_path, "inventory", "export").stdout)["fields"]
    (note,) = (f for f in fields if f["path"] == ["note"])
    (kept,) = (d for d in note["detections"] if d["category"] == "user.contact.email")
    assert kept["suppressed"] == {
        "decision": record["id"],
        "owner": "support",
        "reason": "ours",
        "expires": "2999-12-31",
    }
    assert "suppressed by support: ours" in run(tmp_path, "explain", note["urn"]).stdout
    assert "holds for more than two years" in scan.stderr
    summary = json.loads(run(tmp_path, "check", "-f", "json").stdout)
    assert summary["summary"]["suppressed"] == 1
    (tmp_path / "own.yaml").write_text(RULES + RULES.removeprefix("rules:\n").replace("staff", "other"))
    again = run(tmp_path, "scan", "-q")
    assert again.returncode == 0
    assert f"decision {record['id']} (people.csv#note) needs review: the detector has changed" in again.stderr
    checked = run(tmp_path, "check", "-f", "json")
    assert [f["check"] for f in json.loads(checked.stdout)["findings"]] == ["decision-review"]
    assert run(tmp_path, "check", "--fail-on", "low").returncode == 1


def test_the_schema_of_a_rule_file(tmp_path):
    made = json.loads(run(tmp_path, "config", "schema", "--rules").stdout)
    assert set(made["properties"]) == {"categories", "rules", "names", "ignore"}
    assert run(tmp_path, "config", "schema", "--rules", "--sharing").returncode == 2


def test_categories_of_ones_own(tmp_path):
    (tmp_path / "pii-scan.yaml").write_text(
        "detect:\n  categories:\n    - {key: user.zebra, parent: user, label: Zebra, special: true}\n"
    )
    assert "* user.zebra" in run(tmp_path, "categories", "list").stdout
    (tmp_path / "sharing.yaml").write_text(
        "version: 1\npolicy: {id: p, lang: en}\nrecipients: []\nclaims:\n"
        "  - {id: C1, kind: collect, data: [user.zebra]}\n"
    )
    assert run(tmp_path, "policy", "validate").returncode == 0
