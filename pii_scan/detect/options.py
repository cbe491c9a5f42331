"""What can be set about detection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..data import load


@dataclass(frozen=True, slots=True)
class Options:
    """`countries` are tried for national phone numbers, in order.

    `recognizers` are Presidio `EntityRecognizer` objects of the user's (entry-point group
    `pii_scan.detectors`); `defaults` are the numbers of `data/defaults.yaml`.
    """

    presidio: bool = True
    countries: tuple[str, ...] = ()
    recognizers: tuple[Any, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=lambda: load.read("defaults.yaml"), repr=False)

    @property
    def regions(self) -> tuple[str, ...]:
        return self.countries or tuple(self.defaults["countries"])

    def limit(self, name: str) -> int:
        return int(self.defaults["limits"][name])

    def weight(self, name: str) -> float:
        return float(self.defaults["weights"][name])

    def share(self, name: str) -> float:
        return float(self.defaults["shares"][name])
