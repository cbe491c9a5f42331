"""PostgreSQL's faults in our own words: by SQLSTATE, for a refused connection by known phrases."""

from __future__ import annotations

from typing import Final

from pii_scan.core.errors import SourceError, TransientError, classify

from .session import original
from .timeout import StatementTimeoutError

REFUSED: Final = "the server refused the user or password"
CHECK_USER: Final = "check the user and the secret that the url refers to"
_STOPPED: Final = "57014"
DENIED: Final = "42501"
#: Beginnings of SQLSTATEs; the first match wins.
_TRANSIENT: Final[tuple[tuple[str, str, str], ...]] = (
    ("55P03", "another session held a lock on it for too long", "try again when it is free"),
    ("25P03", "the server ended an idle transaction", "try again"),
    ("40", "the server cancelled the statement in favour of another", "try again"),
    ("57P", "the server is shutting down or starting", "try again"),
    ("08", "the connection was lost", "try again"),
    ("53", "the server is short of connections, memory or disk", "try again later"),
)
_LASTING: Final[tuple[tuple[str, str, str], ...]] = (
    (DENIED, "permission denied", "grant SELECT on it to the user that scans"),
    ("28", REFUSED, CHECK_USER),
    ("3D000", "the database does not exist", "check the name at the end of the url"),
    ("42P01", "the table is gone", "it was dropped or renamed since it was listed"),
    ("42703", "a column is gone", "the table was changed since it was listed"),
    ("55000", "it can't be read in its present state", "a materialized view may need REFRESH"),
    ("XX", "the server reports damaged data", "ask its administrator"),
)
#: Phrases of libpq and the server (English) for connections that come about with no SQLSTATE.
_PHRASES: Final[tuple[tuple[str, type[SourceError], str, str], ...]] = (
    ("password", SourceError, REFUSED, CHECK_USER),
    ("pg_hba.conf", SourceError, REFUSED, "the server's pg_hba.conf does not let this user in from here"),
    ("role", SourceError, REFUSED, CHECK_USER),
    ("database", SourceError, "the database does not exist", "check the name at the end of the url"),
    ("resolve", SourceError, "the host is unknown", "check the host in the url"),
    ("translate host", SourceError, "the host is unknown", "check the host in the url"),
    ("name or service", SourceError, "the host is unknown", "check the host in the url"),
    ("ssl", SourceError, "no secure connection came about", "check sslmode and the certificates"),
    ("too many", TransientError, "the server is short of connections", "try again later"),
    ("starting up", TransientError, "the server is starting", "try again"),
)


def explain(error: BaseException) -> SourceError:
    """The fault as SourceError or TransientError, with the SQLSTATE and without the driver's text."""
    cause = original(error)
    state, detail = str(getattr(cause, "sqlstate", None) or ""), classify(cause)
    if state == _STOPPED:
        return StatementTimeoutError(detail)
    for start, reason, hint in _TRANSIENT:
        if state.startswith(start):
            return TransientError(reason, hint, detail)
    for start, reason, hint in _LASTING:
        if state.startswith(start):
            return SourceError(reason, hint, detail)
    if isinstance(cause, OSError) or (not state and type(cause).__name__ == "OperationalError"):
        return _unconnected(cause, detail)
    return SourceError("the server could not answer", detail=detail)


def _unconnected(cause: BaseException, detail: str) -> SourceError:
    text = str(cause).lower()
    for phrase, family, reason, hint in _PHRASES:
        if phrase in text:
            return family(reason, hint, detail)
    return TransientError("the server can't be reached", "check host, port and that it is up", detail)
