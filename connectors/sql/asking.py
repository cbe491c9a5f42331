"""Questions to a server's catalog that it may refuse."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pii_scan.core.errors import SourceError
from pii_scan.core.setting import UNKNOWN, Setting

from .batching import Row

Page = Callable[[str], Sequence[Row]]


def asked(page: Page, sql: str, store: str, names: Sequence[str]) -> tuple[Sequence[Row], list[Setting]]:
    """The rows, or what is unknown because they may not be seen."""
    try:
        return page(sql.replace("%", "%%")), []
    except SourceError as error:
        return (), [Setting(store, (), name, UNKNOWN, error.reason) for name in names]
