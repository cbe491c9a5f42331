"""One statement of a policy as the draft understands it."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.category import ROOT
from ...core.declaration import ClaimKind


@dataclass(frozen=True, slots=True)
class Statement:
    """What one clause says. `start` and the quote's length give its span in the collapsed text.

    `data` is empty only for a list that says it is complete. `period` is as `sharing.yaml` writes it.
    """

    kind: ClaimKind
    rule: str
    quote: str
    start: int
    data: tuple[str, ...] = (ROOT,)
    ids: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    only_at: bool = False
    purposes: tuple[str, ...] = ()
    condition: str = ""
    period: str = ""
    places: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    confidence: float = 0.5

    @property
    def end(self) -> int:
        return self.start + len(self.quote)
