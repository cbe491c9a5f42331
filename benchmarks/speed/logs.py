"""Logs: our engine over lines, spans and types, beside ripgrep counting the matches of the same patterns."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from pii_scan.core.keyed import Key
from pii_scan.core.model import Batch, Dataset, Store
from pii_scan.data import known
from pii_scan.data.load import taxonomy
from pii_scan.detect import rules
from pii_scan.detect.engine import Engine

from ..accuracy.logs import content, files
from . import timing

_CHUNK: Final = 32 << 20


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="a folder of logs, or one log")
    parser.add_argument("--mb", type=int, default=100, help="the logs are repeated up to so many MB")
    parser.add_argument("--runs", type=int, default=3)


def run(options: argparse.Namespace) -> dict[str, Any]:
    if shutil.which("rg") is None:
        raise SystemExit("ripgrep (rg) is needed beside us: install it and run again")
    engine = Engine(taxonomy(), known.processors(), Key(bytes(32)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "all.log"
        size = _write(options.data, path, options.mb << 20)
        command = ["rg", "--count-matches", "--no-mmap", "-j1", "-e", union(), str(path)]
        mine, theirs = timing.pairs(
            lambda: _profile(engine, path),
            lambda: subprocess.run(command, capture_output=True, check=False),
            options.runs,
        )
    return {
        "MB": round(size / 1e6, 1),
        "MB a CPU second, ours": timing.Spread.of([size / 1e6 / t for t in mine]).as_list(),
        "MB a CPU second, ripgrep": timing.Spread.of([size / 1e6 / t for t in theirs]).as_list(),
        **timing.figures("logs", mine, theirs),
        "goal": 0.8,
        "MB of memory": round(timing.memory()),
    }


def union() -> str:
    """The patterns that count by themselves, as one."""
    return "|".join(f"(?:{rule.regex})" for rule in rules.shipped() if rule.free)


def _write(source: Path, target: Path, size: int) -> int:
    """Every log, again and again, up to the size."""
    texts = [content(path) for path in files(source)]
    block = b"".join(text if text.endswith(b"\n") else text + b"\n" for text in texts)
    times = max(1, size // len(block))
    with target.open("wb") as file:
        for _ in range(times):
            file.write(block)
    return len(block) * times


def _profile(engine: Engine, path: Path) -> None:
    """Every line of the file as a cell of one column, chunk by chunk."""
    dataset = Dataset(Store("file", "logs"), ("all.log",), "log")
    rest = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = rest + chunk
            cut = text.rfind(b"\n") + 1
            rest = text[cut:]
            _lines(engine, dataset, text[:cut])
        if rest:
            _lines(engine, dataset, rest)


def _lines(engine: Engine, dataset: Dataset, text: bytes) -> None:
    import pyarrow.compute as pc

    whole = pa.array([text.decode("utf-8", "replace")], pa.large_string())
    lines = pc.split_pattern(whole, "\n").flatten().cast(pa.string())
    engine.profile(Batch(dataset, pa.RecordBatch.from_arrays([lines], ["line"]), (("line",),), len(text)))
