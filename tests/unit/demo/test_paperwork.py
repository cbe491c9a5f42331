"""The policy makes the 55 promises in both languages, in its own words, and the declared list quotes them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pii_scan.data.load import taxonomy
from pii_scan.demo import company, paperwork, resources
from pii_scan.policy import claims
from tests.shared_data import shared


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_promise_stands_in_the_text_at_its_span(language: str) -> None:
    text = " ".join(resources.text(f"policy.{language}.txt").split())
    promises = [c for c in paperwork.sharing(language)["claims"] if c["id"].startswith("C")]
    assert [c["id"] for c in promises] == [f"C{n:02d}" for n in range(1, 56)]
    for claim in promises:
        start, end = claim["span"]
        assert text[start:end] == claim["quote"]
        assert text.count(claim["quote"]) == 1


def test_the_promises_are_those_of_the_first_policy() -> None:
    first = YAML(typ="safe").load(shared("seed", "claims.yaml").read_text(encoding="utf-8"))
    ours = {c["id"]: c for c in paperwork.sharing("en")["claims"]}
    names = {"D": "data", "F": "flows", "I": "infrastructure", "P": "registers", "T": "text"}
    for claim in first:
        assert claim["severity"].startswith(ours[claim["id"]]["severity"])
        assert set(ours[claim["id"]]["sources"]) == {names[tier] for tier in claim["tiers"]}


def test_the_french_text_is_our_own() -> None:
    """No run of six words is shared with the first policy."""
    theirs = _words(shared("seed", "politique-de-confidentialite.fr.txt").read_text(encoding="utf-8"))
    ours = _words(resources.text("policy.fr.txt"))
    runs = {tuple(theirs[i : i + 6]) for i in range(len(theirs) - 5)}
    assert [run for i in range(len(ours) - 5) if (run := tuple(ours[i : i + 6])) in runs] == []


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def test_the_declared_list_loads_and_its_text_matches(tmp_path: Path) -> None:
    paperwork.write(company.found(0), tmp_path, None)
    declaration = claims.load(tmp_path / "sharing.yaml", taxonomy())
    assert declaration.text_status == "matches"
    assert len(declaration.recipients) == 12
    assert len(declaration.claims) == 72
    source = (tmp_path / "privacy" / "policy.en.txt").read_bytes()
    assert declaration.text_sha256 == hashlib.sha256(source).hexdigest()


def test_secrets_stand_beside_the_configuration_and_not_in_it(tmp_path: Path) -> None:
    paperwork.write(company.found(0), tmp_path, "postgresql://demo:hunter2@host/db")
    assert "hunter2" not in (tmp_path / "pii-scan.yaml").read_text(encoding="utf-8")
    assert (tmp_path / ".pii-scan").stat().st_mode & 0o777 == 0o700
    for name in ("key", "app-url"):
        assert (tmp_path / ".pii-scan" / name).stat().st_mode & 0o777 == 0o600
