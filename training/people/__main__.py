"""`python -m training.people --out pii_scan/data/people` makes the shipped files; `--report` measures."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pii_scan.detect import gazetteer
from pii_scan.detect.entries import pack

from . import book, columns, letters, masking, model, pools, strings

SEED = 20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.people", description=__doc__)
    parser.add_argument("--out", type=Path, help="folder of the files to write")
    parser.add_argument("--without", nargs="*", default=(), help="Faker's locales to leave out")
    parser.add_argument(
        "--report",
        action="store_true",
        help="fit on four fifths of the pools, print what is right on the others",
    )
    options = parser.parse_args()
    learnt = letters.trained(strings.of(SEED, options.without), SEED)
    known = gazetteer.of(book.of(options.without, mimesis=False))
    drawn = pools.of(SEED)
    if options.report:
        learn, test = split(drawn, options.without)
        made = model.of(known, learnt, learn, SEED)
        report(model.table(made.people, made.columns, columns.drawn(test, SEED + 2)))
    if options.out:
        made = model.of(known, learnt, drawn, SEED)
        write(options.out, learnt.weights.tobytes(), made, book.of(options.without))


def split(drawn: Sequence[pools.Pool], without: Sequence[str]) -> tuple[list[pools.Pool], list[pools.Pool]]:
    """Pools to fit on and to test on: those of the locales left out, if any, else a fifth of all."""
    if not without:
        return [p for p in drawn if not model.is_test(p)], [p for p in drawn if model.is_test(p)]
    left = {locale[:2] for locale in without} - {"en"}
    kept = [p for p in drawn if p[0].split()[-1][:2] not in left]
    return kept, [pool for locale in without for pool in pools.of_locale(locale, SEED)]


def report(table: Mapping[str, Mapping[str, int]]) -> None:
    """The table of confusion, a row a kind of column."""
    kinds = sorted({k for row in table.values() for k in row})
    sys.stdout.write("| columns of | " + " | ".join(kinds) + " |\n" + "| --- " * (len(kinds) + 1) + "|\n")
    for kind, row in table.items():
        sys.stdout.write(f"| {kind} | " + " | ".join(str(row.get(k, 0)) for k in kinds) + " |\n")


def write(folder: Path, weights: bytes, made: model.Fitted, entries: Mapping[str, int]) -> None:
    (folder / gazetteer.FILE[-1]).write_bytes(pack(entries))
    (folder / "masking.txt").write_text(masking.render(), encoding="utf-8")
    (folder / "ngrams.bin").write_bytes(weights)
    for name, content in (("values.json", made.values), ("columns.json", made.columns)):
        (folder / name).write_text(_lines(content), encoding="utf-8")


def _lines(content: Mapping[str, Any]) -> str:
    """JSON with a line for each key of the first two levels."""
    parts = []
    for key, value in content.items():
        if isinstance(value, dict):
            inner = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            parts.append(f"{json.dumps(key)}: {{\n{inner}\n}}")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main()
