"""The words of texts as a small model sees them: where each stands, and the number of its vector.

What spaCy's tokenizer makes of a run of characters between blanks depends on the run alone, and a word's
vector on the word: both are kept by the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .spacylib import spacy

Ints = npt.NDArray[np.intp]
#: Words whose vectors are kept: some 6 MB; beyond that, all are let go.
KEPT: Final = 16_000
#: Characters that are tokenized at once at most.
_TOGETHER: Final = 2_000
_RUN: Final = re.compile(r"\s+|\S+")
_BLANK: Final = " "
#: A blank that is a word: at the beginning of a text, behind another one. No run has both kinds of signs.
_ALONE: Final = " ."
#: Where a word begins, its characters, if it is white space.
_TOLD: Final = ["IDX", "LENGTH", "IS_SPACE"]
#: Words to tokenize together: signs at the edges may be one with those of the next word, as `:` and `)`.
_WORD: Final = re.compile(r"[^\W_](?:\S*[^\W_])?[.,;:!?]?")


class Tokenized(NamedTuple):
    """One text: the numbers of its words' vectors, where the words start and where they end."""

    words: Ints
    starts: list[int]
    ends: list[int]


class _Run(NamedTuple):
    """The words of a run: numbers, and places counted from where the run begins; its length."""

    words: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    size: int


@dataclass
class Tokens:
    """Words by run, of a model's `tokenizer`; `embed` is its layer from documents to the vectors of words.

    `vectors` has a row a word, `spaces` is true for words that are white space.
    """

    tokenizer: Any = field(repr=False)
    embed: Any = field(repr=False)
    most: int = KEPT
    vectors: npt.NDArray[np.float32] = field(init=False, repr=False)
    spaces: npt.NDArray[np.bool_] = field(init=False, repr=False)
    _runs: dict[str, _Run] = field(default_factory=dict, init=False, repr=False)
    _count: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._forget()

    def of(self, texts: Sequence[str]) -> list[Tokenized]:
        """The words of each text; the numbers hold until the next call."""
        parts = [list(_runs(text)) for text in texts]
        if self._count > self.most:
            self._forget()
        unknown = list(dict.fromkeys(run for runs in parts for run in runs if run not in self._runs))
        if unknown:
            self._learn(unknown)
        return [_placed(runs, self._runs) for runs in parts]

    def _forget(self) -> None:
        """Lets go of all; a blank between words is no word."""
        self._runs.clear()
        self._runs[_BLANK] = _Run((), (), (), 1)
        self._count = 0
        self.vectors, self.spaces = np.zeros((0, 0), np.float32), np.zeros(0, bool)

    def _learn(self, runs: Sequence[str]) -> None:
        """Tokenizes runs; the vocabulary forgets their words again."""
        with self.tokenizer.vocab.memory_zone():
            parts = list(_together(runs))
            docs = [self.tokenizer(text) for text, _ in parts]
            told = [doc.to_array(_TOLD) for doc in docs]
            for (_, members), columns in zip(parts, told, strict=True):
                self._enter(columns[:, 0].tolist(), columns[:, 1].tolist(), members)
            rows = np.concatenate(self.embed.predict(docs))
            spaces = np.concatenate(told)[:, 2] > 0
        old = self._count - len(rows)
        if self._count > len(self.vectors):
            room = max(self._count, min(2 * self._count, self.most))
            self.vectors = _wider(self.vectors[:old], (room, rows.shape[1]), np.float32)
            self.spaces = _wider(self.spaces[:old], (room,), bool)
        self.vectors[old : self._count] = rows
        self.spaces[old : self._count] = spaces

    def _enter(self, firsts: Sequence[int], sizes: Sequence[int], members: Sequence[str]) -> None:
        """The words of runs that were tokenized together, with a blank between two."""
        begin = at = 0
        for run in members:
            size = 1 if run == _ALONE else len(run)
            until = begin
            while until < len(firsts) and firsts[until] < at + size:
                until += 1
            numbers = tuple(range(self._count, self._count + until - begin))
            starts = tuple(first - at for first in firsts[begin:until])
            ends = tuple(map(add, starts, sizes[begin:until]))
            self._runs[run] = _Run(numbers, starts, ends, size)
            self._count += len(numbers)
            begin, at = until, at + size + 1


def _wider(rows: Any, shape: tuple[int, ...], kind: Any) -> Any:
    """The rows with room for others behind them."""
    made = np.zeros(shape, kind)
    if len(rows):
        made[: len(rows)] = rows
    return made


def _runs(text: str) -> Iterator[str]:
    """The text in runs of white space and of other characters, as spaCy parts it.

    One blank before other space or a word belongs to no word, but at the beginning of the text.
    """
    for place, run in enumerate(_RUN.findall(text)):
        if run[0] != _BLANK:
            yield run
        elif not place:
            yield run if len(run) > 1 else _ALONE
        else:
            yield _BLANK
            if len(run) > 1:
                yield run[1:] if run[1:] != _BLANK else _ALONE


def _together(runs: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Texts to tokenize, with their runs: words together, as one takes as long as many."""
    members: list[str] = []
    size = 0
    for run in runs:
        if run == _ALONE or not _WORD.fullmatch(run):
            yield _BLANK if run == _ALONE else run, [run]
            continue
        if members and size + len(run) > _TOGETHER:
            yield _BLANK.join(members), members
            members, size = [], 0
        members.append(run)
        size += len(run) + 1
    if members:
        yield _BLANK.join(members), members


def _placed(runs: Sequence[str], known: Mapping[str, _Run]) -> Tokenized:
    """The words of a text's runs."""
    words: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for run in runs:
        numbers, first, last, size = known[run]
        if len(numbers) == 1:
            words.append(numbers[0])
            starts.append(at + first[0])
            ends.append(at + last[0])
        elif numbers:
            words += numbers
            starts += [at + place for place in first]
            ends += [at + place for place in last]
        at += size
    return Tokenized(np.array(words, np.intp), starts, ends)


def lean(tokenizer: Any, features: Sequence[str]) -> Any:
    """The same tokenizer with a vocabulary of its own that knows some features of words alone.

    spaCy's tells twenty of each new word: what it is like costs more than the rest of a model.
    """
    library = spacy()
    wanted = {library.attrs.IDS[name] for name in (*features, "LOWER", "IS_SPACE")}
    getters = {key: told for key, told in tokenizer.vocab.lex_attr_getters.items() if key in wanted}
    kept = ("rules", "prefix_search", "suffix_search", "infix_finditer", "token_match", "url_match")
    words = library.vocab.Vocab(lex_attr_getters=getters)
    return library.tokenizer.Tokenizer(words, **{name: getattr(tokenizer, name) for name in kept})
