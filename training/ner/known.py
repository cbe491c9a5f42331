"""How often a name that a model finds is one: fits the weights of `texts/known.yaml` on development sets.

`python -m training.ner.known --data CORPORA` reads the shipped models' answers on the sets that checkpoints
are chosen on (generated texts of the development templates, corpora, and copies in lower case) and fits, for
each kind of text, a logistic model of what is known of a name and stands around it, drawn to zero by a ridge.
Sets count alike, however many names they have. The weights of one language are drawn to those of all.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.accuracy import posterior
from pii_scan.data import load
from pii_scan.detect import gazetteer
from pii_scan.detect.prose import shipped
from pii_scan.detect.prose.kinds import KINDS, Kind, kind
from pii_scan.detect.prose.known import EVERY, SIGNS, TIERS, Found, Known
from pii_scan.detect.prose.reader import trimmed

from . import mixture, train
from .texts import Text
from .train import Settings

Sets = Sequence[Sequence[tuple[Found, bool]]]
TARGET: Final = Path(load.__file__).parent / "texts" / "known.yaml"
_RIDGE: Final = 2.0
#: What the names of one set weigh together.
_SET: Final = 200.0


def observed(data: Path, language: str) -> Iterator[list[tuple[Found, bool]]]:
    """For each development set of a language what was seen of every name found, and whether it is one."""
    wanted = mixture.plan(language)
    texts = {name: mixture.corpus(data, wanted, name) for name in wanted.shares}
    sets = train.chosen_on(Settings(language, data), wanted, texts, gazetteer.shipped().entries)
    known, model = Known(), shipped.model(language)
    if model is None:
        raise SystemExit(f"no model is shipped for {language}")
    for found in sets.values():
        answers = model.entities([text.text for text in found])
        yield [seen for text, spans in zip(found, answers, strict=True) for seen in _seen(known, text, spans)]


def _seen(known: Known, text: Text, spans: Iterable[tuple[int, int, str]]) -> Iterator[tuple[Found, bool]]:
    marked = [(a, b) for a, b, label in text.spans if label == "PER"]
    for start, end, label in spans:
        start, end = trimmed(text.text, start, end)
        if label == "PER" and start < end:
            right = any(start < b and a < end for a, b in marked)
            yield known.look(text.text, start, end, kind(text.text)), right


def fitted(sets: Sets, of: Kind, mean: Mapping[str, float] | None = None) -> dict[str, float]:
    """The weights of one kind of text, by tier and sign, from all sets; drawn to `mean`, else to zero."""
    rows, right, weights = [], [], []
    for found in sets:
        mine = [(seen, is_one) for seen, is_one in found if seen.kind == of]
        for seen, is_one in mine:
            rows.append([*(tier == seen.tier for tier in TIERS), *(sign in seen.signs for sign in SIGNS)])
            right.append(is_one)
            weights.append(min(1.0, _SET / len(mine)))
    names = (*TIERS, *SIGNS)
    drawn = dict(mean or dict.fromkeys(names, 0.0))
    if not rows:
        return drawn
    matrix, target, counts = np.array(rows, float), np.array(right, float), np.array(weights)
    prior = np.array([drawn[name] for name in names])
    solved = posterior.newton(matrix, target, counts, prior, _RIDGE, low=-np.inf, high=np.inf)
    return posterior.rounded(names, solved)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m training.ner.known")
    parser.add_argument("--data", type=Path, required=True, help="the folder of corpora")
    options = parser.parse_args()
    sets = {language: list(observed(options.data, language)) for language in shipped.languages()}
    every = list(chain.from_iterable(sets.values()))
    together = {of: fitted(every, of) for of in KINDS}
    lines = [
        "# What is known of a name that a model found, in log-odds of its being one,"
        " by the kind of text around it.",
        "# Written by `python -m training.ner.known`.",
    ]
    for language, found in {EVERY: every, **sets}.items():
        lines.append(f"{language}:")
        for of in KINDS:
            count = sum(seen.kind == of for one in found for seen, _ in one)
            weights = together[of] if language == EVERY else fitted(found, of, together[of])
            lines.append(f"  {of}:  # {count} names")
            lines += (f"    {name}: {value}" for name, value in weights.items())
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
