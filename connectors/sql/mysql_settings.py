"""What MariaDB's and MySQL's own catalog says of their doors: TLS, encryption, users, grants, their log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pii_scan.core.setting import NO, UNKNOWN, Setting, yes

from .asking import Page, asked

_MOST_GRANTS: Final = 20_000
_VARIABLES: Final = (
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('require_secure_transport', 'have_ssl', 'tls_version',"
    " 'innodb_encrypt_tables', 'default_table_encryption', 'general_log', 'log_bin')"
)
_STATUS: Final = "SHOW SESSION STATUS WHERE Variable_name IN ('Ssl_cipher', 'Ssl_version')"
_USERS: Final = (
    "SELECT user, host, super_priv, plugin, authentication_string = '' FROM mysql.user ORDER BY user, host"
)
_GRANTS: Final = (
    "SELECT table_schema, table_name, grantee, GROUP_CONCAT(privilege_type ORDER BY privilege_type)"
    " FROM information_schema.table_privileges"
    " WHERE table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')"
    f" GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT {_MOST_GRANTS}"
)
_PLUGINS_WITHOUT_PASSWORD: Final = ("unix_socket", "auth_socket", "ed25519", "caching_sha2_password", "pam")


def settings(page: Page, store: str) -> Iterator[Setting]:
    """The settings of the server behind a store; `page` runs one query, and may be refused."""
    yield Setting(store, (), "kind", "database")
    for read in (_connection, _variables, _users, _grants):
        yield from read(page, store)


def _connection(page: Page, store: str) -> Iterator[Setting]:
    rows, unknown = asked(page, _STATUS, store, ["tls"])
    yield from unknown
    found = {str(name).lower(): str(value) for name, value in rows}
    if rows:
        yield Setting(store, (), "tls", yes(bool(found.get("ssl_cipher"))), "Ssl_cipher")
    if found.get("ssl_version"):
        yield Setting(store, (), "tls_version", found["ssl_version"], "Ssl_version")


def _variables(page: Page, store: str) -> Iterator[Setting]:
    rows, unknown = asked(page, _VARIABLES, store, ["tls_required", "tls_offered", "encrypted"])
    yield from unknown
    found = {str(name).lower(): str(value) for name, value in rows}
    names = {
        "require_secure_transport": "tls_required",
        "have_ssl": "tls_offered",
        "general_log": "statements_logged",
    }
    for variable, name in names.items():
        if variable in found:
            yield Setting(store, (), name, yes(found[variable]), variable)
    if found.get("tls_version"):
        yield Setting(store, (), "tls_minimum", min(found["tls_version"].split(",")), "tls_version")
    for variable in ("innodb_encrypt_tables", "default_table_encryption"):
        if variable in found:
            encrypted = found[variable].upper() in ("ON", "FORCE")
            # Without it the disk below may still be encrypted, which the server can't know.
            yield Setting(store, (), "encrypted", yes(encrypted) if encrypted else UNKNOWN, variable)


def _users(page: Page, store: str) -> Iterator[Setting]:
    rows, unknown = asked(page, _USERS, store, ["superuser", "passwordless_rule"])
    yield from unknown
    for user, host, everything, plugin, empty in rows:
        if yes(str(everything) == "Y") != NO and user:
            yield Setting(store, (), "superuser", str(user), "mysql.user")
        here = str(host) in ("localhost", "127.0.0.1", "::1")
        if empty and not here and str(plugin) not in _PLUGINS_WITHOUT_PASSWORD:
            where = "anywhere" if str(host) == "%" else "a network"
            yield Setting(store, (), "passwordless_rule", where, "mysql.user")


def _grants(page: Page, store: str) -> Iterator[Setting]:
    rows, unknown = asked(page, _GRANTS, store, ["grant"])
    yield from unknown
    for schema, table, grantee, privileges in rows:
        role = str(grantee).partition("@")[0].strip("'")
        yield Setting(
            store, (str(schema), str(table)), "grant", role or "PUBLIC", str(privileges).replace(",", ", ")
        )
