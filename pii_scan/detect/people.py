"""People and places in columns, by their values: how many are names of what."""

from __future__ import annotations

import json
import zlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from . import gazetteer
from .anatomy import LONGEST, MARKS, Anatomist, Part
from .gazetteer import CITY, COUNTRY, FAMILY, GIVEN, NAME, REGION, WORD
from .ngrams import CLASSES, Ngrams
from .shares import HEAPS, KINDS, evidence

__all__ = ["KINDS", "Model", "People", "evidence", "features", "model_of"]

Floats = npt.NDArray[np.float64]
#: Flags of a whole text by the kind that it then counts under, whatever else it is.
_FLAGGED: Final = (
    ("given", GIVEN),
    ("family", FAMILY),
    ("city", CITY),
    ("country", COUNTRY),
    ("region", REGION),
)
#: Texts of which is remembered what they count for: flags, the best kind, the clear one, if a known name.
_REMEMBERED: Final = 5_000
Met = tuple[int, str, str, bool]
_BITS: Final = np.arange(len(MARKS), dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted figures of single values: letters, then the weights of marks and letters together.

    `weights` has a row for each mark, each class of letters and the bias, a column for each kind;
    `reject`: the probability below which the best kind is not told.
    """

    ngrams: Ngrams
    weights: Floats = field(repr=False)
    reject: float


def model_of(settings: Mapping[str, Any], table: bytes) -> Model:
    """The model from its two shipped files."""
    rows = np.frombuffer(table, dtype=np.int8).reshape(-1, len(CLASSES))
    ngrams = Ngrams(rows, float(settings["ngrams"]["scale"]), np.array(settings["ngrams"]["bias"]))
    return Model(ngrams, np.array([settings["weights"][m] for m in _rows()]), float(settings["reject"]))


def _rows() -> list[str]:
    return [*MARKS, *(f"letters of {c}" for c in CLASSES), "bias"]


def features(parts: Sequence[Part], ngrams: Ngrams) -> Floats:
    """A row a text: its marks, the log-probabilities of its letters against their mean, and 1."""
    masks = np.array([part.marks for part in parts], dtype=np.uint64)
    bits = ((masks[:, None] >> _BITS) & np.uint64(1)).astype(np.float64)
    letters = ngrams.scores([part.folded for part in parts])
    letters = np.clip(letters - letters.mean(axis=1, keepdims=True), -6, 6) / 3
    return np.hstack([bits, letters, np.ones((len(parts), 1))])


class People:
    """Looks at distinct values; its files are read at the first look."""

    def __init__(self, book: gazetteer.Gazetteer | None = None, model: Model | None = None) -> None:
        self._given = (book, model)
        #: Batches of a column share many of the texts that are chosen of each.
        self._known: OrderedDict[str, tuple[int, Met]] = OrderedDict()

    @cached_property
    def _part(self) -> Callable[[str], Part]:
        """Takes a text apart."""
        return Anatomist(self._given[0] or gazetteer.shipped()).part

    @cached_property
    def _model(self) -> Model:
        folder = resources.files("pii_scan.data").joinpath("people")
        if self._given[1]:
            return self._given[1]
        settings = json.loads(folder.joinpath("values.json").read_text(encoding="utf-8"))
        return model_of(settings, folder.joinpath("ngrams.bin").read_bytes())

    def look(self, values: Sequence[str] | Mapping[str, int]) -> dict[str, int]:
        """Values by kind; counts of several batches may be added. A mapping gives the rows of each value.

        `looked` are the values that are not blank. The kinds of `KINDS` count what a value may be: a
        known `given` name may be a known `city`, too. `best_…` counts each value once, under the kind
        that suits it best, clearly or not; `known_…` counts those that the gazetteer has, `doubtful` the
        names that are ordinary words. `0 …` to `3 …` count the values
        by heaps, so that what one value makes of a column can be told.
        """
        counts: Counter[str] = Counter()
        rows = values if isinstance(values, Mapping) else Counter(values)
        texts = [(text, n) for value, n in rows.items() if (text := value[: LONGEST * 2].strip())]
        counts["looked"] = sum(n for _, n in texts)
        short = [(text, n) for text, n in texts if len(text) <= LONGEST]
        counts["other"] = counts["best_other"] = counts["looked"] - sum(n for _, n in short)
        self._meet([text for text, _ in short])
        met: Counter[tuple[int, Met]] = Counter()
        for text, n in short:
            met[self._known[text]] += n
        for (heap, found), count in met.items():
            counts[f"{heap} looked"] += count
            for key in _keys(*found):
                counts[key] += count
                counts[f"{heap} {key}"] += count
        return {key: count for key, count in sorted(counts.items()) if count}

    def _meet(self, texts: Sequence[str]) -> None:
        """Sees to it that all texts are known, and with them only the latest of the others."""
        for text in texts:
            if text in self._known:
                self._known.move_to_end(text)
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        parts = self.parts(new)
        for text, found in zip(new, map(_met, parts, *self.kinds(parts)), strict=True):
            self._known[text] = _heap(text), found
        while len(self._known) > max(_REMEMBERED, len(texts)):
            self._known.popitem(last=False)

    def kinds(self, parts: Sequence[Part]) -> tuple[list[str], list[bool]]:
        """The kind that suits each text best, and whether clearly; `other` if it has no word."""
        if not parts:
            return [], []
        raw = features(parts, self._model.ngrams) @ self._model.weights
        raw = np.exp(raw - raw.max(axis=1, keepdims=True))
        chances = raw / raw.sum(axis=1, keepdims=True)
        best = chances.argmax(axis=1)
        sure = chances.max(axis=1) >= self._model.reject
        wordless = np.array([part.wordless for part in parts])
        best[wordless] = KINDS.index("other")
        return [KINDS[k] for k in best.tolist()], sure.tolist()

    def parts(self, texts: Sequence[str]) -> list[Part]:
        """Stripped texts of at most `LONGEST` characters, taken apart."""
        return [self._part(text) for text in texts]


def _met(part: Part, best: str, sure: bool) -> Met:
    """What a text counts for: flags of the whole, the best kind, the clear one, and if a known name."""
    flags = part.whole | (part.cores[0] if len(part.cores) == 1 else 0)
    return flags, best, best if sure else "other", part.has("clean_pair")


def _heap(text: str) -> int:
    """One of `HEAPS` for a value, wherever it stands."""
    return zlib.crc32(text.encode("utf-8", "replace")) % HEAPS


def _keys(flags: int, best: str, clear: str, known: bool) -> Iterable[str]:
    """The keys of `look` that a text counts under."""
    flagged = [kind for kind, flag in _FLAGGED if flags & flag]
    kinds = {*flagged, clear}
    if len(kinds) > 1:
        kinds.discard("other")
    yield from sorted(kinds)
    yield f"best_{best}"
    yield from (f"known_{kind}" for kind in flagged)
    if known:
        yield "known_person"
    if flags & WORD and flags & NAME:
        yield "doubtful"
