"""Values that reach MySQL and MariaDB without standing in a statement, a log or the list of processes.

Their drivers write bound values into the statement's text. So the server draws a pad of random bytes and
keeps it in a variable of the session; what it draws is told in a result, which no log holds. A statement
then carries each value joined to the pad by exclusive or (a one-time pad), and the server takes it off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from .batching import Row

Run = Callable[[str], Sequence[Row]]
#: Bytes that are joined at once: less than an integer of 64 bits.
_PIECE: Final = 7


def mark(index: int) -> str:
    """The variable that holds the n-th value."""
    return f"@pii_scan_{index}"


def seal(run: Run, values: Sequence[str | int]) -> None:
    """Puts each value, as UTF-8, into its variable of the session."""
    raw = [str(value).encode() for value in values]
    pieces = [-(-len(one) // _PIECE) for one in raw]
    pad = _pad(run, sum(pieces))
    start = 0
    for index, (one, count) in enumerate(zip(raw, pieces, strict=True)):
        run(f"SET {mark(index)} = LEFT(UNHEX(CONCAT('', {_joined(one, pad, start, count)})), {len(one)})")
        start += count
    run("SET @pii_scan_pad = NULL")


def _joined(value: bytes, pad: bytes, start: int, count: int) -> str:
    return ", ".join(_piece(value, pad, start, number) for number in range(count)) or "''"


def _piece(value: bytes, pad: bytes, start: int, number: int) -> str:
    """SQL that gives a piece of the value in hexadecimal."""
    at = (start + number) * _PIECE
    clear = value[number * _PIECE : (number + 1) * _PIECE].ljust(_PIECE, b"\0")
    sealed = int.from_bytes(clear, "big") ^ int.from_bytes(pad[at : at + _PIECE], "big")
    drawn = f"CONV(SUBSTR(@pii_scan_pad, {2 * at + 1}, {2 * _PIECE}), 16, 10)"
    return f"LPAD(HEX(CAST({drawn} AS UNSIGNED) ^ {sealed}), {2 * _PIECE}, '0')"


def _pad(run: Run, pieces: int) -> bytes:
    """Random bytes that only the server and we know, kept in a variable in hexadecimal."""
    drawn = "RANDOM_BYTES({size})" if _has_random_bytes(_text(run("SELECT VERSION()"))) else _MIXED
    parts = ", ".join(f"HEX({drawn.format(size=size)})" for size in _sizes(pieces * _PIECE))
    run(f"SET @pii_scan_pad = CONCAT('', {parts or repr('')})")
    return bytes.fromhex(_text(run("SELECT @pii_scan_pad")))


#: Where there is no RANDOM_BYTES: a hash of what the server alone knows, of 64 bytes.
_MIXED: Final = "UNHEX(LEFT(SHA2(CONCAT(UUID(), RAND(), RAND(), UUID()), 512), 2 * {size}))"


def _sizes(total: int) -> Iterator[int]:
    while total > 0:
        yield min(total, 56)
        total -= 56


def _has_random_bytes(version: str) -> bool:
    """MariaDB has it since 10.10, MySQL since 5.6.17."""
    numbers = tuple(map(int, re.findall(r"\d+", version.removeprefix("5.5.5-"))[:2]))
    return numbers >= ((10, 10) if "mariadb" in version.casefold() else (5, 7))


def _text(rows: Sequence[Row]) -> str:
    cell = rows[0][0]
    return cell.decode("ascii") if isinstance(cell, bytes) else str(cell)
