"""An Aho-Corasick automaton whose steps are given in full, packed into a double array."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np

from pii_scan.detect.prose.letters import Automaton

#: Bytes: from a base so many slots are looked at.
_SIGNS = 256


def packed(rows: Any, row: Sequence[int], grams: Sequence[int]) -> Automaton:
    """The automaton of `rows` of next states by byte; `row` is each state's, `grams` its n-gram or -1.

    States are known by the texts that lead to them first, the shortest ones. Raises ValueError if a step
    does not lead to the longest text that is known.
    """
    texts = _texts(rows, row)
    states = {text: state for state, text in texts.items()}
    steps: dict[int, dict[int, int]] = {state: {} for state in texts}
    for state, text in texts.items():
        if text:
            steps[states[text[:-1]]][text[-1]] = state
    slots, bases = _placed(steps)
    size = max(slots.values()) + _SIGNS
    made = Automaton(*(array("i", [start]) * size for start in (0, -1, 0, -1)))
    for state, text in texts.items():
        slot = slots[state]
        made.base[slot], made.gram[slot] = bases.get(state, 0), grams[state]
        if text:
            made.check[slot] = slots[states[text[:-1]]]
            made.fail[slot] = slots[_shorter(text, states)]
    _check(texts, states, rows, row)
    return made


def _texts(rows: Any, row: Sequence[int]) -> dict[int, bytes]:
    """The shortest text that leads to each state, by length; those of the steps to the root are none."""
    texts = {0: b""}
    waiting = [0]
    for state in waiting:
        following = rows[row[state]]
        for byte in np.flatnonzero(following).tolist():
            after = int(following[byte])
            if after not in texts:
                texts[after] = texts[state] + bytes([byte])
                waiting.append(after)
    return texts


def _shorter(text: bytes, states: Mapping[bytes, int]) -> int:
    """The state of the longest known text that a text ends with, itself apart."""
    return next(states[text[cut:]] for cut in range(1, len(text) + 1) if text[cut:] in states)


def _placed(steps: Mapping[int, Mapping[int, int]]) -> tuple[dict[int, int], dict[int, int]]:
    """The slot of each state and the base of each that leads on, the first that fits; most steps first."""
    taken = bytearray(_SIGNS * (len(steps) + 1))
    taken[0] = 1
    slots, bases = {0: 0}, {}
    first = 0
    for state, following in sorted(steps.items(), key=lambda item: (-len(item[1]), item[0])):
        signs = sorted(following)
        if not signs:
            continue
        first = taken.index(0, first)
        base = _base(taken, signs, first)
        bases[state] = base
        for sign in signs:
            taken[base + sign] = 1
            slots[following[sign]] = base + sign
    return slots, bases


def _base(taken: bytearray, signs: Sequence[int], first: int) -> int:
    place = max(first, signs[0])
    for _ in count():
        place = taken.index(0, place)
        base = place - signs[0]
        if not any(taken[base + sign] for sign in signs):
            return base
        place += 1
    raise AssertionError  # the slots never end


def _check(texts: Mapping[int, bytes], states: Mapping[bytes, int], rows: Any, row: Sequence[int]) -> None:
    for state, text in texts.items():
        following = rows[row[state]]
        for byte in range(state % 7, _SIGNS, 7):
            after = text + bytes([byte])
            expected = states[after] if after in states else _shorter(after, states)
            if following[byte] != expected:
                raise ValueError("the steps are not those of an automaton of n-grams")
