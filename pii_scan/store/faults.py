"""What a fault of the inventory means: try again, or stop with words of our own.

Drivers put values into their texts (PostgreSQL quotes the row that breaks a rule), so of a foreign
exception only the class and its code are kept.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Final, TypeVar

import sqlalchemy as sa
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from ..core.errors import MAX_DETAIL, PiiScanError, StoreError, TransientError

T = TypeVar("T")
#: Seconds that a locked inventory or a lost server is waited for; shorter when it is opened.
PATIENCE: Final = 60.0
OPENING: Final = 10.0
RESUME: Final = "what was committed is kept: go on with pii-scan scan --resume"
_BUSY = {"SQLITE_BUSY", "SQLITE_LOCKED", "40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300"}
_LOSSES = (sa.exc.OperationalError, sa.exc.InterfaceError)
_REASONS = (
    (
        {"SQLITE_FULL", "53100", "ENOSPC", "EDQUOT", "EFBIG"},
        "the inventory can't be written: its disk is full",
        "free some space; " + RESUME,
    ),
    (
        {"SQLITE_READONLY", "25006", "42501", "EROFS", "EACCES", "EPERM"},
        "the inventory can't be written: it is read-only here",
        "check the permissions of its file and folder; " + RESUME,
    ),
    (
        {"SQLITE_IOERR", "58030", "EIO"},
        "the inventory can't be read or written: its disk reports an error",
        "check the disk; " + RESUME,
    ),
    (
        {"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT", "XX001", "XX002"},
        "the inventory's file is damaged or is something else",
        "restore it, or name another file",
    ),
    (
        {"SQLITE_CANTOPEN", "ENOENT", "ENOTDIR", "EISDIR"},
        "the inventory's file can't be opened",
        "check its path and permissions",
    ),
    (
        {"28P01", "28000", "3D000"},
        "the inventory's server refuses us",
        "check the user, password and database of its URL",
    ),
)


def patiently(work: Callable[[], T], patience: float = PATIENCE) -> T:
    """Runs one whole transaction, again while the inventory is locked or its server is away.

    Raises StoreError when patience is over, or for any other fault.
    """
    retrying = Retrying(
        retry=retry_if_exception_type(TransientError),
        stop=stop_after_delay(patience),
        wait=wait_random_exponential(multiplier=0.05, max=2.0),
        reraise=True,
    )
    try:
        result: T = retrying(_translated, work)
        return result
    except TransientError as error:
        hint = "wait for the other process, or check the server, user and password; " + RESUME
        raise StoreError("the inventory is in use or out of reach", hint, error.detail) from None


def _translated(work: Callable[[], T]) -> T:
    try:
        return work()
    except PiiScanError:
        raise
    except (sa.exc.SQLAlchemyError, OSError) as error:
        raise translate(error) from None


def translate(error: Exception) -> StoreError | TransientError:
    """Our own error for one of the database, its driver or the operating system."""
    cause = getattr(error, "orig", None) or error
    code = code_of(cause)
    detail = f"{type(cause).__name__} {code}".strip()[:MAX_DETAIL]
    base = "_".join(code.split("_")[:2])
    if base in _BUSY or code.startswith("08") or _lost(error, cause):
        return TransientError("the inventory is busy", detail=detail)
    for codes, reason, hint in _REASONS:
        if base in codes:
            return StoreError(reason, hint, detail)
    return StoreError("the inventory can't be used", "check its path or URL; " + RESUME, detail)


def code_of(cause: BaseException) -> str:
    """SQLite's error name, PostgreSQL's SQLSTATE or the name of the system's error number."""
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    if code:
        return str(code)
    number = getattr(cause, "errno", None)
    return errno.errorcode.get(number, "") if isinstance(number, int) else ""


def _lost(error: Exception, cause: BaseException) -> bool:
    """True for a connection that broke or was not made: such errors carry no code."""
    if getattr(error, "connection_invalidated", False) or isinstance(cause, ConnectionError):
        return True
    return type(cause).__module__.startswith("psycopg") and not code_of(cause) and isinstance(error, _LOSSES)
