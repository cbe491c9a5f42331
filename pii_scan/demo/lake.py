"""A copy that nobody thought of: notes of the help desk in a lake of files, and the job that made it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from .clock import NOW, stamp
from .company import Company
from .files import lines, put, table
from .rows import Tables

_COLUMNS: Final = ("ticket_ref", "agent", "body")
_VERSION: Final = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACET: Final = "https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json"
_PRODUCER: Final = "https://horalune.example/jobs"


def write(company: Company, tables: Tables, directory: Path) -> None:
    """`lake/support_notes.csv`, and the event of its job in `jobs/events.jsonl`."""
    plain = [note for note in tables["support_notes"] if note["id"] % 2 == 0]
    texts = company.words["support_texts"]
    # The texts as they were written first: the cards came later.
    rows = [[note["ticket_ref"], note["agent"], texts[note["id"] % len(texts)]] for note in plain]
    put(directory / "lake" / "support_notes.csv", table(_COLUMNS, rows))
    put(directory / "jobs" / "events.jsonl", lines([_event()]))


def _event() -> dict[str, Any]:
    source = {"namespace": "app", "name": "support_notes"}
    columns = {column: {"inputFields": [{**source, "field": column}]} for column in _COLUMNS}
    facet = {"_producer": _PRODUCER, "_schemaURL": _FACET, "fields": columns}
    target = {"namespace": "file", "name": "lake/support_notes.csv", "facets": {"columnLineage": facet}}
    return {
        "eventType": "COMPLETE",
        "eventTime": stamp(NOW),
        "producer": _PRODUCER,
        "schemaURL": _VERSION,
        "run": {"runId": "0195f3a2-7c1e-7000-8000-000000000001"},
        "job": {"namespace": "nightly", "name": "notes_to_lake"},
        "inputs": [source],
        "outputs": [target],
    }
