"""`python -m benchmarks.accuracy VERB …`: every verb is a module with `arguments` and `run`."""

from __future__ import annotations

import argparse
import sys

from pii_scan.run import log

from . import columns, database, fit, logs, names, schemas, text

VERBS = {
    "names": names,
    "fit": fit,
    "columns": columns,
    "database": database,
    "schemas": schemas,
    "text": text,
    "logs": logs,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, module in VERBS.items():
        module.arguments(verbs.add_parser(name, help=(module.__doc__ or "").splitlines()[0]))
    options = parser.parse_args()
    log.configure()
    return int(VERBS[options.verb].run(options))


sys.exit(main())
