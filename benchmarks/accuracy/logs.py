"""Hits in logs, line by line, for a thousand lines: in logs without people each name is a false alarm."""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pii_scan.data.load import taxonomy
from pii_scan.detect.options import Options
from pii_scan.detect.spotter import SURE, Spotter

_BATCH = 500


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="a log, gzipped or not, or a folder of logs")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--show", metavar="CATEGORY", help="print what was taken for this category")


def run(options: argparse.Namespace) -> int:
    report = {}
    for path in files(options.data):
        report[path.name] = found = measure(_lines(path), options.show)
        print(f"{path.name:28} {found}")
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0


def measure(lines: Sequence[str], show: str | None = None, least: float = SURE) -> dict[str, Any]:
    """Lines, and hits a thousand lines by category."""
    spotter = Spotter(taxonomy(), Options())
    hits: Counter[str] = Counter()
    for start in range(0, len(lines), _BATCH):
        part = lines[start : start + _BATCH]
        for line, spotted in zip(part, spotter.spot(part), strict=True):
            for span in spotted.spans:
                if span.confidence >= least:
                    hits[span.category] += 1
                    if span.category == show:
                        print(f"  [{line[span.start : span.end]}] {line}")
    per = {category: round(1000 * count / max(len(lines), 1), 2) for category, count in sorted(hits.items())}
    return {"lines": len(lines), "hits a thousand lines": per}


def files(source: Path) -> list[Path]:
    """The logs of a folder, or the one log. Ends the program if none is there."""
    paths = sorted(source.rglob("*.log*")) if source.is_dir() else [source]
    if not paths:
        raise SystemExit(f"{source}: no log is there")
    return paths


def content(path: Path) -> bytes:
    """All of a log, gzipped or not."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _lines(path: Path) -> list[str]:
    return [line for line in content(path).decode("utf-8", "replace").splitlines() if line.strip()]
