"""The measuring process of `linear`: reads an order on standard input, writes a reason or nothing."""

from __future__ import annotations

import json
import signal
import sys
from importlib import import_module
from time import process_time
from typing import Any, Final

#: Below it the clock is too coarse to tell growth.
_FLOOR: Final = 0.004
#: A text this long that is done below the floor: even with time that grows by the square 1 MB is done soon.
_QUICK: Final = 65_536
_MEGABYTE: Final = 1_048_576
#: So many of the texts that take longest when short are made long.
_HARDEST: Final = 5
Attack = tuple[str, str, str]


class LateError(Exception):
    """A measurement that took too long to go on with."""


def main() -> None:
    order = json.load(sys.stdin)
    exact = import_module(order["engine"]).compile(order["regex"], order["flags"])
    signal.signal(signal.SIGPROF, _late)
    least = order["sizes"][0]
    ranked: list[tuple[float, Attack]] = []
    for attack in map(tuple, order["attacks"]):
        try:
            ranked.append((_seconds(exact, _text(least, *attack), _allowed(order, least)), attack))
        except LateError:
            print(f"{least:,} characters take more than {_allowed(order, least):.2g} seconds")
            return
    for _, attack in sorted(ranked, reverse=True)[:_HARDEST]:
        reason = _reason(exact, attack, order)
        if reason:
            print(reason)
            return


def _allowed(order: dict[str, Any], size: int) -> float:
    """Seconds after which a text of that size is given up."""
    return float(max(order["rate"] * size / _MEGABYTE * 4, 0.15))


def _late(*_: object) -> None:
    raise LateError


def _reason(exact: Any, attack: Attack, order: dict[str, Any]) -> str:
    """Twice the text costs much more than twice the time, twice over; or the time in all is too much."""
    before, steep = 0.0, 0
    for size in order["sizes"]:
        allowed = _allowed(order, size)
        try:
            spent = _quickest(exact, _text(size, *attack), allowed)
        except LateError:
            return f"{size:,} characters take more than {allowed:.2g} seconds"
        steep = steep + 1 if before > _FLOOR and spent > before * order["growth"] else 0
        if steep >= 2:
            return f"twice the text, {size:,} characters, takes {spent / before:.1f} times as long"
        if size >= _QUICK and spent < _FLOOR:
            return ""
        before = spent
    return f"{order['sizes'][-1]:,} characters take {before:.2g} seconds" if before > order["rate"] else ""


def _text(size: int, head: str, pump: str, tail: str) -> str:
    return head + pump * max((size - len(head) - len(tail)) // len(pump), 1) + tail


def _quickest(exact: Any, text: str, allowed: float) -> float:
    """The quicker of two runs; the second is left out where the first is slow."""
    spent = _seconds(exact, text, allowed)
    return spent if spent > 0.5 or spent < _FLOOR else min(spent, _seconds(exact, text, allowed))


def _seconds(exact: Any, text: str, allowed: float) -> float:
    signal.setitimer(signal.ITIMER_PROF, allowed)
    start = process_time()
    try:
        for _ in exact.finditer(text):
            pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return process_time() - start


if __name__ == "__main__":
    main()
