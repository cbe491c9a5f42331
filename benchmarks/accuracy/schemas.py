"""All schemas of our own and the demo company: built anew, read in one scan, compared with their labels."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from benchmarks.schemas import build, resources
from pii_scan.data.load import taxonomy
from pii_scan.demo.build import build as build_demo

from . import database, labels, score
from .database import Result
from .scanning import scanned

DEMO: Final = "demo"
LABELS: Final = Path(__file__).resolve().parents[1] / "labels"


def arguments(parser: argparse.ArgumentParser) -> None:
    known = (DEMO, *resources.names())
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(known)}; default: all")
    parser.add_argument("--seed", type=int, default=0, help="invents other rows")
    parser.add_argument("--rows", type=int, help="at most so many rows a table")
    parser.add_argument("--json", type=Path, help="write everything here")
    parser.add_argument("--errors", action="store_true", help="print every column that is wrong")


def run(options: argparse.Namespace) -> int:
    names = options.names or (DEMO, *resources.names())
    with tempfile.TemporaryDirectory(prefix="pii-scan-schemas-") as folder:
        results = measure(names, Path(folder), options.seed, options.rows)
    reports = {name: result.report() for name, result in results.items()}
    for name, report in reports.items():
        print(score.show(name, report["figures"]))
        if options.errors:
            print(*(f"    {entry}" for entry in report["wrong"]), sep="\n")
    called = [f"{n}.{c}" for n, r in reports.items() for found in r["called persons"].values() for c in found]
    print(f"things called a person: {len(called)}", *called, sep="\n  ")
    if options.json:
        text = json.dumps(reports, indent=2, ensure_ascii=False) + "\n"
        options.json.write_text(text, encoding="utf-8")
    return 0


def measure(
    names: Iterable[str], folder: Path, seed: int = 0, most: int | None = None
) -> Mapping[str, Result]:
    """The results by name; the databases are left in the folder, as SQLite files."""
    placed = {name: place(name, folder, seed=seed, most=most) for name in names}
    inventory, masker = scanned(*(url for url, _ in placed.values()), full=True)
    return {
        name: database.compare(inventory, masker, labels.read(file, taxonomy()), f"sqlite://{Path(url).stem}")
        for name, (url, file) in placed.items()
    }


def place(
    name: str, folder: Path, url: str = "", *, seed: int = 0, most: int | None = None
) -> tuple[str, Path]:
    """Builds one into the folder, or at a server's URL; its place and its file of labels."""
    if name == DEMO:
        build_demo(folder / DEMO, seed, url or None)
        return url or str(folder / DEMO / "app.db"), LABELS / "demo.csv"
    target, file = url or str(folder / f"{name}.db"), folder / f"{name}.csv"
    build.build(name, target, seed, most)
    build.write_labels(name, file)
    return target, file
