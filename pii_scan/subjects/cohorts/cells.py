"""Rows of a dataset as texts of the fields that are wanted, read within bounds."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ...core.errors import SourceError, TransientError
from ...core.model import Batch, Dataset, Note, Plan
from ..answer import Path
from ..scope import Known, Scope

#: Rows and seconds after which a dataset is left, which its counts say.
MOST: Final = 1_000_000
SECONDS: Final = 120.0
_ATTEMPTS: Final = 3
#: A row's texts by masked field path; an array has several.
Row = Mapping[Path, list[str]]


def texts(row: Row, paths: Iterable[Path]) -> list[str]:
    """What stands in the fields of a row, in the order of the fields."""
    return [text for path in paths for text in row.get(path, ())]


@dataclass(slots=True)
class Cells:
    """Reads datasets; `gap` tells afterwards why the last one could not be read, `bound` why only in part.

    Tables are read whole up to the bounds, because keys of a sample lead nowhere; all else by `plan`.
    """

    scope: Scope
    plan: Plan
    gap: str = ""
    bound: str = ""
    rows: int = 0
    _names: dict[Path, Path] = field(default_factory=dict, repr=False)

    def read(self, known: Known, wanted: frozenset[Path]) -> Iterator[Row]:
        """Every row once. Faults end it, and are in `gap`."""
        self.gap, self.bound, self.rows = known.raw.skip, "", 0
        if known.raw.skip:
            return
        plan = Plan(mode="full") if known.raw.kind in ("table", "view") else self.plan
        begun = time.monotonic()
        for row in self._tried(known, self._narrowed(known, wanted), plan, wanted):
            self.rows += 1
            yield row
            if self.rows >= MOST or (self.rows % 1000 == 0 and time.monotonic() - begun > SECONDS):
                self.bound = f"its first {self.rows} rows"
                return

    def _narrowed(self, known: Known, wanted: frozenset[Path]) -> Dataset:
        """The dataset with the columns alone in which the wanted fields are, where they are listed."""
        tops = {path[0] for path in wanted if path}
        fields = [f for f in known.raw.fields if f.path and self._masked(f.path)[0] in tops]
        return known.raw.with_fields(*fields) if fields else known.raw

    def _tried(self, known: Known, dataset: Dataset, plan: Plan, wanted: frozenset[Path]) -> Iterator[Row]:
        for attempt in range(1, _ATTEMPTS + 1):
            told, self.gap, self.bound = False, "", ""
            try:
                for row in self._all(known, dataset, plan, wanted):
                    told = True
                    yield row
            except TransientError as error:
                if told or attempt == _ATTEMPTS:  # what was counted would be counted twice
                    self.gap = str(error)
                    return
            except SourceError as error:
                self.gap = str(error)
                return
            else:
                return

    def _all(self, known: Known, dataset: Dataset, plan: Plan, wanted: frozenset[Path]) -> Iterator[Row]:
        for shard in known.connector.shards(dataset, plan):
            for item in known.connector.read(shard):
                if isinstance(item, Batch):
                    yield from self._rows(item, wanted)
                else:
                    self._note(item)

    def _note(self, note: Note) -> None:
        if note.lost or note.changed:
            self.gap = note.reason or "not all of it could be read"
        elif note.sampled:
            self.bound = "a sample of it"

    def _rows(self, batch: Batch, wanted: frozenset[Path]) -> Iterator[Row]:
        """The rows; what is inside a cell of a column is looked for only where it may hold an address."""
        columns = []
        for number, path in enumerate(batch.columns):
            masked = self._masked(path)
            deeper = any(w[: len(masked)] == masked and len(w) > len(masked) for w in wanted)
            if masked in wanted or deeper:
                columns.append((path, masked, deeper, batch.table.column(number).to_pylist()))
        for index in range(batch.table.num_rows):
            row: dict[Path, list[str]] = {}
            for path, masked, deeper, cells in columns:
                text = cells[index]
                if text is None or text == "":
                    continue
                if masked in wanted:
                    row.setdefault(masked, []).append(text)
                if deeper and (not path or "@" in text or "%40" in text):
                    for leaf, value in self.scope.leaves(path, text):
                        name = self._masked(leaf)
                        if name in wanted and name != masked:
                            row.setdefault(name, []).append(value)
            yield row

    def _masked(self, path: Path) -> Path:
        if path not in self._names:
            self._names[path] = self.scope.masker.path(path)
        return self._names[path]
