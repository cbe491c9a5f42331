"""Sealed values for PostgreSQL, in settings of the transaction; see `sealing`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .sealing import PIECE, Run, needed, sealed

_PAD: Final = "pii_scan.pad"
#: A random UUID comes from the server's strong source; its hash has no fixed bits. Older servers mix.
_STRONG: Final = "md5(gen_random_uuid()::text || gen_random_uuid()::text)"
_MIXED: Final = "md5(random()::text || clock_timestamp()::text || random()::text || pg_backend_pid()::text)"
_STRONG_VERSION: Final = 130_000
_HASH_BYTES: Final = 16
#: Values that are set in one statement: a function has at most so many columns to give.
_AT_ONCE: Final = 200


def mark(index: int) -> str:
    """The setting that holds the n-th value, read once a statement."""
    return f"(SELECT current_setting('pii_scan.v{index}'))"


def seal(run: Run, values: Sequence[str | int], version: int) -> None:
    """Puts each value into its setting until the transaction ends."""
    texts = [str(value) for value in values]
    pad = _pad(run, needed(texts), version)
    made = [
        f"set_config('pii_scan.v{index}', convert_from(substr(decode({_hexadecimal(one.pieces)}, 'hex'), "
        f"1, {one.size}), 'UTF8'), true)"
        for index, one in enumerate(sealed(texts, pad))
    ]
    for start in range(0, len(made), _AT_ONCE):
        run(f"SELECT {', '.join(made[start : start + _AT_ONCE])}")
    run(f"SELECT set_config('{_PAD}', '', true)")


def _hexadecimal(pieces: Sequence[tuple[int, int]]) -> str:
    return " || ".join(_piece(*piece) for piece in pieces) or "''"


def _piece(start: int, joined: int) -> str:
    drawn = f"substr(current_setting('{_PAD}'), {2 * start + 1}, {2 * PIECE})"
    return f"lpad(to_hex(('x' || lpad({drawn}, 16, '0'))::bit(64)::bigint # {joined}), {2 * PIECE}, '0')"


def _pad(run: Run, size: int, version: int) -> bytes:
    """Random bytes that only the server and we know, kept in a setting in hexadecimal."""
    drawn = _STRONG if version >= _STRONG_VERSION else _MIXED
    count = -(-size // _HASH_BYTES)
    rows = run(
        f"SELECT set_config('{_PAD}', coalesce(string_agg({drawn}, '' ORDER BY n), ''), true) "
        f"FROM generate_series(1, {count}) AS n"
    )
    return bytes.fromhex(str(rows[0][0]))
