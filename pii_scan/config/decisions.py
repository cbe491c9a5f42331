"""Decisions on verdicts: overrides of categories and suppressions, each with an owner and a reason."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import Field, model_validator

from .base import Strict, Text

Day = Annotated[date, Field(strict=False)]
C = TypeVar("C")


def ordered(model: C, since: date | None, expires: date | None) -> C:
    """The model; raises ValueError if it ends before it begins."""
    if since and expires and since > expires:
        raise ValueError("it expires before it begins")
    return model


class WhenConfig(Strict):
    """What narrows an override."""

    detector: Text
    """A glob of detectors (rule ids, names, …): only verdicts that one of them gave are overridden."""


class _Decision(Strict):
    match: Text
    """A glob of fields, dataset#field, such as app/users#legacy_code; without # every field."""
    owner: Text
    """Who answers for the decision."""
    reason: Text
    """Why it is right."""
    since: Day | None = None
    """The day from which it is in force; from the start if absent."""
    reviewed: Day | None = None
    """The day on which it was looked at again: a new date accepts what a scan says has changed."""


class OverrideConfig(_Decision):
    """What a field is, whatever was detected."""

    category: Text
    """A category's key, or none: the field is no personal data."""
    contains: list[Text] = Field(default_factory=list)
    """Globs of categories whose `contains` verdicts go, too; without it they all stay."""
    when: WhenConfig | None = None
    """Only for verdicts of certain detectors."""
    expires: Day | None = None
    """The last day on which it is in force."""

    @model_validator(mode="after")
    def _in_order(self) -> OverrideConfig:
        return ordered(self, self.since, self.expires)


class SuppressConfig(_Decision):
    """Detections that stay in the inventory but count for nothing."""

    category: Text
    """A glob of categories, such as user.contact.email or user.device.*."""
    verdict: Literal["type", "contains", "both"] = "both"
    """Which of the two verdicts."""
    expires: Day
    """The last day on which it is in force; a suppression without an end is not taken."""

    @model_validator(mode="after")
    def _in_order(self) -> SuppressConfig:
        return ordered(self, self.since, self.expires)
