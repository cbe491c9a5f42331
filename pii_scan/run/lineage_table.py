"""The answer to a question about the lineage as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..core.lineage import Flow
from ..core.redact import clean
from ..lineage.region import area
from .asking import Answer, Row

CONTACT = "(contact)"
DECLARED = "(declared, seen nowhere)"


def table(answer: Answer) -> str:
    """Columns where flows are compared; with a field each flow's evidence and ways below it."""
    return "\n".join(map(clean, _lines(answer)))


def _lines(answer: Answer) -> Iterator[str]:
    if answer.changes is not None:
        yield from _changes(answer)
        return
    if not answer.rows:
        yield _nothing(answer)
    elif answer.question.urn is not None:
        for row in answer.rows:
            yield from _block(row)
    else:
        yield from _columns(answer)
    yield from _missing(answer)
    yield from _unplaced(answer)
    yield from _filled(answer)


def _nothing(answer: Answer) -> str:
    if answer.question.home is None:
        return "no flow is known that fits"
    if answer.question.home:
        return f"no flow is known that leaves {area(answer.question.home)}"
    return "no flow is known that leaves the area its data lies in; --abroad EU looks at all from the EU"


def _what(flow: Flow) -> str:
    return flow.category or (CONTACT if flow.field else DECLARED)


def _columns(answer: Answer) -> Iterator[str]:
    asked = answer.question
    # Who receives something is asked; what one receives stands together.
    told = sorted(answer.rows, key=lambda row: row.flow.recipient)
    rows = [_cells(row, asked.recipient is not None, asked.home is not None) for row in told]
    for row, line in zip(told, _aligned(rows), strict=True):
        yield line
        if asked.path:
            yield from _ways(row)


def _cells(row: Row, judged: bool, borders: bool) -> list[str]:
    cells = [row.flow.recipient, _what(row.flow), row.flow.status]
    if borders:
        cells.append(f"{row.source or '?'} → {row.target or '?'}")
    if judged:
        beyond = "beyond its needs" if row.beyond_needs else ""
        cells.append(", ".join(filter(None, (row.declared, beyond))) or "-")
    return [*cells, row.flow.field]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _block(row: Row) -> Iterator[str]:
    """A flow of the field asked for: to whom, how sure, by which evidence, by which way."""
    flow = row.flow
    marks = [row.declared, "beyond its needs" if row.beyond_needs else "", "masked" if flow.masking else ""]
    said = "".join(f", {mark}" for mark in marks if mark)
    yield f"{flow.recipient}  {_what(flow)}  {flow.status}, confidence {row.confidence:.2f}{said}"
    for item in flow.evidence:
        count = f", {item.count}×" if item.count else ""
        where = "" if item.locator == flow.field else f" {item.locator}:"
        yield f"  {item.kind} (tier {item.tier}, {item.confidence:.2f}{count}):{where} {item.detail}"
    yield from _ways(row)


def _ways(row: Row) -> Iterator[str]:
    for way in row.paths:
        yield "  way: " + " → ".join(node.removeprefix("recipient:") for node in way)


def _missing(answer: Answer) -> Iterator[str]:
    if answer.missing:
        yield ""
        yield "declared and never seen:"
        rows = [["", m.recipient, m.category, f"({m.because})"] for m in answer.missing]
        yield from _aligned(rows)


def _unplaced(answer: Answer) -> Iterator[str]:
    """Recipients of which it can't be told whether they are abroad: not known is not at home."""
    if answer.unplaced:
        names = ", ".join(sorted({flow.recipient for flow in answer.unplaced}))
        yield ""
        count = len(answer.unplaced)
        lack = f"{count} flows lack" if count > 1 else "1 flow lacks"
        yield f"{lack} the region of the store or recipient: {names}"
        yield "say it with `region:` at the source in pii-scan.yaml, or at the recipient in the declared list"


def _filled(answer: Answer) -> Iterator[str]:
    if answer.edges:
        yield ""
        yield "filled by SQL:"
        for edge in answer.edges:
            yield f"  {edge.target}  from {edge.source}  {edge.transform} ({edge.kind}, {edge.place})"


def _changes(answer: Answer) -> Iterator[str]:
    changes = answer.changes
    yield f"from run {answer.since} to run {answer.run}:"
    if not changes:
        yield "no flow has changed"
        return
    yield from _marked("+", changes.gained)
    yield from _marked("-", changes.lost)
    yield from (f"~ {_told(now)}  {old.status} → {now.status}" for old, now in changes.changed)
    yield from (f"? {_told(flow)}  not looked at this time" for flow in changes.unseen)


def _marked(mark: str, flows: Iterable[Flow]) -> Iterator[str]:
    yield from (f"{mark} {_told(flow)}  {flow.status}" for flow in flows)


def _told(flow: Flow) -> str:
    return f"{flow.recipient}  {_what(flow)}  {flow.field}".rstrip()
