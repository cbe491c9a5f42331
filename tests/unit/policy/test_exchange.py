"""The JSON Schema of the list agrees with its loader; fideslang takes the list and gives it back."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path

import pytest
from fideslang.models import DataCategory, System
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from pii_scan.core.errors import ConfigError
from pii_scan.data.load import taxonomy
from pii_scan.policy import claims
from pii_scan.run import exchange
from pii_scan.strict import Positions
from tests.shared_data import ROOT

TAXONOMY = taxonomy()
LISTS = sorted((ROOT / "examples").glob("*/sharing.yaml"))
MANIFEST = """
organization: [{fides_key: acme}]
system:
  - fides_key: app
    system_type: Service
    egress:
      - {fides_key: mailer, type: system, data_categories: [user.contact.email]}
      - {fides_key: crm, type: system, data_categories: [user.name]}
      - {fides_key: user, type: user}
    privacy_declarations:
      - {name: Sign-up, data_categories: [user.name, user.contact.email], data_use: essential.service,
         data_subjects: [customer], retention_period: 90 days}
      - {name: News, data_categories: [user.contact.email], data_use: marketing.communications.email,
         data_subjects: [prospect], egress: [mailer], retention_period: as long as needed}
  - fides_key: mailer
    name: The Mailer
    system_type: Third Party
    privacy_declarations:
      - {data_categories: [user.contact.email], data_use: marketing.communications.email}
"""


def plain(path: Path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def as_json(data):
    """As an editor's YAML reader sees it: days are texts."""
    return json.loads(json.dumps(data, default=date.isoformat))


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    made = exchange.schema(None)
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.parent.name)
def test_every_example_follows_the_schema(schema, path):
    schema.validate(as_json(plain(path)))


def _claim(**changes):
    def change(data):
        data["claims"][0] |= changes

    return change


def _recipient(**changes):
    def change(data):
        data["recipients"][0] |= changes

    return change


def _top(**changes):
    def change(data):
        data |= changes

    return change


@pytest.mark.parametrize(
    ("change", "good"),
    [
        (_top(), True),
        (_top(version=2), False),
        (_top(claim=[]), False),
        (_top(policy={"lang": "en"}), False),
        (_top(policy={"id": "x", "sha256": "abc"}), False),
        (_top(defaults={"world": "flat"}), False),
        (_claim(kind="colect"), False),
        (_claim(data=["user.nmae"]), False),
        (_claim(data=["dataset:"]), False),
        (_claim(data=["dataset:orders", "user"]), True),
        (_claim(data="user"), False),
        (_claim(kind="retain", max_age="90"), False),
        (_claim(kind="retain", max_age="90d"), True),
        (_claim(kind="retain", max_age=" 3Y "), True),
        (_claim(kind="retain", max_age={"days": 90, "grace": "7d"}), True),
        (_claim(kind="retain", max_age={"days": -1}), False),
        (_claim(kind="retain", max_age={"days": 90, "grace": 7}), False),
        (_claim(kind="retain", max_age={"weeks": 3}), False),
        (_claim(promise="transport"), True),
        (_claim(promise="transprot"), False),
        (_claim(within="72h"), True),
        (_claim(within="72 minutes"), False),
        (_claim(severity="grave"), False),
        (_claim(span=[1]), False),
        (_claim(confidence=1.5), False),
        (_claim(subjects=["customer"]), True),
        (_claim(recipient={"roles": ["vendor"]}), False),
        (_claim(recipient={"id": ["x"]}), False),
        (_claim(id=""), False),
        (_recipient(needs=["user.emial"]), False),
        (_recipient(role="vendor"), False),
        (_recipient(dpa={"ref": "x", "til": "2027-01-01"}), False),
        (_recipient(attestation={"until": "2027-01-01"}), False),
    ],
)
def test_the_schema_and_the_loader_agree(schema, change, good):
    data = copy.deepcopy(plain(ROOT / "examples" / "shop" / "sharing.yaml"))
    change(data)
    assert schema.is_valid(as_json(data)) is good
    try:
        claims.parsed(data, Positions("sharing.yaml", {}), TAXONOMY)
        loaded = True
    except ConfigError:
        loaded = False
    assert loaded is good


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.parent.name)
def test_a_list_comes_back_from_fideslang_as_it_was(path, tmp_path):
    manifest = tmp_path / "systems.yaml"
    manifest.write_text(exchange.exported(path, None), encoding="utf-8")
    for system in plain(manifest)["system"]:
        System.model_validate(system)
    for category in plain(manifest).get("data_category", ()):
        DataCategory.model_validate(category)
    text, notes = exchange.imported(manifest, None)
    assert notes == []
    back = tmp_path / "sharing.yaml"
    back.write_text(text, encoding="utf-8")
    before, after = (claims.parsed(plain(p), Positions("", {}), TAXONOMY) for p in (path, back))
    assert after == before


def test_what_is_changed_in_the_systems_is_changed_in_the_list(tmp_path):
    manifest = tmp_path / "systems.yaml"
    manifest.write_text(
        exchange.exported(ROOT / "examples" / "shop" / "sharing.yaml", None), encoding="utf-8"
    )
    data = plain(manifest)
    us = data["system"][0]
    (courier,) = (d for d in us["privacy_declarations"] if d["name"] == "S07")
    courier |= {"egress": ["swiftowl"], "data_categories": ["user.name"], "data_subjects": ["customer"]}
    us["egress"].append({"fides_key": "swiftowl", "type": "system"})
    us["privacy_declarations"] = [d for d in us["privacy_declarations"] if d["name"] != "S02"]
    data["system"].append({"fides_key": "swiftowl", "name": "Swiftowl", "system_type": "processor",
                           "privacy_declarations": []})  # fmt: skip
    YAML(typ="safe").dump(data, manifest)
    made = YAML(typ="safe").load(exchange.imported(manifest, None)[0])
    by_id = {claim["id"]: claim for claim in made["claims"]}
    assert by_id["S07"]["recipient"] == {"ids": ["swiftowl"]}
    assert (by_id["S07"]["data"], by_id["S07"]["subjects"]) == (["user.name"], ["customer"])
    assert by_id["S07"]["quote"].startswith("The courier gets")
    assert "S02" not in by_id
    assert by_id["S16"]["promise"] == "credentials", "what fideslang has no place for came along"
    assert {"id": "swiftowl", "role": "processor", "name": "Swiftowl"} in made["recipients"]


def test_systems_of_others_become_a_list(tmp_path):
    path = tmp_path / "fides.yaml"
    path.write_text(MANIFEST, encoding="utf-8")
    text, notes = exchange.imported(path, None)
    made = YAML(typ="safe").load(text)
    assert made["policy"] == {"id": "acme"}
    assert [(r["id"], r.get("name")) for r in made["recipients"]] == [("mailer", "The Mailer"), ("crm", None)]
    told = {c["id"]: (c["kind"], c["data"], c.get("recipient")) for c in made["claims"]}
    assert told == {
        "app-sign-up": ("collect", ["user.name", "user.contact.email"], None),
        "app-sign-up-kept": ("retain", ["user.name", "user.contact.email"], None),
        "app-news": ("collect", ["user.contact.email"], None),
        "app-news-shared": ("allow_share", ["user.contact.email"], {"ids": ["mailer"]}),
        "app-to-crm": ("allow_share", ["user.name"], {"ids": ["crm"]}),
    }
    assert next(c for c in made["claims"] if c["kind"] == "retain")["max_age"] == "90d"
    why = "the retention period 'as long as needed' is no number of days, months or years"
    assert notes == [f"app: News: {why}"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "no systems of fideslang"),
        ("dataset: []", "no systems of fideslang"),
        ("system: [{name: app}]", "no systems of fideslang"),
        ("system: [{fides_key: a, privacy_declarations: [{data_categories: [user.nam], data_use: x}]}]",
         "unknown category 'user.nam'; did you mean 'user.name'?"),
    ],
)  # fmt: skip
def test_what_is_no_manifest_is_told(tmp_path, text, told):
    path = tmp_path / "fides.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        exchange.imported(path, None)
    assert told in str(caught.value)
