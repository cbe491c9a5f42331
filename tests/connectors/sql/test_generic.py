"""Any dialect of SQLAlchemy, tried on SQLite as on a dialect that nobody knows."""

import sqlite3

import pytest

from connectors.sql.generic import CONNECTOR
from pii_scan.core.errors import ConfigError, SourceError
from pii_scan.core.model import Plan
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
