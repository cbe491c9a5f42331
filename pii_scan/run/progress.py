"""Progress on a terminal, silence elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from ..core.redact import clean


class Progress(Protocol):
    """Told what is being done; decides whether anybody sees it."""

    def expect(self, datasets: int) -> None: ...

    def done(self, store: str, rows: int) -> None: ...


@dataclass
class Silent:
    """For pipes, tests and CI."""

    def expect(self, datasets: int) -> None: ...

    def done(self, store: str, rows: int) -> None: ...


@dataclass
class Bar:
    """One rich bar over all datasets, with the rows seen so far."""

    bar: Any
    task: Any
    rows: int = 0

    def expect(self, datasets: int) -> None:
        total = self.bar.tasks[self.task].total or 0
        self.bar.update(self.task, total=total + datasets)

    def done(self, store: str, rows: int) -> None:
        self.rows += rows
        self.bar.update(self.task, advance=1, store=clean(store), rows=f"{self.rows:,}")


@contextmanager
def progress(wanted: bool = True) -> Iterator[Progress]:
    """A bar on stderr if it is a terminal and progress is wanted."""
    if not wanted or not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Rich

    columns = (
        TextColumn("scanning {task.fields[store]}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rows]} rows"),
        TimeElapsedColumn(),
    )
    with Rich(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar, bar.add_task("scan", total=None, store="", rows="0"))
