"""`scan --budget`: a source is read no further once it has cost enough, and what is left over is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pii_scan.core.errors import ConfigError
from pii_scan.core.model import Limit
from pii_scan.run.budget import Spending, parsed
from tests.commands import run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    drop = tmp_path / "drop"
    drop.mkdir()
    for name in ("a", "b", "c"):
        (drop / f"{name}.csv").write_text("email,plan\n" + "bo@example.org,free\n" * 100)
    return tmp_path


def coverage(home: Path) -> dict[str, dict[str, object]]:
    document = json.loads(run(home, "inventory", "export", "--format", "json").stdout)
    return {entry["dataset"].rsplit("/", 1)[-1]: entry for entry in document["coverage"]}


@pytest.mark.parametrize("limit", ["150rows", "3kB", "100 rows"])
def test_what_a_budget_leaves_over_is_a_gap(home: Path, limit: str) -> None:
    done = run(home, "scan", "drop", "--full", "-q", "--budget", limit)
    assert done.returncode == 3
    found = coverage(home)
    assert [entry["state"] for entry in found.values()].count("skipped") >= 1
    left = [entry for entry in found.values() if entry["state"] == "skipped"]
    assert all("the source's budget of" in str(entry["reason"]) for entry in left)
    assert found["a.csv"]["state"] == "scanned"


def test_a_budget_with_room_changes_nothing(home: Path) -> None:
    done = run(
        home, "scan", "drop", "--full", "-q", "--budget", "1h", "--budget", "1GB", "--budget", "300rows"
    )
    assert done.returncode == 0
    assert {e["state"] for e in coverage(home).values()} == {"scanned"}
    done = run(home, "scan", "drop", "--full", "-q", "--budget", "1h", "--budget", "1GB")
    assert done.returncode == 0
    assert {e["state"] for e in coverage(home).values()} == {"scanned"}


def test_each_source_has_its_own(home: Path) -> None:
    (home / "pii-scan.yaml").write_text(
        "version: 1\nscan: {mode: full, budget: {rows: 100}}\nsources:\n"
        "  - {name: one, path: drop, kind: files}\n"
        "  - {name: two, path: drop, kind: files, budget: {rows: 1000}}\n"
    )
    assert run(home, "scan", "-q").returncode == 3
    document = json.loads(run(home, "inventory", "export", "--format", "json").stdout)
    states = {entry["dataset"]: entry["state"] for entry in document["coverage"]}
    assert [s for urn, s in states.items() if "one" in urn] == ["scanned", "skipped", "skipped"]
    assert {s for urn, s in states.items() if "two" in urn} == {"scanned"}


def test_a_dataset_that_is_cut_is_a_sample(tmp_path: Path) -> None:
    (tmp_path / "big.csv").write_text("email,note\n" + f"bo@example.org,{'x' * 200}\n" * 900_000)
    done = run(tmp_path, "scan", "big.csv", "--full", "-q", "--budget", "50MB", "--no-texts")
    assert done.returncode == 0
    (entry,) = coverage(tmp_path).values()
    assert entry["state"] == "sampled"
    assert "the source's budget of bytes was spent" in str(entry["reason"])
    assert 200_000 < int(str(entry["rows"])) < 600_000


@pytest.mark.parametrize("limit", ["", "ten", "10", "0s", "5 parsecs", "-1min"])
def test_a_wrong_budget_is_one_clear_line(home: Path, limit: str) -> None:
    with pytest.raises(ConfigError, match="not understood"):
        parsed([limit])
    done = run(home, "scan", "drop", "--budget", limit or "x")
    assert done.returncode == 2
    assert "write it like 10min" in done.stderr


def test_time_begins_with_the_first_part() -> None:
    now = [100.0]
    spending = Spending({"app": Limit(seconds=5)}, clock=lambda: now[0])
    assert spending.spent("app") == ""
    now[0] = 104.9
    assert spending.spent("app") == ""
    now[0] = 105.0
    assert spending.spent("app") == "the source's budget of time was spent"
    assert spending.spent("other") == ""
