"""`python -m training.languages --out FOLDER` takes our languages out of the model of py3langid."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pii_scan.detect.prose.language import OTHERS, READ
from pii_scan.detect.prose.letters import FILE, Letters, save

from .automaton import packed


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.languages", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the file to write")
    options = parser.parse_args()
    with (options.out / FILE[-1]).open("wb") as file:
        save(letters(), file)


def letters() -> Letters:
    """The model's n-grams and steps; of its weights the columns of our languages, equal rows once.

    A fifth of the n-grams are of other languages alone, and so have one row together.
    """
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    rows = np.frombuffer(model.tk_nextmove, np.uint32).reshape(-1, 256)
    automaton = packed(rows, np.frombuffer(model.tk_row, np.uint16), model.tk_output)
    model.set_languages([*READ, *OTHERS])
    weights, row = np.unique(np.ascontiguousarray(model.nb_ptc), axis=0, return_inverse=True)
    return Letters(
        tuple(model.nb_classes),
        automaton,
        row.astype(np.uint16 if len(weights) < 1 << 16 else np.uint32),
        weights,
        model.nb_pc.astype(np.float32),
    )


if __name__ == "__main__":
    main()
