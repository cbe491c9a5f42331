"""Reads the declared list: strict, and every fault is named with its place and what was meant."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ..core.category import Taxonomy
from ..core.cohort import COHORTS, Cohort, Condition
from ..core.declaration import Audience, Claim, Declaration, Recipient, Retention
from ..core.errors import ConfigError
from ..core.finding import WE
from ..core.lineage import Processor
from ..core.promise import PROMISES
from ..strict import Location, Positions, load_yaml, validate
from .schema import (
    AudienceModel,
    ClaimModel,
    CohortModel,
    NotModel,
    PolicyModel,
    RecipientModel,
    RetentionModel,
    SharingModel,
    schema,
)

__all__ = ["load", "schema"]

Status = Literal["unchecked", "matches", "differs", "missing"]


def load(path: Path, taxonomy: Taxonomy) -> Declaration:
    """The declared list in a file, checked against the taxonomy, with the state of its policy text.

    Raises ConfigError with file, line and column for anything that is not as `docs/sharing.md` says.
    """
    model, positions = read(path, taxonomy)
    return Declaration(
        policy=model.policy.id,
        lang=model.policy.lang,
        effective=_day(model.policy.effective),
        closed=model.defaults.world == "closed",
        recipients=tuple(
            _recipient(r, positions.line(("recipients", i))) for i, r in enumerate(model.recipients)
        ),
        claims=tuple(_claim(c, positions.line(("claims", i))) for i, c in enumerate(model.claims)),
        cohorts=tuple(map(_cohort, model.cohorts)),
        file=str(path),
        source=model.policy.source or "",
        drafted=sum(c.confidence is not None for c in model.claims),
        text_sha256=(model.policy.sha256 or "").lower(),
        text_status=_text_status(model.policy, path.parent),
    )


def read(path: Path, taxonomy: Taxonomy) -> tuple[SharingModel, Positions]:
    """The list as it is written; raises what `load` raises."""
    data, positions = load_yaml(path)
    return parsed(data, positions, taxonomy), positions


def parsed(data: Any, positions: Positions, taxonomy: Taxonomy) -> SharingModel:
    """As `read`, of data that was parsed."""
    model = validate(SharingModel, data, positions)
    _check(model, taxonomy, positions)
    return model


def _check(model: SharingModel, taxonomy: Taxonomy, positions: Positions) -> None:
    """What the shape alone can't tell: ids, categories, recipients."""
    ids = [r.id for r in model.recipients]
    _unique(ids, "recipients", positions)
    _unique([c.id for c in model.claims], "claims", positions)
    for i, recipient in enumerate(model.recipients):
        _categories(recipient.needs, ("recipients", i, "needs"), taxonomy, positions)
    cohorts = {*(c.name for c in model.cohorts), *COHORTS}
    for i, claim in enumerate(model.claims):
        _categories(claim.data, ("claims", i, "data"), taxonomy, positions, datasets=True)
        _categories(claim.without, ("claims", i, "without"), taxonomy, positions)
        for name, audience in (("recipient", claim.recipient), ("only_at", claim.only_at)):
            _known_ids(audience, ids, ("claims", i, name, "ids"), positions)
        _period(claim, ("claims", i, "max_age"), positions)
        if claim.promise and claim.promise not in PROMISES:
            hint = _meant(claim.promise, PROMISES, f"known: {', '.join(PROMISES)}")
            where = positions.where(("claims", i, "promise"))
            raise ConfigError(f"unknown promise '{claim.promise}'", hint, where)
        if claim.cohort and claim.cohort not in cohorts:
            hint = _meant(claim.cohort, cohorts, "declare it under cohorts")
            where = positions.where(("claims", i, "cohort"))
            raise ConfigError(f"unknown cohort '{claim.cohort}'", hint, where)


def _unique(ids: Sequence[str], section: str, positions: Positions) -> None:
    seen: dict[str, int] = {}
    for index, name in enumerate(ids):
        if name in seen:
            line = positions.line((section, seen[name], "id"))
            raise ConfigError(
                f"the id '{name}' is given twice in {section}",
                f"the first is in line {line}; rename one",
                positions.where((section, index, "id")),
            )
        seen[name] = index


def _categories(
    keys: Sequence[str], at: Location, taxonomy: Taxonomy, positions: Positions, datasets: bool = False
) -> None:
    for index, key in enumerate(keys):
        if datasets and key.startswith("dataset:"):
            if key == "dataset:":
                where = positions.where((*at, index))
                raise ConfigError("'dataset:' names no dataset", "write dataset:GLOB", where)
        elif key not in taxonomy:
            hint = _meant(key, taxonomy.categories, "pii-scan categories list shows them all")
            raise ConfigError(f"unknown category '{key}'", hint, positions.where((*at, index)))


def _known_ids(
    audience: AudienceModel | None, ids: Sequence[str], at: Location, positions: Positions
) -> None:
    for index, name in enumerate(audience.ids if audience else ()):
        if name not in ids and name != WE:
            hint = _meant(name, ids, "list it under recipients")
            raise ConfigError(f"unknown recipient '{name}'", hint, positions.where((*at, index)))


def _period(claim: ClaimModel, at: Location, positions: Positions) -> None:
    age = claim.max_age
    if age and age.days is None and not age.per_account_setting:
        raise ConfigError("max_age names no period", "give days or per_account_setting", positions.where(at))
    if age and claim.kind != "retain":
        raise ConfigError("max_age stands only in claims of the kind retain", "", positions.where(at))


def _meant(name: str, known: Iterable[str], otherwise: str) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else otherwise


def _text_status(policy: PolicyModel, base: Path) -> Status:
    if policy.source is None:
        return "unchecked"
    try:
        content = (base / policy.source).read_bytes()
    except OSError:
        return "missing"
    if policy.sha256 is None:
        return "unchecked"
    return "matches" if hashlib.sha256(content).hexdigest() == policy.sha256.lower() else "differs"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _recipient(model: RecipientModel, line: int) -> Recipient:
    processor = Processor(
        id=model.id,
        name=model.name or model.id,
        role=model.role,
        function=model.function,
        region=model.region,
        hosts=tuple(model.hosts),
        parent=model.parent,
        source="declared",
    )
    attestation = model.attestation
    return Recipient(
        processor=processor,
        needs=tuple(model.needs),
        dpa_until=_day(model.dpa.until) if model.dpa else "",
        attestation=attestation.kind if attestation else "",
        attestation_until=_day(attestation.until) if attestation else "",
        signatures=tuple(model.exports),
        line=line,
    )


def _claim(model: ClaimModel, line: int) -> Claim:
    return Claim(
        id=model.id,
        kind=model.kind,
        data=tuple(model.data),
        actor=model.actor,
        recipient=_audience(model.recipient),
        only_at=_audience(model.only_at),
        purposes=tuple(model.purposes),
        condition=model.condition or "",
        retention=_retention(model.max_age),
        region=model.region or "",
        quote=model.quote,
        span=model.span,
        severity=model.severity,
        sources=tuple(model.sources),
        promise=model.promise or "",
        within=model.within,
        asked=tuple(word.casefold() for word in model.asked),
        without=tuple(model.without),
        cohort=model.cohort,
        subjects=tuple(model.subjects),
        line=line,
    )


def _cohort(model: CohortModel) -> Cohort:
    conditions = []
    for column, wanted in model.where.items():
        negated = isinstance(wanted, NotModel)
        listed = wanted.value if isinstance(wanted, NotModel) else wanted
        values = listed if isinstance(listed, list) else [listed]
        texts = tuple(None if value is None else _text_of(value) for value in values)
        conditions.append(Condition(column, texts, negated))
    where = tuple(conditions)
    return Cohort(model.name, model.dataset, tuple(model.key), where, model.since, model.days)


def _text_of(value: str | int | float | bool) -> str:
    return str(value).casefold()


def _audience(model: AudienceModel | None) -> Audience:
    if model is None:
        return Audience()
    return Audience(tuple(model.ids), tuple(model.functions), tuple(model.roles), model.anyone)


def _retention(model: RetentionModel | None) -> Retention | None:
    if model is None:
        return None
    return Retention(model.days, model.grace, model.age_of, model.per_account_setting)
