"""Column lineage of SQL: the cases of sql_cases.yaml, and statements that say nothing of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pii_scan.core.model import Dataset, Field, Store
from pii_scan.core.query import export_urn
from pii_scan.core.urn import split
from pii_scan.lineage.sql.catalog import Catalog, Names
from pii_scan.lineage.sql.statements import Written, written
from pii_scan.lineage.sql.values import NotFollowedError, Source

CASES = yaml.safe_load(Path(__file__).with_name("sql_cases.yaml").read_text(encoding="utf-8"))["cases"]
STORE = Store("sql", "app", default_path=("shop",))


def names(schema: dict[str, list[str]]) -> Names:
    """A store whose tables lie in one schema; PostgreSQL's `public` and Snowflake's case come to the same."""
    datasets = []
    for table, columns in schema.items():
        for home in ("shop", "public"):
            dataset = Dataset(STORE, (home, table))
            datasets.append(dataset.with_fields(*(Field(dataset.urn, (column,)) for column in columns)))
    return Names(Catalog.of(datasets), [STORE])


def shown(source: Source) -> str:
    column = "/".join(source.path)
    return f"{split(f'{source.table}#')[1][-1]}.{column}"


def found(case: dict[str, Any]) -> Written:
    result = written(case["sql"], case["dialect"], names(case["schema"]))
    assert result is not None
    return result


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_columns(case: dict[str, Any]) -> None:
    if "not_followed" in case:
        with pytest.raises(NotFollowedError, match=case["not_followed"]):
            found(case)
        return
    result = found(case)
    columns = {name: {shown(s): t for s, t in flow.items()} for name, flow in result.columns}
    assert columns == case["columns"]
    assert list(columns) == list(case["columns"])
    target = export_urn(result.place.path) if result.place else "/".join(result.table)
    assert target == case.get("into", "")


def test_there_are_fifty_cases_in_four_dialects() -> None:
    dialects = [case["dialect"] for case in CASES]
    assert len(CASES) >= 50
    assert all(dialects.count(name) >= 6 for name in ("postgres", "mysql", "sqlite", "snowflake"))


@pytest.mark.parametrize(
    "sql",
    [
        "GRANT SELECT ON users TO reader",
        "INSERT INTO archive VALUES (1, 'a', 'b')",
        "COPY users FROM '/in.csv'",
        "CREATE INDEX i ON users (email)",
        "CREATE TABLE t (id int)",
        "CREATE FUNCTION f() RETURNS int AS $$ SELECT email FROM users $$ LANGUAGE sql",
        "UPDATE users SET email = NULL",
        "UPDATE users SET email = lower(email)",
        "DELETE FROM users",
        "DELETE FROM archive USING users WHERE archive.id = users.id",
        "WITH q AS (SELECT id FROM users) DELETE FROM archive USING q WHERE archive.id = q.id",
        "MERGE INTO archive a USING users u ON a.id = u.id WHEN MATCHED THEN DELETE",
        "",
    ],
)
def test_statements_that_move_no_columns(sql: str) -> None:
    tables = {"users": ["id", "email"], "archive": ["id", "email"]}
    assert written(sql, "postgres", names(tables)) is None


@pytest.mark.parametrize(
    "sql",
    ["SELECT FROM WHERE (", "CREATE VIEW v AS nothing at all", "SELECT email FROM users u, users u"],
)
def test_what_is_no_sql_is_not_followed(sql: str) -> None:
    with pytest.raises(NotFollowedError):
        written(sql, "postgres", names({"users": ["id", "email"]}))
