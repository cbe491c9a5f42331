"""The user's own rules: what is taken, what is found with them, and what is said when one is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from pii_scan.config.load import load
from pii_scan.core.errors import ConfigError
from pii_scan.run.context import context
from pii_scan.run.knowledge import knowledge
from pii_scan.run.rules import failures, listed

from .company import Company, company

STAFF = """\
categories:
  - key: user.workplace.staff_number
    parent: user.workplace
    label: Staff number
    sensitivity: high
rules:
  - id: staff_number
    category: user.workplace.staff_number
    regex: 'EMP-[0-9]{5}'
    match: [EMP-12345, 'by EMP-00001.']
    reject: [EMP-123, XEMP-12345]
"""
WEAK = """\
rules:
  - id: badge
    category: user.account.identifier
    regex: '[0-9]{6}'
    strength: weak
    context: [badge]
    match: ['badge 123456']
    reject: ['123456', 'order 123456']
"""
NAMES = """\
names:
  - id: badge_name
    category: user.account.identifier
    phrases: [badge, matricule interne]
    match: [badge, 'hr/staff#matricule_interne', userBadge]
    reject: [badge_count, 'badger']
"""


@pytest.fixture
def made(tmp_path) -> Company:
    return company(tmp_path)


def types(inventory):
    return {d.field.rpartition("#")[2]: d.category for d in inventory.detections if d.verdict == "type"}


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        knowledge(load(path))
    return str(caught.value).replace(f"{path.parent}/", "")


def test_a_rule_and_a_category_of_ones_own(made):
    made.configure(STAFF)
    inventory = made.scan()
    assert types(inventory)["code"] == "user.workplace.staff_number"
    assert inventory.taxonomy.label("user.workplace.staff_number") == "Staff number"
    assert inventory.taxonomy["user.workplace.staff_number"].sensitivity == "high"
    assert inventory.taxonomy.subsumes("user.workplace", "user.workplace.staff_number")


def test_rules_in_files(made):
    (made.folder / "rules").mkdir()
    (made.folder / "rules" / "staff.yaml").write_text(STAFF)
    (made.folder / "rules" / "badges.yaml").write_text(WEAK + NAMES)
    path = made.configure("rule_files: [rules/*.yaml]")
    known = knowledge(load(path))
    assert [(r.id, r.origin) for r in known.options.rules] == [
        ("badge", "badges.yaml"),
        ("staff_number", "staff.yaml"),
    ]
    assert types(made.scan())["code"] == "user.workplace.staff_number"


def test_a_weak_rule_counts_beside_its_words_alone(made):
    made.table("desk", {"a": [f"badge {n}" for n in range(111111, 111131)], "b": list(range(111111, 111131))})
    made.configure(WEAK)
    assert {d.field.rpartition("#")[2] for d in made.scan().detections if "desk" in d.field} == {"a"}


def test_names_of_ones_own(made):
    made.table("desk", {"matricule_interne": ["x1", "x2"], "other": ["y", "z"]})
    made.configure(NAMES)
    assert types(made.scan())["matricule_interne"] == "user.account.identifier"


def test_a_shipped_rule_is_switched_off_or_replaced(made):
    made.configure("disable: ['email*']")
    assert "user.contact.email" not in {d.category for d in made.scan().detections}
    made.configure(
        "rules:\n  - {id: email, replaces: true, category: user.contact.email, regex: '[a-z]+@corp[.]test',"
        " match: [a@corp.test], reject: [a@example.org]}\n"
    )
    assert "contains" not in {d.verdict for d in made.scan().detections}


def test_countries_limit_the_rules_for_identifiers(made):
    made.table("ids", {"remark": [f"ssn 536-90-43{n}" for n in range(10, 30)]})
    made.configure()
    number = "user.government_id.national_identification_number"
    assert number in {d.category for d in made.scan().detections}
    path = made.configure("countries: [FR]")
    assert number not in {d.category for d in made.scan().detections}
    left_out = {r.id: r.left_out for r in listed(path)}
    assert (left_out["us_ssn"], left_out["fr_nir"]) == ("country", "")


def test_values_that_never_count(made):
    made.configure("ignore:\n  - {category: user.contact, values: [SomeOne0@example.org]}\n")
    (note,) = (d for d in made.scan().detections if d.verdict == "contains")
    assert note.count == 1
    made.configure("ignore:\n  - {category: user.contact.email, regex: ['someone[0-9]@example[.]org']}\n")
    assert not [d for d in made.scan().detections if d.verdict == "contains"]


def test_recognizers_of_presidios_yaml(made):
    (made.folder / "own.yaml").write_text(
        "recognizers:\n"
        "  - name: Staff\n"
        "    supported_entity: STAFF\n"
        "    supported_languages: [{language: en, context: [staff]}]\n"
        "    patterns: [{name: staff, regex: 'EMP-\\d{5}', score: 0.6}]\n"
        "  - {name: Off, supported_entity: OFF, enabled: false, deny_list: [x]}\n"
    )
    path = made.configure("recognizers: [own.yaml]\nentities: {STAFF: user.account.identifier}")
    (recognizer,) = knowledge(load(path)).options.recognizers
    assert (recognizer.name, recognizer.supported_entities) == ("Staff", ["user.account.identifier"])
    assert types(made.scan())["code"] == "user.account.identifier"


def test_a_recognizer_by_its_class(made):
    path = made.configure("recognizers: ['presidio_analyzer.predefined_recognizers:CryptoRecognizer']")
    (recognizer,) = knowledge(load(path)).options.recognizers
    assert recognizer.name == "CryptoRecognizer"


def test_the_list_tells_what_is_left_out(made):
    (made.folder / "rules.yaml").write_text(NAMES)
    path = made.configure("disable: [iban]\nrule_files: [rules.yaml]\n" + STAFF)
    rules = {rule.id: rule for rule in listed(path)}
    assert (rules["staff_number"].origin, rules["staff_number"].kind) == ("pii-scan.yaml", "pattern")
    assert (rules["badge_name"].origin, rules["badge_name"].kind) == ("rules.yaml", "name")
    assert (rules["iban"].left_out, rules["card"].left_out) == ("disabled", "")
    assert rules["uk_nino"].country == "GB"
    assert rules["presidio_th_tnin"].country == "TH"


def test_examples_that_fail_stop_a_scan_but_not_their_test(made):
    wrong = STAFF.replace("[EMP-12345, 'by EMP-00001.']", "[EMP-12345, EMP-1]").replace(
        "XEMP-12345]", "EMP-99999]"
    )
    path = made.configure(wrong)
    assert refusal(path) == (
        "pii-scan.yaml:17:26: rule 'staff_number': match example 2 is not found; "
        "correct the rule or the example; weak rules need a context word in it"
    )
    assert list(failures(path, None, None)) == [
        "staff_number: match example 2 fails",
        "staff_number: reject example 2 fails",
    ]
    with pytest.raises(ConfigError), context(path):
        pass


def test_a_rule_file_is_tested_alone(made):
    file = made.folder / "own.yaml"
    file.write_text(STAFF + NAMES.replace("badge_count", "badge"))
    assert list(failures(None, file, None)) == ["badge_name: reject example 1 fails"]
    assert list(failures(None, file, "staff_number")) == []
    with pytest.raises(ConfigError, match="did you mean 'staff_number'"):
        list(failures(None, file, "staf_number"))


RULE = "{id: x, category: user, match: [a1], reject: [b]"


@pytest.mark.parametrize(
    ("detect", "message"),
    [
        (
            f"rules:\n  - {RULE}, regex: '(?<=x)a1'}}\n",
            "9:57: rule 'x': the regex has a look-around; use edges, unless or a validator instead",
        ),
        (
            f"rules:\n  - {RULE}, regex: '\\ba1'}}\n",
            "9:57: rule 'x': the regex has one of \\b \\B \\W \\D \\S \\A \\Z, "
            "which engines read differently; "
            "use edges, or a class such as [^0-9]",
        ),
        (
            f"rules:\n  - {RULE}, regex: '(a'}}\n",
            "9:57: rule 'x': the regex is not valid near its character 1; "
            "check brackets, braces and backslashes",
        ),
        (
            f"rules:\n  - {RULE}, regex: '(?P<a>a1)(?P=a)'}}\n",
            "9:57: rule 'x': the regex has a back reference; write the parts out",
        ),
        (
            f"rules:\n  - {RULE}, regex: a1, validator: lune}}\n",
            "9:68: rule 'x': unknown validator 'lune'",
        ),
        (
            f"rules:\n  - {RULE}, regex: a1, strength: weak}}\n",
            "9:68: rule 'x': a weak rule never counts without words of its context; add context: [word, …]",
        ),
        (
            f"rules:\n  - {RULE.replace('id: x', 'id: email')}, regex: a1}}\n",
            "9:8: rule 'email': 'email' is a shipped rule; choose another id or set replaces: true",
        ),
        (
            f"rules:\n  - {RULE}, regex: a1, replaces: true}}\n",
            "9:68: rule 'x': no shipped rule 'x' is there to replace; pii-scan rules list shows them all",
        ),
        (
            f"rules:\n  - {RULE.replace('category: user', 'category: user.nmae')}, regex: a1}}\n",
            "9:15: unknown category 'user.nmae'; did you mean 'user.name'?",
        ),
        (
            f"rules:\n  - {RULE.replace('category: user', 'category: user.zebra')}, regex: a1}}\n",
            "9:15: unknown category 'user.zebra'; "
            "declare it under categories; pii-scan categories list shows them all",
        ),
        (
            "rules:\n  - {id: x, category: user, regex: a1, match: [a1]}\n",
            "9:7: 'detect.rules.0.reject' is missing; add it",
        ),
        (
            "rules:\n  - {id: x, category: user, regex: a1, match: [a1], reject: []}\n",
            "9:55: 'detect.rules.0.reject': List should have at least 1 item after validation, not 0",
        ),
        (
            f"rules:\n  - {RULE}, regex: a1}}\n  - {RULE}, regex: a1}}\n",
            "10:8: two rules are named 'x'; give each an id of its own",
        ),
        (
            f"rules:\n  - {RULE}, regex: a1, strenght: weak}}\n",
            "9:68: unknown key 'detect.rules.0.strenght'; did you mean 'strength'?",
        ),
        ("disable: [emial]\n", "8:13: detect.disable: 'emial' fits no shipped rule; did you mean 'email'?"),
        (
            "rule_files: [rules/*.yaml]\n",
            "8:16: no rule file fits; check the path; it starts at this file's folder",
        ),
        (
            "categories:\n  - {key: user.name, parent: user, label: x}\n",
            "9:8: the category 'user.name' is there already; give it another key",
        ),
        (
            "categories:\n  - {key: user.a, parent: user.b, label: x}\n"
            "  - {key: user.b, parent: user.a, label: x}\n",
            "9:21: its parents lead back to itself; name a shipped category as parent",
        ),
        (
            "ignore:\n  - {category: user}\n",
            "9:7: 'detect.ignore.0': names neither values nor a regex",
        ),
        (
            "recognizers: ['no.such.module:Thing']\n",
            "8:17: the recognizer can't be made: ModuleNotFoundError; "
            "write module:Class of an installed package, or a file of Presidio's YAML",
        ),
        (
            "names:\n  - {id: n, category: user.name, phrases: ['--'], match: [a], reject: [b]}\n",
            "9:46: a phrase without a word; write words",
        ),
        (
            "names:\n  - {id: n, category: user.name, phrases: [zebra], match: [zebra, lion], reject: [b]}\n",
            "9:69: rule 'n': match example 2 is not found",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(made, detect, message):
    assert refusal(made.configure(detect)).startswith(f"pii-scan.yaml:{message}")


def test_an_error_in_a_rule_file_names_the_file(made):
    (made.folder / "own.yaml").write_text("rules:\n  - id: x\n    category: user\n    regex: 'a('\n")
    said = refusal(made.configure("rule_files: [own.yaml]"))
    assert said == "own.yaml:2:5: 'rules.0.match' is missing; add it"


def test_examples_and_ignored_values_are_never_told(made):
    secret = "EMP-77777"
    path = made.configure(
        STAFF.replace("EMP-123, ", f"'{secret}', ")
        + f"ignore:\n  - {{category: user, values: ['{secret}']}}\n"
    )
    assert "ignore" in path.read_text()
    assert secret not in str(load(path).config.model_dump(mode="json"))
    path = made.configure(STAFF.replace("EMP-123, ", f"'{secret}', "))
    assert secret not in refusal(path)
