"""What can be set about detection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.category import ROOT
from ..data import load
from .ignored import Ignored
from .rules import Rule


def shipped() -> dict[str, Any]:
    """The shipped settings with the fitted weights and priors by name."""
    fitted = load.read("verdict.yaml")
    weights, priors = ({n: e["weight"] for n, e in fitted[part].items()} for part in ("weights", "priors"))
    return {**load.read("defaults.yaml"), "weights": weights, "priors": priors}


@dataclass(frozen=True, slots=True)
class Options:
    """`countries` are tried for national phone numbers, in order; if any are given, the shipped rules
    for identifiers of other countries are left out.

    `texts`: free text is read, by the shipped models or, by language, by the user's in `models` (as
    `prose.installed.Wanted` reads them, or `none`). `recognizers` are Presidio `EntityRecognizer` objects
    of the user's (entry-point group `pii_scan.detectors`, or the configuration); `defaults` are the numbers
    of `data/defaults.yaml` and `data/verdict.yaml`.
    `rules` are the user's own, beside the shipped ones or in the place of those of the same id;
    `disabled` are globs of ids of shipped rules; `phrases` are the user's names of columns, by
    strength and category; `ignored` are values that never count.
    """

    presidio: bool = True
    texts: bool = True
    models: Mapping[str, str] = field(default_factory=dict)
    countries: tuple[str, ...] = ()
    recognizers: tuple[Any, ...] = ()
    rules: tuple[Rule, ...] = ()
    disabled: tuple[str, ...] = ()
    phrases: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    ignored: tuple[Ignored, ...] = field(default=(), repr=False)
    defaults: Mapping[str, Any] = field(default_factory=lambda: shipped(), repr=False)

    @property
    def regions(self) -> tuple[str, ...]:
        return self.countries or tuple(self.defaults["countries"])

    def limit(self, name: str) -> int:
        return int(self.defaults["limits"][name])

    def weight(self, name: str) -> float:
        return float(self.defaults["weights"][name])

    def share(self, name: str) -> float:
        return float(self.defaults["shares"][name])

    def prior(self, group: str) -> float:
        """What stands against a column's being of a category of the group, before any evidence."""
        priors = self.defaults["priors"]
        return float(priors.get(group, priors[ROOT]))
