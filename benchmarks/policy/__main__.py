"""`python -m benchmarks.policy --text FILE --claims FILE [--key FILE] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from pii_scan.policy.draft.document import collapsed, read
from pii_scan.policy.draft.lexicon import language, lexicon
from pii_scan.policy.draft.reading import statements

from .marks import marks
from .score import Score, score

#: Kinds and categories of the shared policy's statements, whose file gives neither.
KEY = Path(__file__).resolve().parents[2] / "tests" / "policies" / "shared.key.yaml"


def measured(text: Path, claims: Path, key: Path | None = KEY) -> Score:
    """The score of a draft of the text against the marked statements."""
    words = read(text)
    return score(marks(claims, collapsed(words), key), statements(words, lexicon(language(words))))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.policy", description=__doc__)
    parser.add_argument("--text", type=Path, required=True, help="the policy")
    parser.add_argument("--claims", type=Path, required=True, help="its marked statements")
    parser.add_argument(
        "--key", type=Path, default=KEY, help="kinds and categories by id, if the claims lack them"
    )
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    given = parser.parse_args()
    result = measured(given.text, given.claims, given.key)
    _show(result)
    if given.json:
        given.json.write_text(json.dumps(result.figures(), indent=2) + "\n", encoding="utf-8")


def _show(result: Score) -> None:
    for mark, said in result.wrong:
        print(f"wrong     {mark.id:<5} {'/'.join(mark.kinds)} {list(mark.data)}, drafted {said.kind} "
              f"{list(said.data)} ({said.rule})\n          {mark.quote}")  # fmt: skip
    for mark in result.missed:
        print(f"missed    {mark.id:<5} {'/'.join(mark.kinds)} {list(mark.data)}\n          {mark.quote}")
    for name, rest in (("beside", result.beside), ("spurious", result.spurious)):
        for said in rest:
            print(f"{name:<9} {said.kind} {list(said.data)} ({said.rule})\n          {said.quote}")
    figures = result.figures()
    for kind, counts in figures.pop("by_kind").items():
        print(f"{kind:<12}" + "".join(f"{name} {count:<4}" for name, count in counts.items()))
    print("  ".join(f"{name} {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
