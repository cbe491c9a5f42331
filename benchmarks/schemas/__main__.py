"""`python -m benchmarks.schemas NAME TARGET [--seed N] [--labels FILE] [--columns FILE]`, or `--list`."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import build, resources


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.schemas")
    parser.add_argument("name", nargs="?", choices=resources.names(), help="the schema")
    parser.add_argument("target", nargs="?", help="a new SQLite file, or the URL of an empty database")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--labels", type=Path, help="write the labels here")
    parser.add_argument("--columns", type=Path, help="write the columns with their values here, as JSON")
    parser.add_argument("--list", action="store_true", help="name the schemas")
    options = parser.parse_args()
    if options.list or not options.name:
        print(*resources.names(), sep="\n")
        return
    if options.target:
        build.build(options.name, options.target, options.seed)
    if options.columns:
        build.write_columns(options.name, options.columns, options.seed)
    if options.labels:
        build.write_labels(options.name, options.labels)


if __name__ == "__main__":
    main()
