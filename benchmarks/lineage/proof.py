"""A company through the real scan and the real lineage, against its truth; and the join alone, at size."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from pii_scan.core.valueset import FORMS, K, ValueSet
from pii_scan.lineage.sources import sources

from .company import Company, Flow, company
from .hostile import varied

_CONFIG: Final = """version: 1
inventory: inventory.db
scan: {mode: full}
sources:
  - {name: app, url: "sqlite:///app.db"}
  - {name: exports, path: exports, kind: files}
exports:
"""
_DONE: Final = (0, 3)
#: Traits that the tables are made with.
OF_TABLES: Final = ("names", "small")


@dataclass(frozen=True, slots=True)
class Measured:
    """Flows to find, found and false, and the seconds of the scan with its lineage."""

    planted: int
    found: int
    false: int
    seconds: float
    missed: tuple[Flow, ...] = ()
    wrong: tuple[Flow, ...] = ()


def measured(fields: int, exports: int, seed: int, traits: Sequence[str] = ()) -> Measured:
    """One company; `names` and `small` are traits of its tables, the others of its exports."""
    made = company(fields, exports, seed, further="names" in traits, small="small" in traits)
    made = varied(made, [trait for trait in traits if trait not in OF_TABLES], seed)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        told = {made.named(flow) for flow in confirmed(made, Path(folder))}
        seconds = time.perf_counter() - start
    missed, wrong = tuple(sorted(made.truth - told)), tuple(sorted(told - made.truth))
    return Measured(len(made.truth), len(made.truth & told), len(wrong), seconds, missed, wrong)


def confirmed(made: Company, folder: Path) -> set[Flow]:
    """The confirmed flows of fields of ours, after a scan by the command line."""
    made.write(folder)
    ids = {name: name.removesuffix(".csv").removesuffix("_again") for name in made.exports}
    binds = "".join(f"  - {{match: exports/{name}, recipient: {one}}}\n" for name, one in ids.items())
    (folder / "pii-scan.yaml").write_text(_CONFIG + binds, encoding="utf-8")
    _run(folder, "scan", "-q", "--no-texts")
    return {
        (flow["field"].removeprefix("sqlite://app/main/"), f"{flow['recipient']}.csv")
        for flow in json.loads(_run(folder, "lineage", "--format", "json"))["flows"]
        if flow["status"] == "confirmed" and flow["field"].startswith("sqlite://")
    }


def _run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "pii_scan", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in _DONE:
        raise SystemExit(done.stderr)
    return done.stdout


def figures(all_of: Sequence[Measured]) -> dict[str, Any]:
    planted, found, false = (sum(getattr(m, name) for m in all_of) for name in ("planted", "found", "false"))
    return {
        "companies": len(all_of),
        "flows planted": planted,
        "recall": round(found / planted, 4),
        "precision": round(found / (found + false), 4) if found else 0.0,
        "missed": [list(flow) for m in all_of for flow in m.missed][:20],
        "missed by column": dict(Counter(flow[0].split("#")[1] for m in all_of for flow in m.missed)),
        "wrong by column": dict(Counter(flow[0].split("#")[1] for m in all_of for flow in m.wrong)),
        "wrong": [list(flow) for m in all_of for flow in m.wrong][:20],
        "seconds a company, scan and lineage": round(max(m.seconds for m in all_of), 1),
    }


def large(columns: int = 1_000, exports: int = 100, seed: int = 0) -> dict[str, Any]:
    """Full sketches of so many columns, of 10^5 to 10^8 values each, against ten columns of each export."""
    draw = np.random.default_rng(seed)
    pool = [np.sort(draw.integers(0, 1 << 64, 2 * K, np.uint64)) for _ in range(columns // 10)]
    own = {
        f"sqlite://app/t{n // 5}#c{n}": {"email": _drawn(draw, pool[n % len(pool)])} for n in range(columns)
    }
    theirs = {
        f"files://e/x{n // 10}.csv#c{n}": {"email": _drawn(draw, pool[n % len(pool)])}
        for n in range(exports * 10)
    }
    start = time.perf_counter()
    found = sources(own, theirs)
    largest = max(len(one["email"].hashes) + len(one["email"].forms) for one in own.values())
    return {
        "columns, columns of exports": [columns, len(theirs)],
        "seconds of the join": round(time.perf_counter() - start, 2),
        "sources found": len(found),
        "KB of the largest sketch": largest / 1_000,
    }


def _drawn(draw: np.random.Generator, pool: Any) -> ValueSet:
    """Most of a pool's hashes, as the sketch of a large column has them, with as many forms as it keeps."""
    hashes = np.sort(draw.choice(pool, len(pool) * 9 // 10, replace=False))[:K]
    forms = np.column_stack([hashes[:FORMS], draw.integers(0, 1 << 64, (FORMS, 3), np.uint64)])
    return ValueSet(hashes.astype("<u8").tobytes(), forms.astype("<u8").tobytes())
