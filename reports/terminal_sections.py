"""The sections of the terminal's report; data reaches them as `Text`, which reads no markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from rich.console import JustifyMethod, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pii_scan.core import urn as urns
from pii_scan.core.detection import Detection, unseen_bound
from pii_scan.core.finding import Finding
from pii_scan.core.inventory import Coverage, Inventory
from pii_scan.core.redact import clean

from . import overview, ranking, wording
from .overview import Receiver
from .ways import COPY, ways
from .wording import NOTHING, bound, count, field_name, number, place

#: Gaps shown before "and more": the full list is in the other reports.
GAPS: Final = 12
#: The widest that a column may ask for before it folds.
_WIDEST: Final = 34
_NARROW: Final = 96
_JUSTIFY: Final[tuple[JustifyMethod, ...]] = ("left", "left", "left", "left", "right", "right")
_STYLES: Final = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
    "fail": "red",
    "vague": "yellow",
    "pass": "green",
}


@dataclass(frozen=True, slots=True)
class Page:
    """How many rows a table may have, and how many columns the terminal has."""

    limit: int
    width: int


def plain(text: str, style: str = "") -> Text:
    return Text(clean(text), style=style)


def heading(title: str, note: str = "") -> Text:
    text = Text(f"\n{title}", style="bold")
    return text.append(f"  {clean(note)}", style="dim not bold") if note else text


def _grid(*columns: str, right: Sequence[str] = (), wide: Sequence[str] = ()) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in columns:
        table.add_column(
            name,
            justify="right" if name in right else "left",
            overflow="fold",
            ratio=1 if name in wide else None,
        )
    return table


def _indent(block: RenderableType) -> Padding:
    return Padding(block, (0, 0, 0, 2))


def _note(text: str, style: str) -> Padding:
    return _indent(plain(text, style))


def _more(left: int, noun: str) -> Iterator[RenderableType]:
    if left > 0:
        yield _note(f"… and {count(left, 'more ' + noun)}, cut here; json and html have all", "dim")


def header(inventory: Inventory, page: Page) -> Iterator[RenderableType]:
    run = inventory.run
    seed = f", seed {run.seed}" if run.mode == "sample" else ""
    gaps = "complete" if inventory.complete else "finished, with gaps"
    state = gaps if run.state == "complete" else run.state.upper()
    yield Text("pii-scan", style="bold").append(
        clean(f"  run {run.id}, as of {run.as_of}, {run.mode}{seed}, {state}"), style="not bold"
    )
    personal = len({d.field for d in inventory.detections})
    seen = sum(r.observed for r in overview.receivers(inventory))
    totals = (
        count(len(inventory.stores), "store"),
        count(len(inventory.coverage), "dataset"),
        f"{count(len(inventory.fields), 'field')}, {personal:,} with personal data",
        count(seen, "recipient") + " observed",
        *overview.suppressed(inventory),
        *overview.aside(inventory),
    )
    yield plain("; ".join(totals))


def coverage(inventory: Inventory, page: Page) -> Iterator[RenderableType]:
    states = ", ".join(f"{n:,} {state}" for state, n in inventory.coverage_counts().items())
    yield heading("Coverage", states or "nothing was listed")
    missed = overview.gaps(inventory)
    if missed:
        yield _note(f"{count(len(missed), 'object')} not looked at in full:", "bold yellow")
        table = _grid("state", "object", "reason")
        for gap in missed[:GAPS]:
            table.add_row(plain(gap.state), plain(gap.dataset), plain(gap.reason or NOTHING))
        yield _indent(table)
        yield from _more(len(missed) - GAPS, "object")
    yield from _bound(overview.sampled(inventory))


def _bound(samples: list[Coverage]) -> Iterator[RenderableType]:
    if samples:
        worst = bound(unseen_bound(samples[0].rows))
        yield _note(
            f"{count(len(samples), 'sample')}: what no row of a sample shows may still be in at most"
            f" {worst} of its rows (95% confidence); --full reads all",
            "dim",
        )


def inventory_table(inventory: Inventory, page: Page) -> Iterator[RenderableType]:
    found = inventory.by_field()
    rows = [(urn, d) for urn in sorted(found) for d in found[urn]]
    special = sum(inventory.taxonomy.is_special(d.category) for _, d in rows)
    note = f"{count(special, 'detection')} of special categories (marked *)" if special else ""
    nothing = "none was seen in what was read" if inventory.coverage else "nothing was read"
    yield heading("Personal data", note if rows else nothing)
    shown = rows[: page.limit]
    widths = _widths(inventory, shown, page)
    for home, group in groupby(shown, key=lambda row: urns.dataset_of(row[0])):
        yield _note(home, "cyan")
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        for width, justify in zip(widths, _JUSTIFY, strict=True):
            table.add_column(min_width=width, justify=justify, overflow="fold")
        for urn, detection in group:
            table.add_row(*_detection(inventory, urn, detection))
        yield Padding(table, (0, 0, 0, 4))
    yield from _more(len(rows) - page.limit, "detection")


def _widths(inventory: Inventory, rows: Sequence[tuple[str, Detection]], page: Page) -> list[int]:
    """Column widths that all datasets share, so that their tables line up; none if space is short."""
    if not rows or page.width < _NARROW:
        return [1] * len(_JUSTIFY)
    cells = [_detection(inventory, urn, detection) for urn, detection in rows]
    return [min(_WIDEST, max(row[i].cell_len for row in cells)) for i in range(len(_JUSTIFY))]


def _detection(inventory: Inventory, urn: str, detection: Detection) -> tuple[Text, ...]:
    special = inventory.taxonomy.is_special(detection.category)
    kept = f", {detection.protection}" if detection.protection else ""
    label = inventory.taxonomy.label(detection.category) + kept + (" *" if special else "")
    return (
        plain(field_name(urn)),
        plain(label, "magenta" if special else ""),
        plain("is" if detection.verdict == "type" else "contains"),
        plain(f"sure {detection.confidence:.2f}", "dim"),
        plain(wording.share(detection)),
        plain("by name" if detection.share is None else _rows(detection), "dim"),
    )


def _rows(detection: Detection) -> str:
    return f"{wording.rows(detection)} {'row' if detection.count == 1 else 'rows'}"


def flows(inventory: Inventory, page: Page) -> Iterator[RenderableType]:
    receivers = overview.receivers(inventory)
    undeclared = sum(r.declared is False and r.observed for r in receivers)
    note = f"{undeclared:,} not declared" if undeclared else ""
    yield heading("Recipients", note if receivers else "no flow is known")
    table = _grid("recipient", "function", "region", "declared", "evidence", "fields", "receives")
    for receiver in receivers[: page.limit]:
        table.add_row(*_receiver(inventory, receiver))
    if receivers:
        yield _indent(table)
    yield from _more(len(receivers) - page.limit, "recipient")


def _receiver(inventory: Inventory, receiver: Receiver) -> tuple[Text, ...]:
    processor = receiver.processor
    labels = ", ".join(inventory.taxonomy.label(c) for c in receiver.categories)
    declared = {True: "yes", False: "NO", None: NOTHING}[receiver.declared]
    return (
        plain(processor.name or processor.id, "bold"),
        plain(processor.function or NOTHING),
        plain(processor.region or NOTHING),
        plain(declared, "red" if receiver.declared is False else ""),
        plain(receiver.status or "never observed"),
        plain(number(receiver.fields)),
        plain(labels or NOTHING),
    )


def links(inventory: Inventory, page: Page) -> Iterator[RenderableType]:
    """Where data of ours was made from other data of ours; nothing where no such thing is known."""
    found = ways(inventory)
    if not found:
        return
    copies = sum(way.kind == COPY for way in found)
    yield heading("Made from each other", f"{count(copies, 'copy', 'copies')} that nobody declared")
    table = _grid("from", "to", "how it is known", "columns", wide=("columns",))
    for way in found[: page.limit]:
        how = f"{way.how}, masked" if way.masking else way.how
        columns = ", ".join(way.renamed) or "the whole"
        table.add_row(plain(place(way.source), "bold"), plain(place(way.target)), plain(how), plain(columns))
    yield _indent(table)
    yield from _more(len(found) - page.limit, "pair")


def findings(inventory: Inventory, page: Page) -> Iterator[RenderableType]:
    ranked = ranking.findings(inventory.findings)
    counts = ", ".join(f"{n:,} {severity}" for severity, n in ranking.severities(ranked).items() if n)
    yield heading("Findings", counts or "none")
    table = _grid("severity", "finding", "claim", "id", wide=("finding",))
    for finding in ranked[: page.limit]:
        label = f" {finding.severity} " if finding.verdict == "fail" else f" {finding.severity}? "
        table.add_row(
            plain(label, _STYLES[finding.severity]),
            _finding(finding),
            plain(finding.claim or NOTHING),
            plain(finding.fingerprint, "dim"),
        )
    if ranked:
        yield _indent(table)
    yield from _more(len(ranked) - page.limit, "finding")


def aside(inventory: Inventory, page: Page) -> Iterator[RenderableType]:
    """Accepted findings with who answers for them, then those of the baseline."""
    told = [(a.finding, a.decision.said) for a in ranking.accepted(inventory.accepted)]
    told += [(f, "known from the baseline") for f in ranking.findings(inventory.known)]
    if not told:
        return
    yield heading("Accepted or known before", "reported, and failing nothing")
    table = _grid("severity", "finding", "because", "id", wide=("finding", "because"))
    for finding, why in told[: page.limit]:
        id_ = plain(finding.fingerprint, "dim")
        table.add_row(plain(finding.severity), _finding(finding), plain(why), id_)
    yield _indent(table)
    yield from _more(len(told) - page.limit, "finding")


def _finding(finding: Finding) -> Text:
    subject = "" if finding.subject in finding.message else f": {clean(finding.subject)}"
    return plain(finding.message).append(f"\n{clean(finding.check)}{subject}", style="dim")


def claims(inventory: Inventory, page: Page) -> Iterator[RenderableType]:
    if inventory.declaration is None:
        yield heading("Claims", "there is no declared list, so nothing was held against one")
        return
    counted = ranking.verdicts(inventory.claims)
    yield heading("Claims", f"{count(len(inventory.claims), 'claim')} of {inventory.declaration.policy}")
    line = Text("  ")
    for verdict, n in counted.items():
        line.append(f"{n:,} {verdict}", style=_STYLES.get(verdict, "") if n else "dim").append("   ")
    yield line
    if inventory.declaration.text_status == "differs":
        yield _note("the policy's text is not the one that the claims were taken from", "bold red")


def hint(inventory: Inventory, page: Page) -> Iterator[RenderableType]:
    ranked = ranking.findings(inventory.findings)
    if ranked:
        step = f"pii-scan explain {ranked[0].fingerprint}  shows the evidence behind the first finding"
    elif overview.gaps(inventory):
        step = "pii-scan doctor  says what could not be reached and what to do"
    elif inventory.declaration is None:
        step = "write a sharing.yaml, then  pii-scan check  holds the data against it"
    else:
        step = "pii-scan report -f html -o report.html  writes it all for people"
    yield heading("Next", step)
