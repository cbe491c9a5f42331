"""`python -m benchmarks.subjects index [--mebibytes N] [--people N] [--folder DIR] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from . import looking


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.subjects")
    parser.add_argument("what", choices=["index"])
    parser.add_argument("--mebibytes", type=int, default=1024, help="size of the made-up logs")
    parser.add_argument("--columns", type=int, default=1000, help="of the database beside the logs")
    parser.add_argument("--people", type=int, default=20, help="people who are looked up")
    parser.add_argument("--lines", type=int, default=3, help="lines of the logs that each of them has")
    parser.add_argument("--folder", type=Path, help="where the logs are made for a while")
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        found = looking.measured(
            Path(folder), options.mebibytes << 20, options.columns, options.people, options.lines
        )
    for name, value in found.items():
        print(f"{name:36} {value}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


main()
