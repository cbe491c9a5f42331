"""docs/claims.md says what comes out: the broken company is held by test_demo, the other two are run here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.shared_data import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import claims_table


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[claims_table.Verdicts]:
    folder: Path = tmp_path_factory.mktemp("company")
    return [claims_table.broken(), claims_table.kept(folder), claims_table.none(folder)]


def test_the_table_is_what_comes_out(verdicts: list[claims_table.Verdicts]) -> None:
    assert claims_table.PAGE.read_text(encoding="utf-8") == claims_table.render(verdicts)


def test_no_promise_is_broken_in_the_kept_company(verdicts: list[claims_table.Verdicts]) -> None:
    assert [claim for claim, verdict in verdicts[1].items() if verdict == "fail"] == []


def test_without_evidence_nothing_passes(verdicts: list[claims_table.Verdicts]) -> None:
    assert {claim: v for claim, v in verdicts[2].items() if v != "not evaluable"} == {}
