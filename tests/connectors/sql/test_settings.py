"""Settings of real servers: TLS, rules of access, roles, grants; what may not be seen is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.sql import mysql, postgresql
from connectors.sql.postgresql_settings import from_where
from pii_scan.core.setting import Setting
from tests import services
from tests.connectors.sql.reading import connect


def told(connector: object) -> list[Setting]:
    found = list(connector.settings())  # type: ignore[attr-defined]
    connector.close()  # type: ignore[attr-defined]
    return found


def values(settings: list[Setting], name: str) -> set[str]:
    return {setting.value for setting in settings if setting.name == name}


@pytest.fixture
def own() -> Iterator[services.Server]:
    server = services.required(services.private_postgresql(), "PostgreSQL")
    yield server
    server.stop()


def test_postgresql_tells_its_doors_as_superuser(own: services.Server) -> None:
    ((rules,),) = services.run(own.url, "SHOW hba_file")
    Path(str(rules)).write_text(
        "local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all 0.0.0.0/0 scram-sha-256\n"
        "host all all 10.0.0.0/8 trust\nhostssl all all 203.0.113.0/24 scram-sha-256\n"
    )
    services.run(
        own.url,
        "SELECT pg_reload_conf()",
        "CREATE ROLE reader LOGIN",
        "CREATE ROLE keeper LOGIN BYPASSRLS",
        "CREATE TABLE people (email text)",
        "GRANT SELECT ON people TO reader",
        "GRANT INSERT, SELECT ON people TO PUBLIC",
    )
    found = told(connect(postgresql.CONNECTOR, services.plain(own.url)))
    assert values(found, "tls") == {"no"}
    assert values(found, "tls_offered") == {"no"}
    assert values(found, "tls_minimum") == {"TLSv1.2"}
    assert values(found, "tls_required") == {"no"}
    assert values(found, "plaintext_rule") == {"anywhere", "a private network"}
    assert values(found, "passwordless_rule") == {"a private network"}
    assert values(found, "superuser") == {"postgres"}
    assert values(found, "bypasses_row_security") == {"keeper"}
    grants = {(s.path, s.value): s.detail for s in found if s.name == "grant"}
    assert grants[("public", "people"), "reader"] == "SELECT"
    assert grants[("public", "people"), "PUBLIC"] == "INSERT, SELECT"


def test_postgresql_requires_tls_where_all_rules_do(own: services.Server) -> None:
    ((rules,),) = services.run(own.url, "SHOW hba_file")
    Path(str(rules)).write_text(
        "local all all trust\nhost all all 127.0.0.1/32 trust\nhostssl all all all scram-sha-256\n"
        "hostnossl all all all reject\n"
    )
    services.run(own.url, "SELECT pg_reload_conf()")
    found = told(connect(postgresql.CONNECTOR, services.plain(own.url)))
    assert values(found, "tls_required") == {"yes"}
    assert not values(found, "plaintext_rule")


def test_what_an_ordinary_user_may_not_see_is_unknown(own: services.Server) -> None:
    services.run(own.url, "CREATE ROLE ada LOGIN", "CREATE TABLE people (email text)")
    plain = own.url.set(username="ada")
    found = told(connect(postgresql.CONNECTOR, services.plain(plain)))
    assert values(found, "tls_required") == {"unknown"}
    assert next(s.detail for s in found if s.name == "tls_required").startswith("permission denied")
    assert values(found, "superuser") == {"postgres"}


@pytest.mark.parametrize(
    ("address", "mask", "where"),
    [
        ("all", "", "anywhere"), ("0.0.0.0", "0.0.0.0", "anywhere"), ("::", "::", "anywhere"),
        ("127.0.0.1", "255.255.255.255", "this machine"), ("::1", "", "this machine"),
        ("10.0.0.0", "255.0.0.0", "a private network"), ("8.8.8.0", "255.255.255.0", "a network"),
        ("samehost", "", "this machine"), (".example.org", "", "a network"),
    ],
)  # fmt: skip
def test_where_a_rule_lets_in_from(address: str, mask: str, where: str) -> None:
    assert from_where(address, mask) == where


def test_mariadb_tells_its_doors() -> None:
    server = services.required(services.mariadb(), "MariaDB")
    with services.database(server) as url:
        role = f"r{url.database[-8:]}"  # type: ignore[index]
        services.run(
            url,
            "CREATE TABLE people (email varchar(90))",
            f"CREATE USER {role}@'%' IDENTIFIED BY ''",
            f"GRANT SELECT ON people TO {role}@'%'",
        )
        try:
            found = told(connect(mysql.CONNECTOR, services.plain(url)))
            weak = url.set(username=role)
            seen = told(connect(mysql.CONNECTOR, services.plain(weak)))
        finally:
            services.run(url, f"DROP USER {role}@'%'")
    assert values(found, "kind") == {"database"}
    assert values(found, "tls_required") == {"no"}
    assert values(found, "tls") <= {"yes", "no"}
    assert values(found, "encrypted") == {"unknown"}
    assert values(found, "statements_logged") == {"no"}
    assert "anywhere" in values(found, "passwordless_rule")
    assert "root" in values(found, "superuser")
    assert {(s.path[-1], s.value, s.detail) for s in found if s.name == "grant"} >= {
        ("people", role, "SELECT")
    }
    assert values(seen, "superuser") == {"unknown"}
