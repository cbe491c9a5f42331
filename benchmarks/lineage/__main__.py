"""`python -m benchmarks.lineage [--fields N] [--exports N] [--seed N] [--traits A,B] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Final

from . import cost, proof
from .hostile import TRAITS

_TRAITS: Final = (*proof.OF_TABLES, *TRAITS)


def _traits(text: str) -> tuple[str, ...]:
    """Names of traits with commas, in the order in which they are applied."""
    asked = set(_TRAITS) if text == "all" else set(text.split(","))
    if unknown := asked.difference(_TRAITS):
        raise argparse.ArgumentTypeError(f"no trait is called {', '.join(sorted(unknown))}")
    return tuple(trait for trait in _TRAITS if trait in asked)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lineage")
    parser.add_argument("--fields", type=int, default=500, help="columns of the company's own tables")
    parser.add_argument("--exports", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1, help="companies, from that seed on")
    parser.add_argument(
        "--traits", type=_traits, default=(), help=f"make it harder: all, {', '.join(_TRAITS)}"
    )
    parser.add_argument("--cost", action="store_true", help="measure only what sketches add to detection")
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    if options.cost:
        found = cost.measured()
    else:
        seeds = range(options.seed, options.seed + options.seeds)
        found = proof.figures(
            [proof.measured(options.fields, options.exports, seed, options.traits) for seed in seeds]
        )
        found |= proof.large() if not options.traits else {}
    for name, value in found.items():
        print(f"{name:44} {value}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


main()
