"""What the user's own Presidio recognizers find in the distinct values of columns, up to a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from ..core.profile import Hits
from .cells import Column
from .hits import UNSEEN
from .presidio import Presidio
from .tally import Tally

_NONE: Final = ("boolean", "decimal")


@dataclass(frozen=True)
class Users:
    """`limit` is the number of distinct values of a column and batch that they may see."""

    library: Presidio
    limit: int

    def hits(self, columns: Sequence[Column], prints: Mapping[int, Any]) -> dict[int, Mapping[str, Hits]]:
        """Hits by the number of the column; `prints` choose what the limit lets through."""
        tally = Tally(columns)
        for index, column in enumerate(columns):
            if len(column):
                self._column(tally, index, column, prints[column.number])
        return tally.hits()

    def _column(self, tally: Tally, index: int, column: Column, prints: Any) -> None:
        distinct, first = np.unique(prints, return_index=True)
        cells = pl.DataFrame({"p": prints, "i": np.arange(len(prints))}).group_by("p").agg("i")
        places = dict(zip(cells["p"], cells["i"], strict=True))
        texts = column.take(first[: self.limit])
        for number, (_, found) in zip(distinct, self.library.user_findings(list(texts)), strict=False):
            for category, detector, whole in found:
                tally.add(index, category, detector, places[int(number)].to_numpy(), whole)
        for number in distinct[self.limit :]:
            tally.add(index, f"{UNSEEN}presidio", "limit", places[int(number)].to_numpy(), whole=False)
