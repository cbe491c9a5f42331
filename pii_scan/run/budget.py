"""What a source may cost in time, rows and bytes; parts that are left over are named, never forgotten."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..config.load import Loaded
from ..core.errors import ConfigError
from ..core.model import Limit

_FORM: Final = re.compile(r"([0-9]+(?:[.][0-9]+)?) ?(s|min|h|kB|MB|GB|rows)", re.IGNORECASE)
_SECONDS: Final = {"s": 1, "min": 60, "h": 3600}
_BYTES: Final = {"kb": 1e3, "mb": 1e6, "gb": 1e9}


def parsed(texts: Sequence[str]) -> Limit:
    """Such as `10min`, `500MB`, `1000000rows`. Raises ConfigError for anything else."""
    limits: dict[str, float] = {}
    for text in texts:
        match = _FORM.fullmatch(text.strip())
        if match is None or not float(match[1]):
            raise ConfigError("a budget that is not understood", "write it like 10min, 500MB or 1000000rows")
        number, unit = float(match[1]), match[2].lower()
        if unit in _SECONDS:
            limits["seconds"] = number * _SECONDS[unit]
        elif unit in _BYTES:
            limits["bytes"] = number * _BYTES[unit]
        else:
            limits["rows"] = number
    rows = limits.get("rows")
    return Limit(limits.get("seconds"), limits.get("bytes"), None if rows is None else int(rows))


def budgets(loaded: Loaded, names: Sequence[str], wanted: Sequence[str]) -> dict[str, Limit]:
    """Each source's: as the command line says, else its own, else that of all."""
    if wanted:
        return dict.fromkeys(names, parsed(wanted))
    own = {source.name: source.budget for source in loaded.config.sources}
    found = {}
    for name in names:
        said = own.get(name) or loaded.config.scan.budget
        found[name] = Limit(said.seconds, said.mb and said.mb * 1e6, said.rows)
    return found


@dataclass(slots=True)
class Spending:
    """What each source has cost so far."""

    budgets: Mapping[str, Limit]
    clock: Callable[[], float] = time.monotonic
    _begun: dict[str, float] = field(default_factory=dict)
    _rows: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _bytes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, source: str, rows: int, size: int) -> None:
        self._rows[source] += rows
        self._bytes[source] += size

    def spent(self, source: str) -> str:
        """Why no further part of the source is read, or nothing; its time begins when it is first asked."""
        left = self.left(source)
        for name, some in (("time", left.seconds), ("bytes", left.bytes), ("rows", left.rows)):
            if some is not None and some <= 0:
                return f"the source's budget of {name} was spent"
        return ""

    def left(self, source: str) -> Limit:
        """What the source may still cost."""
        budget = self.budgets.get(source, Limit())
        used = self.clock() - self._begun.setdefault(source, self.clock())
        return Limit(
            None if budget.seconds is None else budget.seconds - used,
            None if budget.bytes is None else budget.bytes - self._bytes[source],
            None if budget.rows is None else budget.rows - self._rows[source],
        )
