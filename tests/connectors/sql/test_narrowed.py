"""A dataset that names some of its columns is read in these alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from pii_scan import plugins
from pii_scan.core.model import Batch, Plan

_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "sqlite": "sqlite"}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "mysql"])
@pytest.mark.parametrize("mode", ["full", "sample"])
def test_only_the_named_columns_are_read(
    kind: str, mode: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    servers = {"postgresql": "postgres_url", "mysql": "mariadb_url"}
    file = f"sqlite:///{tmp_path / 'app.db'}"
    url = request.getfixturevalue(servers[kind]) if kind in servers else file
    engine = sa.create_engine(sa.make_url(url).set(drivername=_DRIVERS[kind]))
    tables = sa.MetaData()
    people = sa.Table(
        "narrowed_people",
        tables,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(80)),
        sa.Column("city", sa.String(80)),
    )
    tables.drop_all(engine)
    tables.create_all(engine)
    with engine.begin() as connection:
        connection.execute(
            people.insert(), [{"id": n, "email": f"p{n}@mail.example", "city": "x"} for n in (1, 2, 3)]
        )
    engine.dispose()
    made = plugins.get("connectors", kind)
    connector = made.open(made.config.model_validate(made.config_of(url)))
    whole = next(d for d in connector.datasets() if d.name == "narrowed_people")
    part = whole.with_fields(*(f for f in whole.fields if f.name in ("city", "id")))
    plan = Plan(mode=mode)  # type: ignore[arg-type]
    read = [item for shard in connector.shards(part, plan) for item in connector.read(shard)]
    batches = [item for item in read if isinstance(item, Batch)]
    assert {batch.columns for batch in batches} == {(("id",), ("city",))}
    assert sum(batch.table.num_rows for batch in batches) == 3
    rest = [item for shard in connector.shards(whole, plan) for item in connector.read(shard)]
    assert {batch.columns for batch in rest if isinstance(batch, Batch)} == {(("id",), ("email",), ("city",))}
    connector.close()
