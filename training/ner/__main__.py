"""`python -m training.ner --lang fr --data CORPORA --out DIR` trains one language; `--all` all at once."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.ner", description=__doc__)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--lang", help="code of the language")
    which.add_argument(
        "--all", action="store_true", help="all languages, and the comparison with the gazetteer off"
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--out", type=Path, help="folder of the models and the report")
    parser.add_argument("--minutes", type=float, help="end after so many minutes, if not before")
    parser.add_argument("--words", type=int, default=6_000_000, help="words to train on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gazetteer", choices=("on", "off"), default="on")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes of --all")
    options = parser.parse_args()
    # One thread a process: small matrices gain nothing from more. Before numpy is imported.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    from . import everything, one
    from .train import Settings

    if options.all:
        everything.run(options.data, options.out or Path("ner"), options.minutes, options.words, options.jobs)
        return
    settings = Settings(
        options.lang,
        options.data,
        options.seed,
        options.gazetteer == "on",
        options.words,
        options.minutes,
    )
    report = one.made(settings, options.out)
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
