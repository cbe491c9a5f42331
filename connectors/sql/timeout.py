"""The one transient fault that readers act on themselves."""

from __future__ import annotations

from pii_scan.core.errors import TransientError


class StatementTimeoutError(TransientError):
    """A statement was stopped by its time limit."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("a statement took too long", "raise statement_timeout", detail)
