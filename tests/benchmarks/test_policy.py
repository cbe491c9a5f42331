"""The reached figures of `policy draft`: our own policies, and the shared one."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from benchmarks.policy.__main__ import measured
from tests.shared_data import ROOT, shared

POLICIES = ROOT / "tests" / "policies"


@pytest.mark.parametrize("name", ["clinic.fr.txt", "payroll.fr.txt", "shop.en.md", "fitness.en.txt"])
def test_own_policies_hold_their_figures(name):
    reached = measured(POLICIES / name, POLICIES / f"{name.rpartition('.')[0]}.yaml", None)
    assert reached.recall >= 0.93
    assert reached.precision >= 0.9


def test_the_shared_policy_holds_its_figures():
    seed = shared("seed")
    reached = measured(seed / "politique-de-confidentialite.fr.txt", seed / "claims.yaml")
    assert len(reached.right) >= 54
    assert len(reached.spurious) <= 4


def test_the_benchmark_writes_what_it_prints(tmp_path):
    command = [sys.executable, "-m", "benchmarks.policy", "--text", POLICIES / "shop.en.md"]
    command += ["--claims", POLICIES / "shop.en.yaml", "--json", tmp_path / "figures.json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert f"recall {figures['recall']}" in done.stdout
    assert figures["marked"] == 36
