"""All of the bad inputs, read as files and as logs, whole and sampled, then scanned: `make faults` runs it.

A script, since it takes minutes: `python -m tests.faults.corpora [CORPUS…]`. Prints a line for each
corpus and one for each violation; ends with 1 if there was any.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from pii_scan.core.errors import SourceError, classify
from pii_scan.core.model import Batch, Dataset, Note, Plan

from ..commands import run
from ..connectors.bad_inputs import CORPORA, SLOWEST, may_be_empty, unpack
from ..connectors.scanning import KINDS, make

PLANS = {"full": Plan(mode="full"), "sample": Plan(rows=20, bytes=64 << 10)}
MOST_MEMORY = 300 << 20  # of this process, with all that it imports
_NEEDS_REASON = ("failed", "skipped", "changed")


@dataclass
class Tally:
    """What became of one corpus: states and their numbers, the slowest file, and what must not be."""

    states: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    violations: list[str] = field(default_factory=list)

    def wrong(self, where: object, what: str) -> None:
        self.violations.append(f"{where}: {what}")


def read_all(root: Path, tally: Tally) -> None:
    """Every dataset of both connectors and both modes; only SourceError may come out."""
    for kind in KINDS:
        with closing(make(root, kind)) as connector:
            datasets = list(connector.datasets())
            _all_listed(root, datasets, tally)
            for mode, plan in PLANS.items():
                for dataset in datasets:
                    start = time.monotonic()
                    state = _state(connector, dataset, plan, root, tally)
                    taken = time.monotonic() - start
                    tally.states[f"{kind} {mode} {state}"] += 1
                    tally.slowest = max(tally.slowest, taken)
                    if taken > SLOWEST:
                        tally.wrong((kind, mode, dataset.path), f"took {taken:.1f} s")


def _all_listed(root: Path, datasets: list[Dataset], tally: Tally) -> None:
    listed = {dataset.path[:end] for dataset in datasets for end in range(1, len(dataset.path) + 1)}
    for file in root.rglob("*"):
        if file.is_file() and file.relative_to(root).parts not in listed:
            tally.wrong(file.relative_to(root), "is not listed")


def _state(connector, dataset: Dataset, plan: Plan, root: Path, tally: Tally) -> str:
    """How reading ended; what the ledger would not explain is a violation."""
    if dataset.skip:
        return "skipped"
    rows, lost = 0, 0
    try:
        for shard in connector.shards(dataset, plan):
            for item in connector.read(shard):
                if isinstance(item, Batch):
                    rows += item.table.num_rows
                elif isinstance(item, Note) and item.lost:
                    lost += item.lost
                    if not item.reason:
                        tally.wrong(dataset.path, "rows were lost without a reason")
    except SourceError as error:
        if not error.reason:
            tally.wrong(dataset.path, "failed without a reason")
        return "failed"
    except Exception as error:  # noqa: BLE001 - any other one is what is looked for here
        tally.wrong(dataset.path, f"{classify(error)} at {_place(error.__traceback__)}")
        return "crashed"
    if plan.mode == "sample" and rows > plan.rows:
        tally.wrong(dataset.path, f"a sample of {rows} rows")
    if not rows and not lost and not may_be_empty(root, dataset.path):
        tally.wrong(dataset.path, "nothing was read and nothing said")
    return "partly" if lost else "read" if rows else "empty"


def _place(trace: TracebackType | None) -> str:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"


def scan(root: Path, tally: Tally) -> None:
    """The same through the command: every dataset stands in the coverage, with a reason if it needs one."""
    with closing(make(root)) as connector:
        expected = len({dataset.urn for dataset in connector.datasets()})
    with tempfile.TemporaryDirectory() as home:
        done = run(Path(home), "scan", str(root), "--full", "-q", timeout=1_800)
        if done.returncode not in (0, 3):
            tally.wrong("scan", f"exit code {done.returncode}")
        if "Traceback" in done.stderr:
            tally.wrong("scan", "a traceback on the terminal")
        exported = run(Path(home), "inventory", "export", timeout=1_800)
        coverage = json.loads(exported.stdout)["coverage"]
    if len(coverage) != expected:
        tally.wrong("scan", f"{len(coverage)} of {expected} datasets are in the coverage")
    for part in coverage:
        tally.states[f"scan {part['state']}"] += 1
        if part["state"] in _NEEDS_REASON and not part.get("reason"):
            tally.wrong(part["dataset"], f"{part['state']} without a reason")
        if "internal error" in part.get("reason", ""):
            tally.wrong(part["dataset"], part["reason"])


def main(corpora: list[str]) -> int:
    wrong = 0
    for corpus in corpora or CORPORA:
        tally, start = Tally(), time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            root = unpack(corpus, Path(folder) / "corpus")
            read_all(root, tally)
            scan(root, tally)
        states = ", ".join(f"{state}: {count}" for state, count in sorted(tally.states.items()))
        print(f"{corpus}: {time.monotonic() - start:.0f} s, slowest {tally.slowest:.2f} s; {states}")
        for violation in tally.violations:
            print(f"  VIOLATION {violation}")
        wrong += len(tally.violations)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"most memory {peak >> 20} MiB; {wrong} violations")
    return 1 if wrong or peak > MOST_MEMORY else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
