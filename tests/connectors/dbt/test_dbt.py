"""dbt projects: what is listed of a manifest, and the SQL that it tells."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from connectors.dbt.connector import CONNECTOR, DbtConnector
from pii_scan.core.errors import SourceError
from pii_scan.core.model import Plan

MANIFEST = Path(__file__).parents[2] / "e2e" / "dbt" / "manifest.json"


def project(folder: Path, **options: Any) -> DbtConnector:
    (folder / "target").mkdir()
    shutil.copy(MANIFEST, folder / "target")
    settings = CONNECTOR.config_of(f"dbt:{folder}")
    return DbtConnector(CONNECTOR.config.model_validate({**settings, **options}))


def test_models_and_sources_are_tables(tmp_path: Path) -> None:
    connector = project(tmp_path)
    assert connector.store.name == tmp_path.name
    listed = {dataset.path: dataset for dataset in connector.datasets()}
    assert {path: d.kind for path, d in listed.items()} == {
        ("mart", "campaign"): "view",
        ("mart", "contacts"): "table",
        ("mart", "raw"): "table",
        ("public", "users"): "table",
    }
    assert [field.path for field in listed["public", "users"].fields] == [("id",), ("email",), ("phone",)]
    (field,) = listed["mart", "campaign"].fields
    assert field.comment == "whom to write to"
    (shard,) = connector.shards(listed["public", "users"], Plan())
    assert [type(item).__name__ for item in connector.read(shard)] == ["Note"]


def test_the_tables_of_a_warehouse_are_listed_there(tmp_path: Path) -> None:
    (dataset,) = project(tmp_path, runs_in="warehouse").datasets()
    assert (dataset.path, dataset.planned) == (("manifest.json",), True)


def test_models_and_exposures_are_statements(tmp_path: Path) -> None:
    queries = list(project(tmp_path, runs_in="warehouse").queries())
    told = [(q.kind, q.where, q.target, q.dialect, q.store, q.to) for q in queries]
    model, exposure = ("postgres", "warehouse", ""), ("postgres", "warehouse")
    assert told == [
        ("dbt model", "models/model.shop.contacts", ("mart", "contacts"), *model),
        ("dbt model", "models/model.shop.campaign", ("mart", "campaign"), *model),
        ("dbt model", "models/model.shop.raw", ("mart", "raw"), *model),
        ("dbt exposure", "exposures/newsletter", ("dbt", "newsletter"), *exposure, "us1.api.mailer.example"),
        ("dbt exposure", "exposures/board", ("dbt", "board"), *exposure, "bi.shop.example"),
    ]
    assert queries[2].sql == "", "it was not compiled"
    assert queries[3].sql == 'SELECT * FROM "mart"."campaign"'
    assert "sql" not in repr(queries[0])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"nodes": []}', '{"a": 1}', "\x00"])
def test_what_is_no_manifest_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    connector = DbtConnector(CONNECTOR.config.model_validate(CONNECTOR.config_of(f"dbt:{tmp_path}")))
    with pytest.raises(SourceError, match="no manifest of dbt"):
        list(connector.datasets())


def test_a_project_without_a_manifest_is_an_error(tmp_path: Path) -> None:
    connector = DbtConnector(CONNECTOR.config.model_validate(CONNECTOR.config_of(f"dbt:{tmp_path}")))
    with pytest.raises(SourceError):
        list(connector.datasets())


@pytest.mark.parametrize(
    ("record", "to"),
    [
        ({"meta": {"recipient": "partner"}, "url": "https://x.example"}, "partner"),
        ({"config": {"meta": {"recipient": "partner"}}}, "partner"),
        ({"url": "https://x.example/a"}, "x.example"),
        ({"url": "https://[broken"}, ""),
        ({"owner": {"email": "mia@shop.example"}}, ""),
    ],
)
def test_who_is_behind_an_exposure(tmp_path: Path, record: dict[str, Any], to: str) -> None:
    document = json.loads(MANIFEST.read_text())
    document["exposures"] = {"e": {"name": "e", "depends_on": {"nodes": ["model.shop.contacts"]}, **record}}
    (tmp_path / "manifest.json").write_text(json.dumps(document))
    connector = DbtConnector(CONNECTOR.config.model_validate(CONNECTOR.config_of(f"dbt:{tmp_path}")))
    assert [q.to for q in connector.queries() if q.outside] == [to]


def test_only_projects_are_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    assert CONNECTOR.matches(str(tmp_path / "manifest.json")) == 0
    (tmp_path / "run_results.json").write_text("{}")
    assert CONNECTOR.matches(str(tmp_path / "manifest.json")) == 10
    assert CONNECTOR.matches(f"dbt:{tmp_path}") == 20
    assert CONNECTOR.matches("https://x.example/manifest.json") == 0
