"""The shape of `pii-scan.yaml`; every key's description goes into the JSON Schema."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, field_serializer, model_validator

from .base import Country, Language, Name, Strict, Text
from .decisions import OverrideConfig, SuppressConfig
from .passwords import MASK, is_reference, shown, shown_options
from .rules import Entity, Key, Rules


class BudgetConfig(Strict):
    """What one source may cost; what is left over is named in the coverage."""

    seconds: float | None = Field(default=None, gt=0)
    """Time from its first part on."""
    mb: float | None = Field(default=None, gt=0)
    """Millions of bytes read from it."""
    rows: int | None = Field(default=None, gt=0)
    """Rows read from it."""


class ScanConfig(Strict):
    """How much is read."""

    mode: Literal["sample", "full"] = "sample"
    """sample reads at most `rows` rows of every dataset; full reads all of them."""
    rows: int = Field(default=10_000, gt=0)
    """Rows that a sample takes of every dataset."""
    seed: int = Field(default=0, ge=0, lt=1 << 63)
    """Chooses the rows of a sample: the same seed takes the same rows."""
    as_of: Annotated[date, Field(strict=False)] | None = None
    """The date that ages are counted from; the default is today."""
    budget: BudgetConfig = Field(default_factory=BudgetConfig)
    """What each source may cost that says nothing else itself."""


class SourceConfig(Strict):
    """One database, log folder or set of exports."""

    name: Name
    """The store's name in the inventory; letters, digits, `_`, `.` and `-`; unique."""
    url: Text | None = Field(default=None, repr=False)
    """A database, such as postgresql://reader:${env:DB_PASSWORD}@host/db; either this or `path`."""
    path: Text | None = None
    """A file, a folder or a glob, relative to the configuration file; either this or `url`."""
    kind: Text | None = None
    """The connector; told from the URL or the path if absent."""
    owner: str = ""
    """The team that answers for the store."""
    region: str = ""
    """Where the data lies, such as eu-west-1 or DE."""
    role: Name = "own"
    """own, or the id of the recipient whose system or export this is."""
    purpose: str = ""
    """What the store is for, such as service or marketing."""
    tags: list[str] = Field(default_factory=list)
    """Free labels for reports and checks."""
    include: list[Text] = Field(default_factory=lambda: ["*"])
    """Globs of the datasets to read."""
    exclude: list[Text] = Field(default_factory=list)
    """Globs of the datasets to leave out; they are listed as skipped by plan."""
    budget: BudgetConfig | None = None
    """What this source may cost, in the place of the scan's."""
    options: dict[str, Any] = Field(default_factory=dict, repr=False)
    """Further settings of the connector itself."""

    @model_validator(mode="after")
    def _one_place(self) -> SourceConfig:
        if (self.url is None) == (self.path is None):
            raise ValueError("a source has either a url or a path")
        return self

    @field_serializer("url")
    def _masked(self, url: str | None) -> str | None:
        return shown(url) if url else url

    @field_serializer("options")
    def _masked_options(self, options: dict[str, Any]) -> dict[str, Any]:
        return shown_options(options)


class ExportBinding(Strict):
    """Ties an export to the recipient that holds it."""

    match: Text
    """A glob of datasets, such as exports/stripe*."""
    recipient: Name
    """The recipient's id in the declared list or in the shipped knowledge."""


class ChecksConfig(Strict):
    """Which checks run."""

    disable: list[Name] = Field(default_factory=list)
    """Ids of checks that are not run, such as overdue-retention."""


class DetectConfig(Rules):
    """How personal data is recognised, and what was decided about it."""

    presidio: bool = True
    """Use Presidio's recognizers, too."""
    texts: bool = True
    """Read free text for names of people and what is said about them."""
    models: dict[Language, Text] = Field(default_factory=dict)
    """Models of your own by language (ISO 639-1), in the place of the shipped ones.

    An installed spaCy model, a folder, stanza:CODE, transformers:ORG/MODEL, gliner:ORG/MODEL, or none.
    """
    countries: list[Country] = Field(default_factory=list)
    """Countries (ISO 3166, such as FR) whose phone numbers and identifiers are looked for; all if empty."""
    rule_files: list[Text] = Field(default_factory=list)
    """Files or globs, relative to this file, with the keys categories, rules, names and ignore."""
    disable: list[Text] = Field(default_factory=list)
    """Ids or globs of shipped rules that are not used; pii-scan rules list shows them."""
    recognizers: list[Text] = Field(default_factory=list)
    """Presidio recognizers: module:Class of an installed package, or a file of Presidio's YAML."""
    entities: dict[Entity, Key] = Field(default_factory=dict)
    """Categories of the entities that the recognizers' YAML names."""
    overrides: list[OverrideConfig] = Field(default_factory=list)
    """What fields are, whatever was detected; of several that match the first one decides."""
    suppress: list[SuppressConfig] = Field(default_factory=list)
    """Detections that stay in the inventory but count for nothing."""


class Config(Strict):
    """The configuration of pii-scan."""

    version: Literal[1] = 1
    """The version of this format."""
    inventory: Text = Field(default=".pii-scan/inventory.db", repr=False)
    """Where the inventory lies: a path relative to this file, or postgresql://… for a team."""
    key: Text | None = Field(default=None, repr=False)
    """${file:PATH} or ${env:NAME} of 32 bytes as hex; the default is a file in the user's data folder."""
    sharing: Text | None = None
    """The declared list, relative to this file."""
    scan: ScanConfig = Field(default_factory=ScanConfig)
    """How much is read."""
    sources: list[SourceConfig] = Field(default_factory=list)
    """What is scanned."""
    exports: list[ExportBinding] = Field(default_factory=list)
    """Which exports belong to which recipients."""
    checks: ChecksConfig = Field(default_factory=ChecksConfig)
    """Which checks run."""
    accepted: Text = "pii-scan.accepted.yaml"
    """The accepted findings, relative to this file; pii-scan accept writes it."""
    detect: DetectConfig = Field(default_factory=DetectConfig)
    """How personal data is recognised."""
    allow_plaintext_passwords: bool = False
    """Accept passwords written out in this file; for tests alone."""

    @field_serializer("inventory")
    def _masked(self, inventory: str) -> str:
        return shown(inventory)

    @field_serializer("key")
    def _masked_key(self, key: str | None) -> str | None:
        return MASK if key and not is_reference(key) else key
