"""Sealed values for MySQL and MariaDB, in variables of the session; see `sealing`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from .batching import Row
from .sealing import PIECE, Run, needed, sealed

#: Where there is no RANDOM_BYTES: a hash of what the server alone knows, of 64 bytes.
_MIXED: Final = "UNHEX(LEFT(SHA2(CONCAT(UUID(), RAND(), RAND(), UUID()), 512), 2 * {size}))"
_DRAWN: Final = 56


def mark(index: int) -> str:
    """The variable that holds the n-th value."""
    return f"@pii_scan_{index}"


def seal(run: Run, values: Sequence[str | int]) -> None:
    """Puts each value, as UTF-8, into its variable of the session."""
    texts = [str(value) for value in values]
    for index, one in enumerate(sealed(texts, _pad(run, needed(texts)))):
        pieces = ", ".join(_piece(*piece) for piece in one.pieces) or "''"
        run(f"SET {mark(index)} = LEFT(UNHEX(CONCAT('', {pieces})), {one.size})")
    run("SET @pii_scan_pad = NULL")


def _piece(start: int, joined: int) -> str:
    """SQL that gives a piece of the value in hexadecimal."""
    drawn = f"CONV(SUBSTR(@pii_scan_pad, {2 * start + 1}, {2 * PIECE}), 16, 10)"
    return f"LPAD(HEX(CAST({drawn} AS UNSIGNED) ^ {joined}), {2 * PIECE}, '0')"


def _pad(run: Run, size: int) -> bytes:
    """Random bytes that only the server and we know, kept in a variable in hexadecimal."""
    drawn = "RANDOM_BYTES({size})" if _has_random_bytes(_text(run("SELECT VERSION()"))) else _MIXED
    parts = ", ".join(f"HEX({drawn.format(size=part)})" for part in _sizes(size))
    run(f"SET @pii_scan_pad = CONCAT('', {parts or repr('')})")
    return bytes.fromhex(_text(run("SELECT @pii_scan_pad")))


def _sizes(total: int) -> Iterator[int]:
    for start in range(0, total, _DRAWN):
        yield min(_DRAWN, total - start)


def _has_random_bytes(version: str) -> bool:
    """MariaDB has it since 10.10, MySQL since 5.6.17."""
    numbers = tuple(map(int, re.findall(r"\d+", version.removeprefix("5.5.5-"))[:2]))
    return numbers >= ((10, 10) if "mariadb" in version.casefold() else (5, 7))


def _text(rows: Sequence[Row]) -> str:
    cell = rows[0][0]
    return cell.decode("ascii") if isinstance(cell, bytes) else str(cell)
