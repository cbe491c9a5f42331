"""Errors say what and where in our own words, never what a driver said."""

from __future__ import annotations

import errno
import json
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from pii_scan.core.errors import (
    MAX_DETAIL,
    ConfigError,
    PiiScanError,
    SourceError,
    StoreError,
    TransientError,
    classify,
)

CANARY = "canary.alice@example.com"


def test_one_line_with_the_reason_and_what_to_do():
    assert str(SourceError("can't be read", "grant SELECT", "InsufficientPrivilege 42501")) == (
        "can't be read (InsufficientPrivilege 42501); grant SELECT"
    )
    assert str(ConfigError("'rows' is missing", "add it", "pii-scan.yaml:3:5")) == (
        "pii-scan.yaml:3:5: 'rows' is missing; add it"
    )
    assert str(StoreError("gone")) == "gone"


def test_the_families():
    assert issubclass(TransientError, SourceError)
    assert not issubclass(StoreError, SourceError)
    assert not issubclass(ConfigError, SourceError)
    assert all(issubclass(kind, PiiScanError) for kind in (ConfigError, SourceError, StoreError))


def test_details_are_short():
    assert len(SourceError("x", detail="y" * 500).detail) == MAX_DETAIL


def _sqlite() -> None:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE t (a TEXT UNIQUE)")
        database.execute(f"SELECT * FROM t WHERE a = {CANARY}")


LEAKS = [
    lambda: int(CANARY),
    lambda: float(CANARY),
    lambda: datetime.fromisoformat(CANARY),
    lambda: datetime.strptime(CANARY, "%Y"),
    lambda: {}[CANARY],
    lambda: Path(CANARY).read_bytes(),
    lambda: json.loads(CANARY),
    lambda: (CANARY.encode() + b"\xff").decode(),
    _sqlite,
]


@pytest.mark.parametrize("provoke", LEAKS)
def test_the_class_of_an_error_never_holds_a_value(provoke):
    with pytest.raises(Exception) as caught:  # noqa: PT011
        provoke()
    assert "canary" not in classify(caught.value).lower()
    assert classify(caught.value).split()[0] == type(caught.value).__name__


def test_codes_are_kept():
    assert classify(OSError(errno.ENOSPC, CANARY)) == f"OSError {errno.ENOSPC}"

    class DriverError(Exception):
        sqlstate = "22P02"

    assert classify(DriverError(CANARY)) == "DriverError 22P02"
