"""Resources of Google Cloud and Azure, by the attributes that their Terraform providers document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pii_scan.core.setting import NO, UNKNOWN, YES, yes

from .facts import Fact, Resource

#: Both encrypt what they store whatever is configured.
_GOOGLE: Final = {
    "google_sql_database_instance": ("database", "region"),
    "google_spanner_instance": ("database", "config"),
    "google_bigquery_dataset": ("warehouse", "location"),
    "google_storage_bucket": ("bucket", "location"),
    "google_compute_disk": ("volume", "zone"),
    "google_compute_snapshot": ("snapshot", "storage_locations"),
    "google_redis_instance": ("cache", "region"),
    "google_pubsub_topic": ("queue", ""),
}
_AZURE: Final = {
    "azurerm_postgresql_flexible_server": "database",
    "azurerm_postgresql_server": "database",
    "azurerm_mysql_flexible_server": "database",
    "azurerm_mssql_server": "database",
    "azurerm_cosmosdb_account": "database",
    "azurerm_storage_account": "bucket",
    "azurerm_managed_disk": "volume",
    "azurerm_snapshot": "snapshot",
    "azurerm_redis_cache": "cache",
}


def facts(resource: Resource) -> Iterator[Fact]:
    """What one resource says; nothing for one of another kind."""
    if resource.kind in _GOOGLE:
        yield from _google(resource)
    elif resource.kind in _AZURE:
        yield from _azure(resource)


def _google(resource: Resource) -> Iterator[Fact]:
    kind, place = _GOOGLE[resource.kind]
    yield Fact("kind", "replica" if resource.text("master_instance_name") else kind, resource.kind)
    yield Fact("provider", "gcp", resource.kind)
    found = resource.get(place) if place else None
    region = str(found[0]) if isinstance(found, list) and found else resource.text(place) if place else ""
    yield Fact("region", region.rpartition("/")[2].lower() or UNKNOWN, place)
    yield Fact("encrypted", YES, "by the provider, whatever is configured")
    if resource.text("master_instance_name"):
        yield Fact("copy_of", resource.text("master_instance_name"), "master_instance_name")
    if resource.kind == "google_sql_database_instance":
        yield from _cloud_sql(resource)
    if resource.kind == "google_storage_bucket":
        prevented = resource.text("public_access_prevention") == "enforced"
        yield Fact("public", NO if prevented else UNKNOWN, "public_access_prevention")


def _cloud_sql(resource: Resource) -> Iterator[Fact]:
    network = ("settings", "ip_configuration")
    mode = resource.text(*network, "ssl_mode")
    required = "ENCRYPTED_ONLY" in mode or "CERTIFICATE_REQUIRED" in mode
    yield Fact("tls_required", yes(required or bool(resource.get(*network, "require_ssl"))), "ssl_mode")
    networks = resource.get(*network, "authorized_networks")
    entries = networks if isinstance(networks, list) else []
    open_ = any(isinstance(one, dict) and one.get("value") == "0.0.0.0/0" for one in entries)
    yield Fact("public", yes(open_), "authorized_networks")


def _azure(resource: Resource) -> Iterator[Fact]:
    yield Fact("kind", _AZURE[resource.kind], resource.kind)
    yield Fact("provider", "azure", resource.kind)
    yield Fact("region", resource.text("location").replace(" ", "").lower() or UNKNOWN, "location")
    yield Fact("encrypted", YES, "by the provider, whatever is configured")
    if resource.kind == "azurerm_storage_account":
        public = resource.get("allow_nested_items_to_be_public")
        yield Fact("public", yes(public), "allow_nested_items_to_be_public")
        secure = (
            resource.get(
                "https_traffic_only_enabled",
            ),
            resource.get("enable_https_traffic_only"),
        )
        told = next((value for value in secure if value is not None), None)
        yield Fact("tls_required", yes(told), "https_traffic_only_enabled")
    for name in ("min_tls_version", "minimum_tls_version", "ssl_minimal_tls_version_enforced"):
        version = resource.text(name)
        if version:
            digits = version.upper().removeprefix("TLS").replace("_", ".").removeprefix("V")
            yield Fact("tls_minimum", f"TLSv{digits}", name)
    if resource.get("ssl_enforcement_enabled") is not None:
        yield Fact("tls_required", yes(resource.get("ssl_enforcement_enabled")), "ssl_enforcement_enabled")
    if resource.get("non_ssl_port_enabled") is not None or resource.get("enable_non_ssl_port") is not None:
        plain = resource.get("non_ssl_port_enabled") or resource.get("enable_non_ssl_port")
        yield Fact("tls_required", yes(not plain), "non_ssl_port_enabled")
