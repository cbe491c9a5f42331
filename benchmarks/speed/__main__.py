"""`python -m benchmarks.speed VERB [--json FILE]`: least, median and greatest."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from types import ModuleType

from . import columns, logs, memory, parquet, postgresql, readers, servers, text

VERBS: dict[str, tuple[ModuleType, str]] = {
    "columns": (columns, "our engine beside Presidio cell by cell"),
    "logs": (logs, "our engine over log lines beside ripgrep"),
    "postgresql": (postgresql, "a scan of a table beside a raw COPY of it"),
    "parquet": (parquet, "a scan of a file beside polars reading it"),
    "readers": (readers, "each connector's reading alone: rows a CPU second and memory"),
    "servers": (servers, "each server's reading alone: rows a CPU second and memory"),
    "memory": (memory, "what a scan of a large file holds at most"),
    "text": (text, "our reader of free text beside Presidio's analyzer with the same model"),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed")
    verbs = parser.add_subparsers(required=True, dest="verb")
    for name, (module, help_text) in VERBS.items():
        verb = verbs.add_parser(name, help=help_text)
        module.arguments(verb)
        verb.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    found = VERBS[options.verb][0].run(options)
    for name, value in found.items():
        print(f"{name:44} {value}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


main()
