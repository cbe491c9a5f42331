"""`python -m benchmarks.accuracy names --data FILE [--json FILE] [--errors]`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from . import names


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy")
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("names", help="columns typed by their names alone")
    verb.add_argument("--data", type=Path, required=True, help="labelled fields, one JSON object a line")
    verb.add_argument("--json", type=Path, help="write the figures here")
    verb.add_argument("--errors", action="store_true", help="print every field that is wrong")
    options = parser.parse_args()
    figures, errors = names.measure(options.data)
    for name, value in figures.items():
        print(f"{name:28} {value:.3f}" if isinstance(value, float) else f"{name:28} {value}")
    if options.errors:
        print(*errors, sep="\n")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


main()
