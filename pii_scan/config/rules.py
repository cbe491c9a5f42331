"""The user's own rules: records of `detect:` and of the files that it names."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_serializer, model_validator

from .base import Country, Strict, Text
from .passwords import MASK

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=120)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=64)]
Entity = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.]+$", max_length=120)]
Edges = Literal["none", "word", "phone", "digit", "number", "hex", "ip", "email"]


class CategoryConfig(Strict):
    """A data category of one's own."""

    key: Key
    """Its key, such as user.account.employee_number."""
    parent: Key
    """The category that it is a kind of; pii-scan categories list shows them all."""
    label: Text
    """What people call it."""
    sensitivity: Literal["low", "medium", "high", "critical"] = "medium"
    """How much harm its disclosure does."""
    special: bool = False
    """True for data of GDPR articles 9 and 10."""


class _Examples(Strict):
    match: list[Text] = Field(min_length=1)
    """Examples that must be found; they are run whenever the configuration is read."""
    reject: list[Text] = Field(min_length=1)
    """Examples that must not be found; they are run, too."""

    @field_serializer("match", "reject")
    def _masked(self, examples: list[str]) -> list[str]:
        return [MASK] * len(examples)


class RuleConfig(_Examples):
    """A pattern that finds values."""

    id: RuleId
    """Its name in evidence; lower case, digits, _ and -."""
    category: Key
    """What it finds: a category of the list or one of your own."""
    regex: Text
    """Readable by Rust's regex crate and Python: no look-arounds, anchors, \\b or back references."""
    edges: Edges = "word"
    """What may not stand directly beside a match: word means letters and digits."""
    validator: str = ""
    """A check of each match, one of those that shipped rules use: card, iban, imei, vin, …"""
    strength: Literal["strong", "consistent", "weak", "context"] = "strong"
    """strong counts by itself, consistent where a whole column agrees, weak with a context word or a name."""
    context: list[Text] = Field(default_factory=list)
    """Words near a match that speak for it."""
    unless: list[Text] = Field(default_factory=list)
    """Words right before a match that say that it is something else."""
    country: Country | None = None
    """The country whose identifier it finds; left out where detect.countries does not name it."""
    replaces: bool = False
    """Takes the place of the shipped rule of the same id."""


class NameConfig(_Examples):
    """Names of columns that say what they hold; examples are column, or dataset#column."""

    id: RuleId
    """Its name in messages."""
    category: Key
    """What such a column holds."""
    strength: Literal["strong", "weak"] = "strong"
    """strong says so wherever it stands; weak only in a person's table or beside a person's columns."""
    phrases: list[Text] = Field(min_length=1)
    """Words of the name, in any spelling: badge number stands for badge_number, badgeNumber, BADGE-NUMBER."""


class IgnoreConfig(Strict):
    """Values that never count, such as test cards or the support's own address."""

    category: Key
    """The category, with those below it, whose patterns pass these values over."""
    values: list[Text] = Field(default_factory=list, repr=False)
    """The values, without regard to case; in numbers also without regard to spaces and hyphens."""
    regex: list[Text] = Field(default_factory=list, repr=False)
    """Patterns of such values."""

    @model_validator(mode="after")
    def _something(self) -> IgnoreConfig:
        if not self.values and not self.regex:
            raise ValueError("names neither values nor a regex")
        return self

    @field_serializer("values", "regex")
    def _masked(self, values: list[str]) -> list[str]:
        return [MASK] * len(values)


class Rules(Strict):
    """What may stand in a rule file, and under `detect:` as well."""

    categories: list[CategoryConfig] = Field(default_factory=list)
    """Data categories of one's own."""
    rules: list[RuleConfig] = Field(default_factory=list)
    """Patterns that find values."""
    names: list[NameConfig] = Field(default_factory=list)
    """Names of columns that say what they hold."""
    ignore: list[IgnoreConfig] = Field(default_factory=list)
    """Values that never count."""
