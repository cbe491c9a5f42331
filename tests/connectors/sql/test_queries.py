"""The SQL of views as connectors tell it, and that it can be followed."""

from __future__ import annotations

from pathlib import Path

import duckdb

from connectors.sql.duckdb import CONNECTOR
from pii_scan.lineage.derive import derive
from pii_scan.lineage.sql.catalog import Catalog


def test_views_of_duckdb(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "a.duckdb")) as database:
        database.execute("CREATE TABLE users (id int, email varchar)")
        database.execute("CREATE VIEW people AS SELECT * EXCLUDE (id), md5(email) AS hashed FROM users")
    settings = CONNECTOR.config_of(str(tmp_path / "a.duckdb"))
    connector = CONNECTOR.open(CONNECTOR.config.model_validate(settings))
    datasets = list(connector.datasets())
    queries = [(connector.store, query) for query in connector.queries()]
    derived = derive(queries, Catalog.of(datasets))
    assert derived.faults == []
    edges = {
        (e.source.rpartition("/")[2], e.target.rpartition("/")[2], e.transform)
        for e in derived.edges[connector.store.urn]
    }
    assert edges == {
        ("users#email", "people#email", "identity"),
        ("users#email", "people#hashed", "masked"),
    }
    connector.close()
