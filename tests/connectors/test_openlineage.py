"""Events of OpenLineage: what they say of columns is read, nothing else of them is kept."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from connectors.openlineage.connector import CONNECTOR
from connectors.openlineage.events import Activity, is_event
from pii_scan.core.errors import SourceError
from pii_scan.core.mapping import Mapping, Place
from pii_scan.core.model import Batch, Note, Plan
from pii_scan.testing.contract import ConnectorContract
from tests.commands import run

PG, API = "postgres://db:5432", "https://api.intercom.io"
CANARY = "ann.canary@example.com"


def dataset(namespace: str, name: str, **facets: Any) -> dict[str, Any]:
    return {"namespace": namespace, "name": name, "facets": facets}


def columns(**fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {"fields": {column: {"inputFields": inputs} for column, inputs in fields.items()}}


def source(name: str, field: str, *steps: dict[str, Any], namespace: str = PG) -> dict[str, Any]:
    return {"namespace": namespace, "name": name, "field": field} | (
        {"transformations": list(steps)} if steps else {}
    )


def event(kind: str = "COMPLETE", run_id: str = "r1", job: str = "sync", **more: Any) -> dict[str, Any]:
    return {
        "eventType": kind,
        "eventTime": "2026-01-15T02:00:07Z",
        "producer": "urn:x",
        "run": {"runId": run_id, "facets": {"errorMessage": {"message": f"duplicate key {CANARY}"}}},
        "job": {"namespace": "airflow", "name": job, "facets": {"sql": {"query": f"select '{CANARY}'"}}},
        **more,
    }


SENT = dataset(API, "contacts", columnLineage=columns(email=[source("app.public.users", "email")]))


def opened(path: Path, **settings: Any) -> Any:
    return CONNECTOR.open(CONNECTOR.config(path=str(path), name="jobs", **settings))


def mappings(folder: Path, *events: Any, **settings: Any) -> list[Mapping]:
    (folder / "events.ndjson").write_text("".join(json.dumps(one) + "\n" for one in events))
    with closing(opened(folder, **settings)) as connector:
        return list(connector.mappings())


def test_a_run_is_counted_once_whichever_of_its_events_carries_the_columns(tmp_path: Path) -> None:
    found = mappings(
        tmp_path,
        event("START", outputs=[SENT]),
        event("COMPLETE"),
        event("COMPLETE", "r2", outputs=[SENT]),
        event("FAIL", "r3", outputs=[SENT]),
        event("START", "r4", outputs=[SENT]),
    )
    expected = Place(PG, ("app", "public", "users"), ("email",)), Place(API, ("contacts",), ("email",))
    assert [(m.source, m.target, m.job, m.runs) for m in found] == [(*expected, "airflow.sync", 2)]
    assert found[0].locator == "openlineage://jobs/events.ndjson"


def test_events_of_jobs_and_datasets_ran_nothing(tmp_path: Path) -> None:
    planned = {k: v for k, v in event(outputs=[SENT]).items() if k not in ("run", "eventType")}
    described = {"eventTime": "2026-01-15T02:00:07Z", "dataset": SENT}
    found = mappings(tmp_path, planned, described)
    assert [(m.job, m.runs) for m in found] == [("airflow.sync", 0), ("", 0)]


@pytest.mark.parametrize(
    ("steps", "masking"),
    [
        ((), False),
        (({"type": "DIRECT", "masking": True},), True),
        (({"type": "DIRECT", "masking": True}, {"type": "DIRECT", "masking": False}), False),
        (({"type": "DIRECT", "masking": True}, {"type": "INDIRECT", "masking": False}), True),
    ],
)
def test_masking(tmp_path: Path, steps: tuple[dict[str, Any], ...], masking: bool) -> None:
    output = dataset(API, "c", columnLineage=columns(e=[source("users", "email", *steps)]))
    assert [m.masking for m in mappings(tmp_path, event(outputs=[output]))] == [masking]


def test_masking_as_it_was_written_before(tmp_path: Path) -> None:
    fields = {"e": {"inputFields": [source("users", "email")], "transformationType": "MASKED"}}
    found = mappings(tmp_path, event(outputs=[dataset(API, "c", columnLineage={"fields": fields})]))
    assert [m.masking for m in found] == [True]


def test_columns_that_only_choose_rows_go_nowhere(tmp_path: Path) -> None:
    filtered = columns(n=[source("users", "email", {"type": "INDIRECT", "subtype": "FILTER"})])
    found = mappings(tmp_path, event(outputs=[dataset(API, "c", columnLineage=filtered)]))
    assert [(m.source, m.target.field) for m in found] == [(None, ())]


def test_the_newer_facet(tmp_path: Path) -> None:
    entry = {"inputs": [source("users", "email") | {"type": "DATASET"}]}
    found = mappings(tmp_path, event(outputs=[dataset(API, "c", lineage={"fields": {"mail": entry}})]))
    assert [(m.source.field, m.target.field) for m in found if m.source] == [(("email",), ("mail",))]


def test_without_columns_those_of_one_name_are_paired_else_the_datasets(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "email"}, {"name": "plan"}]}
    inputs = [dataset(PG, "users", schema=schema), dataset(PG, "other")]
    outputs = [dataset(API, "c", schema={"fields": [{"name": "email"}]})]
    found = mappings(tmp_path, event("START", inputs=inputs), event("COMPLETE", outputs=outputs))
    told = [(m.source.path, m.source.field, m.target.field, m.assumed) for m in found if m.source]
    assert told == [(("users",), ("email",), ("email",), True), (("other",), (), (), False)]


def test_passwords_in_namespaces_are_left_out_and_sources_can_be_named(tmp_path: Path) -> None:
    written = "postgres://me:s3cret@db:5432?sslkey=x"
    found = mappings(
        tmp_path,
        event(inputs=[dataset(written, '"app"."users"')], outputs=[dataset("file", "/data/out/a.csv")]),
        namespaces={PG: "app"},
    )
    assert [m.source for m in found] == [Place(PG, ("app", "users"), (), "app")]
    assert found[0].target.path == ("data", "out", "a.csv")


WRONG: list[Any] = [
    [],
    {},
    {"eventTime": 1, "job": {}},
    {"eventTime": "x"},
    {"eventTime": "x", "job": "x"},
    7,
    None,
]
ODD: list[Any] = [
    event(inputs="x", outputs={"a": 1}),
    event(inputs=[1, None, {}], outputs=[{"namespace": "", "name": "x"}, {"namespace": 1, "name": []}]),
    event(outputs=[dataset(API, "...")], run=7, job=[]) | {"job": {"name": 3}},
    event(outputs=[dataset(API, "c", columnLineage=[], schema={"fields": {}}, lineage={"fields": 1})]),
    event(outputs=[dataset(API, "c", columnLineage={"fields": {"e": 1, "f": {"inputFields": [1, {}]}}})]),
    event(outputs=[dataset(API, "c" * 5000)]),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_event(wrong: Any) -> None:
    assert not is_event(wrong)


@pytest.mark.parametrize("odd", ODD)
def test_events_of_another_shape_are_passed_over(odd: Any) -> None:
    activity = Activity()
    activity.add(odd, {})
    assert all(edge.source is None for edge in activity.edges())


def test_records_that_are_none_are_counted_and_named_by_no_value(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text(json.dumps(event(outputs=[SENT])) + f'\n{{"x": "{CANARY}"}}\n{CANARY}\n')
    with closing(opened(path)) as connector:
        (found,) = connector.datasets()
        items = [i for s in connector.shards(found, Plan(mode="full")) for i in connector.read(s)]
        assert len(list(connector.mappings())) == 1
    notes = [item for item in items if isinstance(item, Note)]
    assert sum(item.table.num_rows for item in items if isinstance(item, Batch)) == 3
    assert sum(note.lost for note in notes) == 2
    assert any("1 record is no OpenLineage event" in note.reason for note in notes)
    assert CANARY not in str(notes)


def test_documents_lists_and_compressed_files(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        json.dumps([event(outputs=[SENT]), event("COMPLETE", "r9", outputs=[SENT])])
    )
    (tmp_path / "b.json").write_text(json.dumps(event(run_id="r5", outputs=[SENT]), indent=2))
    (tmp_path / "c.jsonl.gz").write_bytes(
        gzip.compress(json.dumps(event(run_id="r6", outputs=[SENT])).encode())
    )
    with closing(opened(tmp_path)) as connector:
        assert sorted((m.locator[-6:], m.runs) for m in connector.mappings()) == [
            ("a.json", 2),
            ("b.json", 1),
            ("onl.gz", 1),
        ]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "gone")) as connector, pytest.raises(SourceError):
        list(connector.mappings())


CONFIG = """version: 1
sources:
- {name: shop, path: shop, kind: files, region: DE}
- {name: jobs, path: jobs, kind: openlineage, options: {namespaces: {"file": shop}}}
- {name: typo, path: jobs, kind: openlineage, options: {namespaces: {"https://api.intercom.io": shpo}}}
"""


def test_the_command_links_what_it_scans_and_stores_names_alone(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "jobs").mkdir()
    rows = "".join(f"u{n}@example.com\n" for n in range(40))
    (tmp_path / "shop" / "users.csv").write_text("email\n" + rows)
    (tmp_path / "shop" / "copy.csv").write_text("mail\n" + rows)
    copied = dataset(
        "file", "/x/copy.csv", columnLineage=columns(mail=[source("users.csv", "email", namespace="file")])
    )
    sent = dataset(API, "c", columnLineage=columns(e=[source("copy.csv", "mail", namespace="file")]))
    person = dataset(API, CANARY, columnLineage=columns(e=[source(CANARY, CANARY, namespace="file")]))
    written = [
        event(run_id="1", outputs=[copied]),
        event(run_id="2", outputs=[sent]),
        event(run_id="3", outputs=[person]),
    ]
    (tmp_path / "jobs" / "e.ndjson").write_text("".join(json.dumps(one) + "\n" for one in written))
    (tmp_path / "pii-scan.yaml").write_text(CONFIG)
    scanned = run(tmp_path, "scan")
    assert "no source of this run is called 'shpo'" in scanned.stderr
    assert "jobs read 1 dataset that this run does not know" in scanned.stderr
    shown = run(tmp_path, "lineage", "--field", "files://shop/users.csv#email")
    assert "files://shop/users.csv#email → files://shop/copy.csv#mail → intercom" in shown.stdout
    assert "intercom  user.contact.email  configured" in shown.stdout
    abroad = json.loads(run(tmp_path, "lineage", "--abroad", "-f", "json").stdout)
    assert {(f["from_area"], f["to_area"]) for f in abroad["flows"]} == {("EEA", "US")}
    explained = run(tmp_path, "explain", "files://shop/copy.csv#mail").stdout
    for part in ("mapping, tier 3", "run log, tier 3", "because the best evidence is of tier 3"):
        assert part in explained
    events = run(tmp_path, "lineage", "-f", "openlineage").stdout
    assert len(events.splitlines()) == 3
    stored = b"".join(path.read_bytes() for path in (tmp_path / ".pii-scan").iterdir() if path.is_file())
    for text in (scanned.stdout, scanned.stderr, shown.stdout, explained, events):
        assert "ann.canary" not in text
    assert b"ann.canary" not in stored


class TestContract(ConnectorContract):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Callable[[], Any]:
        lines = (json.dumps(event(run_id=f"r{n}", outputs=[SENT])) + "\n" for n in range(40))
        (tmp_path / "e.ndjson").write_text("".join(lines))
        return lambda: opened(tmp_path)

    def canaries(self) -> tuple[str, ...]:
        return (CANARY,)
