"""Rows are counted as the file has them, in the coverage as in what a fault says."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pii_scan.core.model import Plan
from tests.commands import run

from .scanning import FULL, scan_one


@pytest.mark.parametrize("plan", [FULL, Plan(rows=50)])
def test_a_fault_counts_what_was_read_and_what_was_sampled(tmp_path: Path, plan: Plan) -> None:
    lines = "".join(f"{n},ann{n * 7919 % 10007}@example.org\n" for n in range(60_000))
    packed = gzip.compress(("id,email\n" + lines).encode())
    (tmp_path / "cut.csv.gz").write_bytes(packed[: len(packed) // 2])
    result = scan_one(tmp_path / "cut.csv.gz", plan=plan)
    assert "rows were read before" in result.error
    assert (", of which 50 were sampled" in result.error) == (plan.mode == "sample")
    assert f"{len(result.rows)} " in result.error.partition(": ")[2]


def test_pieces_of_a_long_line_are_one_row_of_the_coverage(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    long = "lorem ipsum " * 20_000
    (drop / "a.csv").write_text(f'id,note\n1,"{long}"\n2,ann@example.org\n')
    (drop / "b.txt").write_text(f"{long}\nann@example.org\n")
    (drop / "c.csv").write_text(f"id,note\n1,{long * 10}\n2,ann@example.org\n")
    assert run(tmp_path, "scan", "drop", "--full", timeout=120).returncode == 0
    found = json.loads(run(tmp_path, "inventory", "export", "-f", "json").stdout)
    rows = {part["dataset"].rpartition("/")[2]: part["rows"] for part in found["coverage"]}
    assert rows == {"a.csv": 2, "b.txt": 2, "c.csv": 2}
