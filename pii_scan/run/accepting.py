"""Accepted findings: what somebody answers for fails nothing until its last day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..checks import decisions as reviews
from ..checks import registry
from ..config import accepted as files
from ..core.decision import AcceptedFinding, Decision, DecisionState, Standing
from ..core.errors import ConfigError
from ..core.finding import POLICY_TEXT, Finding
from ..core.inventory import Inventory

if TYPE_CHECKING:
    from .context import Context

#: The fewest characters of a finding's id that may stand for it.
SHORTEST: Final = 6
#: Findings that are settled in another way: a changed text by a review, a decision by its record.
_NEVER: Final = {
    POLICY_TEXT: "review the claims, then set sha256 in the declared list",
    reviews.DECISION: "correct the decision or take it out",
}


def decisions(path: Path) -> tuple[Decision, ...]:
    """The records of the file of accepted findings; none if there is no such file."""
    return tuple(
        Decision(
            f"accept-{placed.record.finding[:8]}",
            "accept",
            placed.record.finding,
            "",
            placed.record.owner,
            placed.record.reason,
            since=placed.record.since,
            expires=placed.record.until,
            where=placed.where(),
            subject=placed.record.subject,
        )
        for placed in files.load(path)
    )


def applied(context: Context, judged: Inventory) -> Inventory:
    """The inventory with accepted findings set aside; a record that asks for attention is a finding."""
    records = decisions(Path(context.loaded.config.accepted))
    if not records:
        return judged
    today = context.as_of
    standings = tuple(_standing(record, judged, today) for record in records)
    active = {s.decision.match: s.decision for s in standings if s.state == "active"}
    ended = {s.decision.match: s.decision for s in standings if s.state == "expired"}
    asking = reviews.findings(replace(judged, decisions=standings))
    counting = [_reopened(f, ended.get(f.fingerprint)) for f in judged.findings if not _covers(active, f)]
    return replace(
        judged,
        findings=registry.merged((*counting, *asking)),
        accepted=tuple(
            AcceptedFinding(f, active[f.fingerprint]) for f in judged.findings if _covers(active, f)
        ),
        decisions=(*judged.decisions, *standings),
    )


def _covers(active: dict[str, Decision], finding: Finding) -> bool:
    return finding.fingerprint in active and finding.check not in _NEVER


def _reopened(finding: Finding, ended: Decision | None) -> Finding:
    if ended is None:
        return finding
    return replace(finding, evidence=(*finding.evidence, f"no longer accepted by {ended.said}"))


def ended(inventory: Inventory) -> set[str]:
    """The fingerprints of findings whose acceptance has ended: no baseline hides them."""
    expired = (s.decision for s in inventory.decisions if s.state == "expired")
    return {decision.match for decision in expired if decision.kind == "accept"}


def _standing(record: Decision, judged: Inventory, today: date) -> Standing:
    state, because = _state(record, judged, today)
    since = record.since.isoformat() if record.since else ""
    return Standing(record, state, accepted=since, because=because)


def _state(record: Decision, judged: Inventory, today: date) -> tuple[DecisionState, str]:
    found = any(f.fingerprint == record.match for f in judged.findings)
    if record.expired(today):
        return "expired", f"it ended on {record.expires}"
    if record.pending(today):
        return "pending", f"it begins on {record.since}"
    if found or not _looked(record.subject, judged):
        return "active", "" if found else "its store was not scanned in this run"
    return "unused", "no finding has this id any more"


def _looked(subject: str, judged: Inventory) -> bool:
    """True unless the finding lies in a store that this run did not scan."""
    if "://" not in subject:
        return True
    return any(subject == s.urn or subject.startswith((f"{s.urn}/", f"{s.urn}#")) for s in judged.stores)


@dataclass(frozen=True, slots=True)
class Terms:
    """Who accepts, why, and until which day."""

    owner: str
    reason: str
    until: date


def accept(context: Context, judged: Inventory, ids: Sequence[str], terms: Terms) -> Iterator[str]:
    """Writes the findings into the file of accepted ones, and tells of each in a line.

    Raises ConfigError for an id that fits no finding or several, and for an end that has passed.
    """
    today = context.as_of
    if terms.until < today:
        raise ConfigError(f"--until {terms.until} has passed", "give a day from today on")
    chosen = tuple(dict.fromkeys(_chosen(judged, wanted) for wanted in ids))
    path = Path(context.loaded.config.accepted)
    before = {decision.match for decision in decisions(path)}
    files.add(path, [_record(finding, terms, today) for finding in chosen])
    for finding in chosen:
        verb = "accepted again" if finding.fingerprint in before else "accepted"
        yield f"{finding.fingerprint} {verb} until {terms.until}: {finding.check}, {finding.subject}"
    yield f"written to {path.name}: put it under version control"


def _record(finding: Finding, terms: Terms, today: date) -> dict[str, str | date]:
    return {
        "finding": finding.fingerprint,
        "check": finding.check,
        "subject": finding.subject,
        "owner": terms.owner,
        "reason": terms.reason,
        "since": today,
        "until": terms.until,
    }


def _chosen(judged: Inventory, wanted: str) -> Finding:
    fitting = [f for f in judged.all_findings if f.fingerprint.startswith(wanted.casefold())]
    if len(wanted) < SHORTEST or not fitting:
        raise ConfigError(f"no finding of this run has the id '{wanted}'", _hint(judged.findings))
    if len(fitting) > 1:
        raise ConfigError(f"several findings begin with '{wanted}'", "give the whole id")
    finding = fitting[0]
    if finding.check in _NEVER:
        raise ConfigError(f"a finding of {finding.check} can't be accepted", _NEVER[finding.check])
    return finding


def _hint(findings: Iterable[Finding]) -> str:
    shown = [f.fingerprint for f in findings][:3]
    return f"such as {', '.join(shown)}; pii-scan check shows all" if shown else "this run has no finding"
