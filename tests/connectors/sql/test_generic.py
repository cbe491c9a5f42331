"""Any dialect of SQLAlchemy, tried on SQLite as on a dialect that nobody knows."""

import sqlite3

import pytest
from sqlalchemy import URL, make_url
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.sql.compiler import IdentifierPreparer

from connectors.sql import generic
from connectors.sql.generic import CONNECTOR
from pii_scan.core.errors import ConfigError, SourceError
from pii_scan.core.model import Dataset, Field, Plan, Store
from pii_scan.testing.contract import ConnectorContract
from pii_scan.testing.hostile import NAMES

from .reading import connect, find, listed, read, table
from .test_mysql import url as mysql_url  # noqa: F401
from .test_postgresql import url as postgresql_url  # noqa: F401


@pytest.fixture
def url(tmp_path):
    path = tmp_path / "shop.db"
    db = sqlite3.connect(path)
    db.execute(
        "CREATE TABLE users(id INTEGER PRIMARY KEY, email VARCHAR(80) NOT NULL, at TIMESTAMP, ok BOOLEAN)"
    )
    db.executemany(
        "INSERT INTO users(email, ok) VALUES (?, 1)", [(f"canary.{i}@example.org",) for i in range(30)]
    )
    db.execute("CREATE TABLE orders(user_id INT REFERENCES users(id), total NUMERIC)")
    db.execute("CREATE VIEW everyone AS SELECT * FROM users")
    db.commit()
    return f"sqlite:///{path}"


class TestContract(ConnectorContract):
    @pytest.fixture
    def make(self, url):
        return lambda: connect(CONNECTOR, url)

    def canaries(self):
        return ("canary.",)


def test_matches_any_url_but_less_than_others():
    assert CONNECTOR.matches("duckdb:///x.duckdb") == 1
    assert CONNECTOR.matches("oracle+oracledb://u@h/d") == 1
    assert CONNECTOR.matches("some/path") == 0
    assert CONNECTOR.config_of("sqlite:////data/shop.v2.db")["name"] == "shop"


def test_what_is_listed(url):
    found = listed(connect(CONNECTOR, url))
    assert found["main", "everyone"].planned
    assert found["main", "orders"].fields[0].references == found["main", "users"].fields[0].urn
    assert [field.type for field in found["main", "users"].fields] == [
        "integer",
        "string",
        "timestamp",
        "boolean",
    ]


def test_the_first_rows_are_said_to_be_the_first(url):
    connector = connect(CONNECTOR, url)
    rows, notes = read(connector, find(connector, "users"), Plan(rows=10))
    assert len(rows) == 10
    assert rows[0]["ok"] == "true"
    assert any(note.sampled and "first rows" in note.reason for note in notes)


def test_hostile_names(tmp_path):
    path = tmp_path / "hostile.db"
    db = sqlite3.connect(path)
    quote = lambda name: '"' + name.replace('"', '""') + '"'  # noqa: E731
    for name in NAMES:
        db.execute(f"CREATE TABLE {quote(name)}({quote(name)} TEXT)")
        db.execute(f"INSERT INTO {quote(name)} VALUES (?)", (name,))
    db.commit()
    connector = connect(CONNECTOR, f"sqlite:///{path}")
    for dataset in list(connector.datasets()):
        assert read(connector, dataset)[0] == [{dataset.name: dataset.name}]


@pytest.mark.parametrize("fixture", ["postgresql_url", "mysql_url"])
def test_servers_can_be_read_as_any_dialect(request, fixture):
    drivers = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
    scheme, _, rest = request.getfixturevalue(fixture).partition("://")
    connector = connect(CONNECTOR, f"{drivers[scheme]}://{rest}", include=["users"])
    assert len(table(connector, "users", Plan(mode="full"))) == 40
    connector.close()


def test_a_missing_dialect_is_a_fault_of_the_configuration():
    connector = connect(CONNECTOR, "nosuchthing://user:s3cret@host/db")
    with pytest.raises(ConfigError, match="install the SQLAlchemy dialect") as error:
        list(connector.datasets())
    assert "s3cret" not in str(error.value)


def test_a_missing_file_is_explained(tmp_path):
    with pytest.raises(SourceError) as error:
        list(connect(CONNECTOR, f"sqlite:///{tmp_path}/none/x.db").datasets())
    assert str(tmp_path) not in str(error.value)


HOSTILE = ("dbo", "we]ird\"na`me'; --")
STATEMENTS = {
    "mssql+pyodbc": 'SELECT TOP 11 [e]]m"a`il] AS c0 FROM [dbo].[we]]ird"na`me\'; --]',
    "oracle+oracledb": ('SELECT "e]m""a`il" AS c0 FROM "dbo"."we]ird""na`me\'; --" FETCH FIRST 11 ROWS ONLY'),
    "snowflake": 'SELECT "e]m""a`il" AS c0 FROM "dbo"."we]ird""na`me\'; --" LIMIT 11',
    "redshift+psycopg2": 'SELECT "e]m""a`il" AS c0 FROM "dbo"."we]ird""na`me\'; --" LIMIT 11',
}


def hostile(*path: str, column: str) -> Dataset:
    dataset = Dataset(Store("sql", "x"), path)
    return dataset.with_fields(Field(dataset.urn, (column,)))


@pytest.mark.parametrize("scheme", sorted(STATEMENTS))
def test_statements_of_dialects_without_a_server(scheme):
    url = make_url(f"{scheme}://user@host/db")
    try:
        url.get_dialect()
    except NoSuchModuleError:
        pytest.skip(f"the dialect {scheme} is not installed: its statements were not checked")
    made = generic._select(url, hostile(*HOSTILE, column='e]m"a`il'), 11)
    assert " ".join(made.split()) == STATEMENTS[scheme]


def test_a_name_that_a_dialect_cannot_quote_is_refused(monkeypatch):
    """As BigQuery's does, which ends names with a backtick and doubles another sign."""

    class Careless(DefaultDialect):
        def __init__(self, **settings):
            super().__init__(**settings)
            self.identifier_preparer = IdentifierPreparer(self, "`", "`", escape_quote='"')

    monkeypatch.setattr(URL, "get_dialect", lambda self: Careless)
    url = make_url("sqlite://")
    assert '`a""b`' in generic._select(url, hostile("s", 'a"b', column="c"), 1)
    with pytest.raises(SourceError, match="can't be quoted"):
        generic._select(url, hostile("s", "a`b", column="c"), 1)
    with pytest.raises(SourceError, match="can't be quoted"):
        generic._select(url, hostile("s", "ab", column="c` FROM x --"), 1)


@pytest.mark.parametrize("scheme", ["mssql", "oracle", "snowflake", "bigquery", "redshift"])
def test_a_missing_driver_names_the_extra(scheme):
    connector = connect(CONNECTOR, f"{scheme}://user:s3cret@host/db")
    try:
        with pytest.raises(ConfigError) as error:
            list(connector.datasets())
    finally:
        connector.close()
    assert error.value.hint == f"pip install 'pii-scan[{scheme}]'"
