"""Memory: what a scan of a large CSV and a large Parquet file holds at most, and our reading of them alone.

Each is a process of its own; the peak resident set of it (VmHWM) and of the child that parses for it are
added up, as if both were at their peak at once. A scan of a few rows shows what is there before any data.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from . import table, timing

_ROWS: Final = 100_000
_PAUSE: Final = 0.05
_READING: Final = """
import sys
from benchmarks.speed.scanning import connected, scan
with connected("files", sys.argv[1]) as connector:
    scan(connector, sys.argv[2], lambda batch: None)
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mb", type=int, default=1_000, help="MB of each file")
    parser.add_argument("--reading", action="store_true", help="only our reading, which takes no time")


def run(options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = table.table(_ROWS)
        for make in (_csv, _parquet):
            tiny, large = (
                make(Path(folder), "tiny", data.slice(0, 100), 0),
                make(Path(folder), "large", data, options.mb * 1_000_000),
            )
            suffix = large.suffix[1:]
            found[f"MB of the {suffix} file"] = round(large.stat().st_size / 1e6)
            for name, path in ((f"{suffix}, tiny", tiny), (f"{suffix}", large)):
                found[f"MB at most, reading {name}"] = peak(
                    [sys.executable, "-c", _READING, str(path), path.name]
                )
                if not options.reading:
                    found[f"MB at most, scan of {name}"] = peak(_scan(path), folder)
            large.unlink()
    return {**found, "goal, scan": 300}


def _scan(path: Path) -> list[str]:
    return [sys.executable, "-m", "pii_scan", "scan", str(path), "--full", "--quiet"]


def peak(command: Sequence[str], folder: str | None = None) -> float:
    """MB that the process and its children held at most, each at its own peak."""
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    most: dict[int, int] = {}
    while process.poll() is None:
        for pid in (process.pid, *_children(process.pid)):
            most[pid] = max(most.get(pid, 0), timing.resident(pid))
        time.sleep(_PAUSE)
    if process.returncode:
        raise SystemExit(f"{command[-1]}: exit code {process.returncode}")
    return round(sum(most.values()) / 1024)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:  # it has ended
        return []


def _csv(folder: Path, name: str, data: pa.Table, size: int) -> Path:
    path = folder / f"{name}.csv"
    with path.open("wb") as file, pc.CSVWriter(file, data.schema) as writer:
        writer.write_table(data)
        while file.tell() < size:
            writer.write_table(data)
    return path


def _parquet(folder: Path, name: str, data: pa.Table, size: int) -> Path:
    """Row groups of a million rows, as writers make them by default."""
    path = folder / f"{name}.parquet"
    group = pa.concat_tables([data] * (10 if size else 1))
    with path.open("wb") as file, pq.ParquetWriter(file, data.schema, use_dictionary=False) as writer:
        writer.write_table(group, row_group_size=1 << 20)
        while file.tell() < size:
            writer.write_table(group, row_group_size=1 << 20)
    return path
