"""Writes drafted statements as a `sharing.yaml` that the loader reads."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.lineage import Processor
from ...data.known import processors
from .defects import Defect
from .lexicon import Lexicon, common
from .statement import Statement

_TOP = """\
# DRAFT: made from the policy's text by rules, for a person to review. It is a help, not the declared list.
# Read each claim beside its quote, put right what is wrong, add what is missing, and give datasets to the
# periods (data: ["dataset:GLOB"]). Then take `confidence` away: a reviewed claim has none.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """The policy behind a draft: its path relative to the draft, and the SHA-256 of its bytes."""

    name: str
    path: str
    sha256: str


def render(
    statements: Sequence[Statement], source: Source, lexicon: Lexicon, defects: Sequence[Defect] = ()
) -> str:
    """The YAML of a draft; the text's defects stand as comments at its end."""
    effective = _effective(statements, lexicon)
    lines = [
        _TOP,
        "version: 1",
        "policy:",
        f"  id: {_text(source.name + ('-' + effective if effective else ''))}",
        f"  lang: {lexicon.lang}",
        f"  source: {_text(source.path)}",
        f"  sha256: {source.sha256}",
        *([f"  effective: {effective}"] if effective else []),
        "defaults: {world: closed}",
        *_recipients(statements),
        "claims:" if statements else "claims: []",
    ]
    for number, statement in enumerate(statements, 1):
        lines += _claim(claim_id(number), statement)
    if defects:
        lines += ["", "# Defects of the text itself:"]
        lines += [f"#   {d.id}: {d.message}{f' ({_short(d.quote)})' if d.quote else ''}" for d in defects]
    return "\n".join(lines) + "\n"


def claim_id(number: int) -> str:
    """The id of the claim that a draft writes at this place, counted from 1."""
    return f"D{number:02d}"


def recipient_id(name: str) -> str:
    """The id under which a name is listed: that of a known recipient, or the name in lower case."""
    known = name in {p.id for p in processors()}
    return name if known else re.sub(r"[^\w]+", "-", name.casefold()).strip("-")


def _recipients(statements: Sequence[Statement]) -> list[str]:
    known = {p.id: p for p in processors()}
    names = list(dict.fromkeys(name for s in statements for name in s.ids))
    if not names:
        return ["recipients: []"]
    lines = ["recipients:"]
    for recipient, name in {recipient_id(name): name for name in names}.items():
        lines.append(f"  - {_flow(_recipient(recipient, name, known.get(name)))}")
    return lines


def _recipient(recipient: str, name: str, processor: Processor | None) -> dict[str, Any]:
    if processor is None:
        return {"id": recipient, "name": name}
    role = processor.role if processor.role in ("processor", "partner", "authority") else "processor"
    made = {"id": recipient, "name": processor.name, "role": role, "function": processor.function,
            "region": processor.region, "hosts": list(processor.hosts)}  # fmt: skip
    return {key: value for key, value in made.items() if value}


def _claim(name: str, s: Statement) -> list[str]:
    told = common()["kinds"][s.kind]
    audience = _audience(s)
    fields: list[tuple[str, Any]] = [
        ("kind", s.kind),
        ("data", list(s.data)),
        ("only_at" if s.only_at else "recipient", audience if s.kind != "collect" else {}),
        ("purposes", list(s.purposes)),
        ("condition", s.condition),
        ("max_age", s.period),
        ("region", s.places[0] if s.kind in ("locate", "secure") and len(s.places) == 1 else ""),
        ("quote", s.quote),
        ("span", [s.start, s.end]),
        ("severity", told["severity"]),
        ("sources", told["sources"]),
        ("confidence", s.confidence),
    ]
    lines = [f"  - id: {name}"]
    lines += [f"    {key}: {_flow(value)}" for key, value in fields if value or key == "data"]
    if s.kind in ("locate", "secure") and len(s.places) > 1:
        lines.append(f"    # places: {', '.join(s.places)}; a claim takes one region")
    return lines


def _audience(s: Statement) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ids": list(dict.fromkeys(map(recipient_id, s.ids))),
        "functions": list(s.functions),
        "roles": list(s.roles),
    }
    return {key: value for key, value in made.items() if value}


def _effective(statements: Sequence[Statement], lexicon: Lexicon) -> str:
    """The date of the version as `2026-01-31`; empty if the text gives none that can be read."""
    for s in statements:
        if s.rule == "version_date" and (day := _day(s.quote, lexicon)):
            return day.isoformat()
    return ""


def _day(words: str, lexicon: Lexicon) -> date | None:
    months = "|".join(lexicon.months)
    forms = (
        (rf"(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)? (?P<m>{months}),? (?P<y>\d{{4}})"),
        (rf"(?P<m>{months}) (?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?,? (?P<y>\d{{4}})"),
        r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})",
        *((r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})",) if lexicon.lang == "fr" else ()),
    )
    for form in forms:
        if hit := re.search(form, words, re.IGNORECASE):
            month = hit["m"].casefold()
            try:
                return date(int(hit["y"]), lexicon.months.get(month) or int(month), int(hit["d"]))
            except ValueError:
                return None
    return None


def _flow(value: Any) -> str:
    """A value in YAML's flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    """A plain word as it is, anything else in double quotes."""
    plain = re.fullmatch(r"[A-Za-z][\w.-]*", value) and value.casefold() not in _WORDS
    return value if plain or re.fullmatch(r"[1-9]\d*[dmy]", value) else json.dumps(value, ensure_ascii=False)


#: Words that some readers of YAML take for something else.
_WORDS = frozenset({"y", "n", "yes", "no", "true", "false", "on", "off", "null", "nan"})


def _short(quote: str) -> str:
    return quote if len(quote) <= 80 else quote[:77] + "..."
