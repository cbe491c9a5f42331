"""The faults of MySQL and MariaDB in our own words, by error number."""

from __future__ import annotations

import socket
from typing import Final

from pii_scan.core.errors import SourceError, TransientError, classify

from .session import original
from .timeout import StatementTimeoutError

_LOST: Final = ("the connection was lost", "try again")
_BLOCKED: Final = ("another session held a lock on it for too long", "try again when it is free")
_STOPPED: Final = (3024, 1969, 1317)
_BUSY: Final = ("the server is short of connections, memory or disk", "try again later")
_REFUSED: Final = (
    "the server refused the user or password",
    "check the user and the secret that the url refers to",
)
_DENIED: Final = ("permission denied", "grant SELECT on it to the user that scans")
_GONE: Final = ("the table or a column is gone", "it was changed since it was listed")
_TRANSIENT: Final[dict[int, tuple[str, str]]] = {
    **dict.fromkeys(
        (2003, 2002, 1053), ("the server can't be reached", "check host, port and that it is up")
    ),
    **dict.fromkeys((0, 2006, 2013, 2055, 1927, 1158, 1159, 1160, 1161), _LOST),
    **dict.fromkeys((1205, 1213), _BLOCKED),
    **dict.fromkeys((1040, 1203, 1226, 1021, 1037, 1041), _BUSY),
}
_LASTING: Final[dict[int, tuple[str, str]]] = {
    **dict.fromkeys((1045, 1698, 1044, 1130, 1862, 2059), _REFUSED),
    **dict.fromkeys((1142, 1143, 1227, 1370), _DENIED),
    **dict.fromkeys((1146, 1054, 1412, 1356), _GONE),
    **dict.fromkeys((1034, 126, 127, 1194, 1195), ("the table is damaged", "try CHECK TABLE")),
    1049: ("the database does not exist", "check the name at the end of the url"),
    2026: ("no secure connection came about", "check the TLS settings of the url"),
    1231: ("the server does not take the read-only and time limits", "connect to it directly"),
}


def explain(error: BaseException) -> SourceError:
    """The fault as SourceError or TransientError, with the number and without the driver's text."""
    cause = original(error)
    number = cause.args[0] if cause.args and isinstance(cause.args[0], int) else None
    detail = f"{type(cause).__name__} {number}" if number is not None else classify(cause)
    if isinstance(getattr(cause, "original_exception", None), socket.gaierror):
        return SourceError("the host is unknown", "check the host in the url", detail)
    if isinstance(cause, OSError):
        return TransientError(*_LOST, detail)
    if number in _STOPPED:
        return StatementTimeoutError(detail)
    if number in _TRANSIENT:
        return TransientError(*_TRANSIENT[number], detail)
    if number in _LASTING:
        return SourceError(*_LASTING[number], detail)
    return SourceError("the server could not answer", detail=detail)
