"""`python -m benchmarks.accuracy VERB …`: each verb is a module with `arguments` and `run`."""

from __future__ import annotations

import argparse

from pii_scan.run import log

from . import columns, database, names, schemas

VERBS = {"names": names, "columns": columns, "database": database, "schemas": schemas}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy")
    verbs = parser.add_subparsers(required=True)
    for name, module in VERBS.items():
        verb = verbs.add_parser(name, help=module.SUMMARY)
        module.arguments(verb)
        verb.set_defaults(run=module.run)
    options = parser.parse_args()
    log.configure()
    options.run(options)


if __name__ == "__main__":
    main()
