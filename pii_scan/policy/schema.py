"""The shape of `sharing.yaml`: pydantic models, used at this border only."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ..core.declaration import ClaimKind, Severity

_PERIOD = re.compile(r"(\d{1,5})\s*([dmy])")
_DAYS = {"d": 1.0, "m": 30.4375, "y": 365.25}
_WRITTEN = "a period is written 90d, 12m or 3y"


def days(written: str) -> int:
    """Days of `90d`, `12m` or `3y`, rounded up: months of 30.4375 days, years of 365.25.

    Raises ValueError for anything else.
    """
    match = _PERIOD.fullmatch(written.strip().lower())
    if match is None:
        raise ValueError(_WRITTEN)
    return math.ceil(int(match[1]) * _DAYS[match[2]])


def _hours(value: Any) -> Any:
    """A time limit in hours."""
    if isinstance(value, str):
        hours = re.fullmatch(r"(\d{1,5})\s*h", value.strip().lower())
        return int(hours[1]) if hours else days(value) * 24
    raise ValueError("a time limit is written 72h, 30d or 3m")


def _period(value: Any) -> Any:
    """A period in days; plain numbers are refused, they have no unit."""
    if isinstance(value, str):
        return days(value)
    raise ValueError(_WRITTEN)


def _retention(value: Any) -> Any:
    """The short form as the long one."""
    if isinstance(value, dict):
        return value
    if isinstance(value, str):
        return {"days": days(value)}
    raise ValueError(_WRITTEN)


def _day_count(value: Any) -> Any:
    """`days` is the one place where a plain number is clear."""
    return value if isinstance(value, int) and not isinstance(value, bool) else _period(value)


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


Period = Annotated[int, BeforeValidator(_period, json_schema_input_type=str)]
Days = Annotated[int, BeforeValidator(_day_count, json_schema_input_type=int | str), Field(ge=0)]


class PolicyModel(Model):
    """The policy text that the claims are taken from."""

    id: str
    """A name for this version of the policy."""
    lang: str = ""
    """The text's language, such as `en` or `fr`."""
    source: str | None = None
    """The text, relative to this file."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")] | None = None
    """SHA-256 of the text's bytes; a changed text fails every claim."""
    effective: date | None = None
    """The day from which the policy applies."""


class DefaultsModel(Model):
    """What holds where no claim speaks."""

    world: Literal["closed", "open"] = "closed"
    """closed: what no claim lists is omitted; open: it is not judged."""


class ContractModel(Model):
    """The contract with a processor (GDPR art. 28)."""

    ref: str = ""
    """Where it is filed."""
    until: date | None = None
    """Its last day."""


class AttestationModel(Model):
    """A certificate or report that the recipient has shown."""

    kind: str
    """Such as PCI-DSS or SOC 2."""
    until: date | None = None
    """Its last day."""


class RecipientModel(Model):
    """Somebody who receives data."""

    id: str = Field(min_length=1)
    """The name that claims use for it."""
    name: str = ""
    """Its full name."""
    role: Literal["processor", "partner", "authority"] = "processor"
    """processor: works on our instruction; partner: for its own ends; authority: by law."""
    function: str = ""
    """What it does for us: support, hosting, payments, communications, …"""
    region: str = ""
    """Country of its seat or main hosting."""
    parent: str = ""
    """The id of the company behind it."""
    hosts: list[str] = []
    """Its hosts; a domain stands for all hosts below it."""
    exports: list[str] = []
    """Globs of files that come from it or go to it."""
    dpa: ContractModel | None = None
    """The contract with it."""
    attestation: AttestationModel | None = None
    """What it has shown."""
    needs: list[str] = []
    """The categories that it needs for its function."""


class AudienceModel(Model):
    """Whom a claim speaks of."""

    ids: list[str] = []
    """Recipients by id."""
    functions: list[str] = []
    """All recipients with one of these functions."""
    roles: list[Literal["processor", "partner", "authority"]] = []
    """All recipients with one of these roles."""
    anyone: bool = False
    """Everybody but the company itself."""


class RetentionModel(Model):
    """How long data may be kept."""

    days: Days | None = None
    """At most this many days."""
    per_account_setting: str = ""
    """The account's setting that holds the number of days."""
    grace: Period = 0
    """How much later the deletion may come."""
    age_of: str = ""
    """The column whose time is a row's age; without it the best time column is taken."""


MaxAge = Annotated[RetentionModel, BeforeValidator(_retention, json_schema_input_type=str | RetentionModel)]


class ClaimModel(Model):
    """One statement of the policy that can be checked."""

    id: str = Field(min_length=1)
    """Its name in findings."""
    kind: ClaimKind
    """What it says."""
    actor: str = "we"
    """Who acts: `we`, a recipient's id, or anyone else, such as `user`."""
    data: list[str] = []
    """Category keys, or `dataset:GLOB`."""
    recipient: AudienceModel | None = None
    """Who receives the data."""
    purposes: list[str] = []
    """What for, as keys of data uses."""
    condition: str | None = None
    """What has to hold first, such as `opt_in`."""
    only_at: AudienceModel | None = None
    """Kind locate: the one place where the data may be."""
    max_age: MaxAge | None = None
    """Kind retain: 90d, 12m, 3y, or the long form."""
    region: str | None = None
    """Kind locate: the region where the data may be."""
    quote: str = ""
    """The policy's own words."""
    span: tuple[int, int] | None = None
    """The quote's place in the text with white space collapsed."""
    severity: Severity = "medium"
    """How bad it is if practice differs."""
    sources: list[Literal["data", "flows", "infrastructure", "registers", "text"]] = []
    """The evidence that would settle it."""
    promise: str | None = None
    """What it promises beyond its kind, such as transport or breach_notice: docs/claims.md lists them."""
    within: Annotated[int, BeforeValidator(_hours, json_schema_input_type=str)] | None = None
    """How soon: 72h, 30d or 3m."""
    asked: list[str] = []
    """The kinds of requests that it speaks of, such as copy or erasure; all if empty."""
    cohort: str = ""
    """The people or accounts whose rows settle it: a name under `cohorts`, or one of docs/cohorts.md."""
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    """How sure `policy draft` was; a claim that a person has reviewed has none."""


Cell = str | int | float | bool | None


class NotModel(Model):
    """Any value but these."""

    value: Annotated[list[Cell], Field(alias="not", min_length=1)]
    """Values that the column has not; null stands for no value."""


class CohortModel(Model):
    """People or accounts of one kind, as rows of the data."""

    name: str = Field(min_length=1)
    """The name that claims use for it; one of docs/cohorts.md takes the place of what is recognised."""
    dataset: str = Field(min_length=1)
    """A glob of the datasets in which they stand."""
    key: list[str] = Field(min_length=1)
    """The key column that others point at, then columns by which they are known elsewhere."""
    where: dict[str, Cell | list[Cell] | NotModel] = {}
    """Columns and the value, or values, that they have; null stands for no value."""
    since: str = ""
    """The column of the time from which they belong to it; rows without one do not belong."""
    days: str = ""
    """A column with the days after which data of theirs is deleted."""


class SharingModel(Model):
    """The declared list: what the company says it collects, shares and keeps."""

    version: Literal[1]
    """The version of this format."""
    policy: PolicyModel
    """The text behind the claims."""
    defaults: DefaultsModel = DefaultsModel()
    """How to judge what no claim speaks of."""
    recipients: list[RecipientModel] = []
    """Everybody who receives data."""
    claims: list[ClaimModel] = []
    """The policy's statements."""
    cohorts: list[CohortModel] = []
    """The people and accounts whose rows some claims are settled by."""


def schema() -> dict[str, Any]:
    """The JSON Schema of `sharing.yaml`."""
    made = SharingModel.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
