"""What PostgreSQL's own catalog says of its doors: TLS, rules of access, roles, grants, its log."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Final

from pii_scan.core.setting import NO, YES, Setting, yes

from .asking import Page, asked

_MOST_GRANTS: Final = 20_000
_SSL: Final = "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
_VALUES: Final = (
    "SELECT name, setting FROM pg_settings WHERE name IN ('ssl', 'ssl_min_protocol_version',"
    " 'log_statement', 'log_min_duration_statement')"
)
_RULES: Final = "SELECT type, address, netmask, auth_method FROM pg_hba_file_rules WHERE error IS NULL"
_ROLES: Final = (
    "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolcanlogin AND (rolsuper OR rolbypassrls)"
    " ORDER BY rolname"
)
_GRANTS: Final = (
    "SELECT n.nspname, c.relname, coalesce(r.rolname, 'PUBLIC'), string_agg(DISTINCT a.privilege_type, ', ')"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " CROSS JOIN LATERAL aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.grantee <> c.relowner"
    " AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg!_%' ESCAPE '!'"
    f" GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT {_MOST_GRANTS}"
)


def settings(page: Page, store: str) -> Iterator[Setting]:
    """The settings of the server behind a store; `page` runs one query, and may be refused."""
    yield Setting(store, (), "kind", "database")
    for read in (_connection, _values, _rules, _roles, _grants):
        yield from read(page, store)


def _connection(page: Page, store: str) -> Iterator[Setting]:
    rows, unknown = asked(page, _SSL, store, ["tls"])
    yield from unknown
    for used, version in rows:
        yield Setting(store, (), "tls", yes(used), "pg_stat_ssl")
        if version:
            yield Setting(store, (), "tls_version", str(version), "pg_stat_ssl")


def _values(page: Page, store: str) -> Iterator[Setting]:
    rows, unknown = asked(page, _VALUES, store, ["tls_offered", "tls_minimum"])
    yield from unknown
    found = {str(name): str(value) for name, value in rows}
    if "ssl" in found:
        yield Setting(store, (), "tls_offered", yes(found["ssl"]), "ssl")
    if found.get("ssl_min_protocol_version"):
        yield Setting(store, (), "tls_minimum", found["ssl_min_protocol_version"], "ssl_min_protocol_version")
    if "log_statement" in found:
        logged = (
            found["log_statement"] in ("all", "mod") or found.get("log_min_duration_statement", "-1") != "-1"
        )
        yield Setting(
            store, (), "statements_logged", yes(logged), "log_statement, log_min_duration_statement"
        )


def _rules(page: Page, store: str) -> Iterator[Setting]:
    rows, unknown = asked(page, _RULES, store, ["tls_required", "plaintext_rule", "passwordless_rule"])
    if unknown:
        yield from unknown
        return
    plain: set[str] = set()
    bare: set[str] = set()
    for kind, address, mask, method in rows:
        network = from_where(str(address or ""), str(mask or ""))
        if kind == "local" or network == "this machine":
            continue
        if method == "trust":
            bare.add(network)
        if kind in ("host", "hostnossl") and method != "reject":
            plain.add(network)
    yield Setting(store, (), "tls_required", NO if plain else YES, "pg_hba_file_rules")
    yield from (
        Setting(store, (), "plaintext_rule", network, "pg_hba_file_rules") for network in sorted(plain)
    )
    yield from (
        Setting(store, (), "passwordless_rule", network, "pg_hba_file_rules") for network in sorted(bare)
    )


def from_where(address: str, mask: str = "") -> str:
    """`anywhere`, `this machine`, `a private network` or `a network`: the address itself tells too much."""
    if address in ("all", ""):
        return "anywhere"
    try:
        bits = f"/{int(ipaddress.ip_address(mask)).bit_count()}" if mask else ""
        network = ipaddress.ip_network(address + bits, strict=False)
    except ValueError:
        return "this machine" if address in ("localhost", "samehost") else "a network"
    if network.prefixlen == 0:
        return "anywhere"
    if network.is_loopback:
        return "this machine"
    return "a private network" if network.is_private else "a network"


def _roles(page: Page, store: str) -> Iterator[Setting]:
    rows, unknown = asked(page, _ROLES, store, ["superuser", "bypasses_row_security"])
    yield from unknown
    for role, everything, bypasses in rows:
        if everything:
            yield Setting(store, (), "superuser", str(role), "pg_roles")
        elif bypasses:
            yield Setting(store, (), "bypasses_row_security", str(role), "pg_roles")


def _grants(page: Page, store: str) -> Iterator[Setting]:
    rows, unknown = asked(page, _GRANTS, store, ["grant"])
    yield from unknown
    for schema, table, role, privileges in rows:
        yield Setting(store, (str(schema), str(table)), "grant", str(role), str(privileges))
