"""The claims of the first real policy: they load, quote by place alone, and each is settled by a check."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pii_scan import plugins
from pii_scan.core.declaration import Declaration
from pii_scan.core.promise import PROMISES
from pii_scan.data.load import taxonomy
from pii_scan.policy import claims
from tests.shared_data import ROOT, shared

LIST = ROOT / "examples" / "appointlet" / "sharing.yaml"
#: What an inventory of columns can't settle: it takes the rows of single people.
OPEN: set[str] = set()


@pytest.fixture(scope="module")
def declared() -> Declaration:
    return claims.load(LIST, taxonomy())


@pytest.fixture(scope="module")
def seed() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = YAML(typ="safe").load(shared("seed", "claims.yaml").read_text("utf-8"))
    return found


def test_it_is_about_this_very_text(declared: Declaration) -> None:
    text: Path = shared("seed", "politique-de-confidentialite.fr.txt")
    assert declared.text_sha256 == hashlib.sha256(text.read_bytes()).hexdigest()


def test_it_holds_all_promises_at_their_places(declared: Declaration, seed: list[dict[str, Any]]) -> None:
    text = " ".join(shared("seed", "politique-de-confidentialite.fr.txt").read_text("utf-8").split())
    assert [claim.id for claim in declared.claims] == [claim["id"] for claim in seed]
    for claim, first in zip(declared.claims, seed, strict=True):
        assert claim.span is not None
        assert text[slice(*claim.span)] == first["quote"]
        assert first["severity"].startswith(claim.severity)


def test_it_copies_no_sentence(declared: Declaration, seed: list[dict[str, Any]]) -> None:
    written = LIST.read_text(encoding="utf-8")
    assert {claim.quote for claim in declared.claims} == {""}
    assert [claim["id"] for claim in seed if claim["quote"] in written] == []


def test_each_is_settled_by_a_check_of_its_promise_or_kind(declared: Declaration) -> None:
    checks = plugins.load_all("checks").values()
    settled = {
        claim.id: [
            check.id
            for check in checks
            if (claim.promise in check.promises if claim.promise else claim.kind in check.kinds)
        ]
        for claim in declared.claims
    }
    assert {claim for claim, names in settled.items() if not names} == OPEN
    assert {claim.promise for claim in declared.claims} - {""} == set(PROMISES)
    assert len({name for names in settled.values() for name in names}) == 47
