"""Which language the letters of a text are of: py3langid's model for the languages that we ask for.

Naive Bayes over byte n-grams (Lui and Baldwin 2012, "langid.py: An off-the-shelf language identification
tool"). At each byte the longest known n-gram that ends there counts; an Aho-Corasick automaton in a double
array (Aoe 1989) finds it, in 2 MB instead of the 39 of a table of all steps.
"""

from __future__ import annotations

import math
import unicodedata
from array import array
from collections import Counter
from dataclasses import dataclass, field
from importlib import resources
from typing import IO, Any, Final

import numpy as np

FILE: Final = ("languages", "letters.npz")
_CODES: Final = "codes"
#: The arrays of the automaton, one number a slot, and of the n-grams; as `Automaton` and `Letters` name them.
_STEPS: Final = ("base", "check", "fail", "gram")


@dataclass(frozen=True, slots=True)
class Automaton:
    """States are slots: a byte leads on to `base[state] + byte` if the `check` of that slot is the state.

    Otherwise the step is tried again from `fail[state]`, where the longest shorter n-gram ends. `gram` is the
    number of the n-gram that ends in the state, -1 for none. The root is 0.
    """

    base: array[int] = field(repr=False)
    check: array[int] = field(repr=False)
    fail: array[int] = field(repr=False)
    gram: array[int] = field(repr=False)

    def grams(self, data: bytes) -> Counter[int]:
        """How often each n-gram is met, in the order in which they are met first."""
        base, check, fail, gram = self.base, self.check, self.fail, self.gram
        state, met = 0, []
        for byte in data:
            place = base[state] + byte
            while check[place] != state:
                if not state:
                    break
                state = fail[state]
                place = base[state] + byte
            else:
                state = place
            if (found := gram[state]) >= 0:
                met.append(found)
        return Counter(met)


@dataclass(frozen=True, slots=True)
class Letters:
    """`weights` are log-probabilities, a column a language of `codes`; `row` is the row of each n-gram."""

    codes: tuple[str, ...]
    automaton: Automaton
    row: Any = field(repr=False)
    weights: Any = field(repr=False)
    prior: Any = field(repr=False)

    def classify(self, text: str) -> tuple[str, float]:
        """The likeliest language (ISO 639-1) of a text in lower case, and its probability.

        Scores are divided by the root of the text's bytes, so that the probability of a long one means
        something, too.
        """
        data = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
        met = self.automaton.grams(data)
        scores = np.zeros(len(self.codes), np.float32)
        if met:
            grams = np.fromiter(met.keys(), np.intp, len(met))
            counts = np.fromiter(met.values(), np.float32, len(met))
            scores = np.log1p(counts) @ self.weights[self.row[grams]].astype(np.float32) + self.prior
        scores *= 1.0 / math.sqrt(len(data) or 1)
        chances = np.exp(scores - scores.max())
        best = int(chances.argmax())
        return self.codes[best], float(chances[best] / chances.sum())


def save(letters: Letters, file: IO[bytes]) -> None:
    """All of it in one compressed file of numpy arrays."""
    arrays: dict[str, Any] = {name: np.array(getattr(letters.automaton, name)) for name in _STEPS}
    arrays |= {"row": letters.row, "weights": letters.weights, "prior": letters.prior}
    arrays[_CODES] = np.frombuffer(" ".join(letters.codes).encode(), np.uint8)
    np.savez_compressed(file, **arrays)


def load(file: IO[bytes]) -> Letters:
    """What `save` wrote."""
    with np.load(file) as kept:
        automaton = Automaton(*(array("i", kept[name].tobytes()) for name in _STEPS))
        codes = tuple(kept[_CODES].tobytes().decode().split())
        return Letters(codes, automaton, kept["row"], kept["weights"], kept["prior"])


def shipped() -> Letters:
    """The shipped letters of the languages that we read and those that they could be taken for."""
    with resources.files("pii_scan.data").joinpath(*FILE).open("rb") as file:
        return load(file)
