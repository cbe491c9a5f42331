"""Where a real PostgreSQL database takes its tables from: subscriptions and foreign tables of another one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import URL, make_url

from connectors.sql.postgresql import CONNECTOR
from pii_scan.core.inventory import Inventory
from pii_scan.run.context import context
from pii_scan.run.progress import progress
from pii_scan.run.scan import ScanOptions, scan
from pii_scan.run.sources import chosen
from pii_scan.run.whole import conclude
from tests import services
from tests.services import Server, database, plain

CONFIG = """\
version: 1
key: ${{file:key}}
sources:
  - {{name: mart, url: "{mart}"}}
  - {{name: app, url: "{shop}"}}
  - {{name: twin, url: "{twin}"}}
"""
SHOP = (
    "CREATE SCHEMA crm",
    "CREATE TABLE crm.people (id int PRIMARY KEY, email varchar(80), phone varchar(40))",
    "INSERT INTO crm.people SELECT n, 'mia' || n || '@example.org', '+49 30 1234' || lpad(n::text, 4, '0')"
    " FROM generate_series(1, 60) n",
    "CREATE TABLE leads (id int PRIMARY KEY, email varchar(80))",
    "CREATE PUBLICATION feed FOR TABLE leads",
)


@pytest.fixture(scope="module")
def urls(postgresql_server: Server) -> Iterator[tuple[URL, URL, URL]]:
    """A shop's database, another one with the same tables, and a third that takes tables of the first."""
    with (
        database(postgresql_server) as shop,
        database(postgresql_server) as twin,
        database(postgresql_server) as mart,
    ):
        services.run(shop, *SHOP)
        services.run(twin, *SHOP)
        name, there = f"feed_{mart.database}", f"host=127.0.0.1 port={mart.port} user={shop.username}"
        services.run(
            mart,
            "CREATE EXTENSION postgres_fdw",
            f"CREATE SERVER source FOREIGN DATA WRAPPER postgres_fdw"
            f" OPTIONS (host '127.0.0.1', port '{mart.port}', dbname '{shop.database}')",
            f"CREATE USER MAPPING FOR CURRENT_USER SERVER source OPTIONS (user '{shop.username}')",
            "CREATE FOREIGN TABLE clients (id int, mail varchar(80) OPTIONS (column_name 'email'),"
            " phone varchar(40)) SERVER source OPTIONS (schema_name 'crm', table_name 'people')",
            "CREATE TABLE leads (id int PRIMARY KEY, email varchar(80), note text)",
            f"CREATE SUBSCRIPTION {name} CONNECTION '{there} dbname={shop.database} password=s3cret-word'"
            " PUBLICATION feed WITH (create_slot = false, enabled = false, slot_name = NONE)",
        )
        try:
            yield shop, twin, mart
        finally:
            services.run(mart, f"DROP SUBSCRIPTION {name}")


@pytest.fixture(scope="module")
def inventory(urls: tuple[URL, URL, URL], tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    folder = tmp_path_factory.mktemp("mart")
    shop, twin, mart = map(plain, urls)
    (folder / "pii-scan.yaml").write_text(CONFIG.format(shop=shop, twin=twin, mart=mart))
    (folder / "key").write_text("0f" * 32 + "\n")
    (folder / "key").chmod(0o600)
    with context(folder / "pii-scan.yaml") as opened, progress(False) as shown:
        made = scan(opened, chosen(opened.loaded, ()), ScanOptions(presidio=False, texts=False), shown)
        conclude(opened, made.id)
        found = opened.inventory()
    kept = [path for path in folder.rglob("*") if path.is_file() and ".pii-scan" in path.parts]
    assert kept
    assert not any(b"s3cret-word" in path.read_bytes() for path in kept)
    return found


def links(inventory: Inventory, target: str) -> dict[str, str]:
    """By column of a table the source of the link that a server's catalog tells of."""
    return {
        link.target.partition("#")[2]: link.source
        for link in inventory.links
        if link.kind == "mapping" and link.target.startswith(f"postgresql://mart/public/{target}#")
    }


def test_a_foreign_table_has_the_columns_of_the_database_that_its_server_is(inventory: Inventory) -> None:
    assert links(inventory, "clients") == {
        "id": "postgresql://app/crm/people#id",
        "mail": "postgresql://app/crm/people#email",
        "phone": "postgresql://app/crm/people#phone",
    }


def test_a_subscription_fills_columns_by_their_names(inventory: Inventory) -> None:
    assert links(inventory, "leads") == {
        "id": "postgresql://app/public/leads#id",
        "email": "postgresql://app/public/leads#email",
    }


def test_a_user_who_may_not_see_the_origin_is_told_which_subscription_it_is(
    urls: tuple[URL, URL, URL],
) -> None:
    *_, mart = urls
    role = f"reader_{mart.database}"
    services.run(mart, f"CREATE ROLE {role} LOGIN PASSWORD 'word'")
    try:
        url = make_url(plain(mart)).set(username=role, password="word")
        settings = CONNECTOR.config_of(url.render_as_string(hide_password=False))
        connector = CONNECTOR.open(CONNECTOR.config.model_validate(settings))
        told = [query for query in connector.queries() if query.kind == "subscription"]
        assert [(query.place, query.sql) for query in told] == [((f"feed_{mart.database}",), "")]
        assert not any("subscription" in mapping.job for mapping in connector.mappings())
        connector.close()
    finally:
        services.run(mart, f"DROP ROLE {role}")
