"""Markdown for a merge request or a wiki: what deviates, what was not looked at, who receives what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Final

from pii_scan.core.detection import unseen_bound
from pii_scan.core.finding import Finding
from pii_scan.core.inventory import Inventory
from pii_scan.core.ports import Report

from . import options as asked
from . import overview, ranking, wording
from .markdown_text import code, prose, row, table
from .overview import Receiver
from .wording import NOTHING, bound, count

Section = Callable[[Inventory, int], Iterator[str]]
LIMIT: Final = 100
_COLUMNS: Final = ("Severity", "Finding", "Where", "Claim", "Check", "Id")


@dataclass(frozen=True)
class Markdown:
    """Options: `kind` (default `check`), `limit` (rows a table, 100)."""

    name: str = "markdown"
    suffix: str = ".md"

    def write(self, inventory: Inventory, out: IO[str], options: Mapping[str, str]) -> None:
        limit = asked.whole(options, "limit", LIMIT)
        sections = SECTIONS[asked.kind(options, "check")]
        lines = [line for section in sections for line in section(inventory, limit)]
        out.write("\n".join(lines).encode("utf-8", "replace").decode() + "\n")


def _summary(inventory: Inventory, limit: int) -> Iterator[str]:
    counts = ranking.severities(inventory.findings)
    found = ", ".join(f"{n:,} {severity}" for severity, n in counts.items() if n) or "none"
    missed = len(overview.gaps(inventory))
    seen = (
        "everything listed was looked at"
        if not missed
        else f"{count(missed, 'object')} not looked at in full"
    )
    personal = len({d.field for d in inventory.detections})
    yield "## pii-scan"
    yield ""
    told = [f"{count(personal, 'field')} with personal data", seen]
    told += [*overview.suppressed(inventory), *overview.aside(inventory)]
    new = "New findings" if inventory.baseline else "Findings"
    yield f"**{new}: {found}.** {'; '.join(told)}."
    run = inventory.run
    yield f"Run {code(run.id)} as of {prose(run.as_of)}, {prose(run.mode)} mode."


def _findings(inventory: Inventory, limit: int) -> Iterator[str]:
    ranked = ranking.findings(inventory.findings)
    yield "\n### Findings"
    if not ranked:
        yield "\nNone."
        return
    yield from table(*_COLUMNS)
    yield from (_finding(finding) for finding in ranked[:limit])
    yield from _more(len(ranked) - limit, "finding")


def _aside(inventory: Inventory, limit: int) -> Iterator[str]:
    accepted, known = ranking.accepted(inventory.accepted), ranking.findings(inventory.known)
    if accepted:
        yield "\n### Accepted"
        yield from table("Severity", "Finding", "Where", "Accepted by", "Id")
    for one in accepted[:limit]:
        finding, said = one.finding, prose(one.decision.said)
        where = code(finding.subject)
        yield row(finding.severity, prose(finding.message), where, said, code(finding.fingerprint))
    yield from _more(len(accepted) - limit, "accepted finding")
    if known:
        yield "\n### Known from the baseline"
        yield from table(*_COLUMNS)
    yield from (_finding(finding) for finding in known[:limit])
    yield from _more(len(known) - limit, "known finding")


def _finding(finding: Finding) -> str:
    severity = (
        f"**{finding.severity}**" if finding.verdict == "fail" else f"{finding.severity} (to look into)"
    )
    return row(
        severity,
        prose(finding.message),
        code(finding.subject),
        prose(finding.claim),
        code(finding.check),
        code(finding.fingerprint),
    )


def _claims(inventory: Inventory, limit: int) -> Iterator[str]:
    yield "\n### Claims"
    if inventory.declaration is None:
        yield "\nThere is no declared list, so nothing was held against one."
        return
    counts = ranking.verdicts(inventory.claims)
    yield "\n" + ", ".join(f"{n:,} {verdict}" for verdict, n in counts.items()) + "."
    quotes = {claim.id: claim.quote for claim in inventory.declaration.claims}
    ranked = sorted(inventory.claims, key=lambda c: (ranking.VERDICTS.index(c.verdict), c.id))
    told = [claim for claim in ranked if claim.verdict != "pass"]
    if told:
        yield from table("Claim", "Verdict", "What it says", "Because", "Needs")
    for claim in told[:limit]:
        needs = prose(", ".join(claim.needs))
        yield row(
            prose(claim.id), claim.verdict, prose(quotes.get(claim.id, "")), prose(claim.because), needs
        )
    yield from _more(len(told) - limit, "claim")


def _coverage(inventory: Inventory, limit: int) -> Iterator[str]:
    missed, samples = overview.gaps(inventory), overview.sampled(inventory)
    yield "\n### Not looked at"
    if not missed:
        yield "\nNothing that should have been looked at was left out."
    else:
        yield from table("Object", "State", "Reason")
        yield from (row(code(gap.dataset), gap.state, prose(gap.reason)) for gap in missed[:limit])
        yield from _more(len(missed) - limit, "object")
    if samples:
        worst = bound(unseen_bound(samples[0].rows))
        yield (
            f"\n{count(len(samples), 'dataset')} sampled: what no row of a sample shows may still be in"
            f" at most {worst} of its rows (95% confidence)."
        )


def _inventory(inventory: Inventory, limit: int) -> Iterator[str]:
    found = inventory.by_field()
    rows = [(urn, detection) for urn in sorted(found) for detection in found[urn]]
    yield "\n### Personal data"
    if not rows:
        yield "\nNone was seen in what was read."
        return
    yield from table("Field", "Category", "Verdict", "Confidence", "Share", "Rows")
    for urn, detection in rows[:limit]:
        label = prose(inventory.taxonomy.label(detection.category))
        special = " (special category)" if inventory.taxonomy.is_special(detection.category) else ""
        numbers = (
            f"{detection.confidence:.2f}",
            wording.share(detection),
            wording.rows(detection),
        )
        kept = f", {detection.protection}" if detection.protection else ""
        yield row(code(urn), label + kept + special, detection.verdict, *numbers)
    yield from _more(len(rows) - limit, "detection")


def _recipients(inventory: Inventory, limit: int) -> Iterator[str]:
    receivers = overview.receivers(inventory)
    yield "\n### Recipients"
    if not receivers:
        yield "\nNo flow is known."
        return
    yield from table("Recipient", "Function", "Region", "Declared", "Evidence", "Receives")
    yield from (_recipient(inventory, receiver) for receiver in receivers[:limit])
    yield from _more(len(receivers) - limit, "recipient")


def _recipient(inventory: Inventory, receiver: Receiver) -> str:
    labels = ", ".join(inventory.taxonomy.label(c) for c in receiver.categories)
    return row(
        prose(receiver.processor.name or receiver.processor.id),
        prose(receiver.processor.function),
        prose(receiver.processor.region),
        {True: "yes", False: "**no**", None: NOTHING}[receiver.declared],
        receiver.status or "never observed",
        prose(labels),
    )


def _more(left: int, noun: str) -> Iterator[str]:
    if left > 0:
        yield f"\n… and {count(left, 'more ' + noun)}, cut here; the JSON report has all."


SECTIONS: Final[Mapping[str, tuple[Section, ...]]] = {
    "check": (_summary, _findings, _aside, _claims, _coverage),
    "inventory": (_summary, _inventory, _recipients, _coverage),
    "lineage": (_summary, _recipients),
    "all": (_summary, _findings, _aside, _claims, _coverage, _recipients, _inventory),
}
REPORT: Report = Markdown()
