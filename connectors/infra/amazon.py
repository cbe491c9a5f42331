"""Resources of Amazon Web Services, by the attributes that its Terraform provider documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from pii_scan.core.setting import NO, UNKNOWN, YES, yes

from .facts import Fact, Resource

if TYPE_CHECKING:
    from .terraform import World

#: What a resource is, and the attribute that says whether it is encrypted (nothing: it always is).
_KINDS: Final[dict[str, tuple[str, str]]] = {
    "aws_db_instance": ("database", "storage_encrypted"),
    "aws_rds_cluster": ("database", "storage_encrypted"),
    "aws_rds_cluster_instance": ("database", "storage_encrypted"),
    "aws_docdb_cluster": ("database", "storage_encrypted"),
    "aws_neptune_cluster": ("database", "storage_encrypted"),
    "aws_dynamodb_table": ("database", ""),
    "aws_redshift_cluster": ("warehouse", "encrypted"),
    "aws_db_snapshot": ("snapshot", "encrypted"),
    "aws_db_snapshot_copy": ("snapshot", "encrypted"),
    "aws_db_cluster_snapshot": ("snapshot", "storage_encrypted"),
    "aws_ebs_snapshot": ("snapshot", "encrypted"),
    "aws_ebs_snapshot_copy": ("snapshot", "encrypted"),
    "aws_ebs_volume": ("volume", "encrypted"),
    "aws_efs_file_system": ("volume", "encrypted"),
    "aws_s3_bucket": ("bucket", ""),
    "aws_elasticache_replication_group": ("cache", "at_rest_encryption_enabled"),
    "aws_elasticache_cluster": ("cache", ""),
    "aws_sqs_queue": ("queue", ""),
    "aws_kinesis_stream": ("queue", "encryption_type"),
    "aws_opensearch_domain": ("search", "encrypt_at_rest.enabled"),
    "aws_elasticsearch_domain": ("search", "encrypt_at_rest.enabled"),
    "aws_lb": ("load_balancer", ""),
    "aws_alb": ("load_balancer", ""),
}
#: Stores that Amazon encrypts whatever is configured (S3 since January 2023).
_ALWAYS: Final = frozenset(("aws_dynamodb_table", "aws_s3_bucket"))
_ARN: Final = re.compile(r"arn:aws[\w-]*:[\w-]+:([a-z]{2}(?:-[a-z]+)+-\d)?:")
_ZONE: Final = re.compile(r"([a-z]{2}(?:-[a-z]+)+-\d)[a-z]?")
_OLD_TLS: Final = re.compile(r"TLS-?1-?[01](?!\d)|2016-08|2015-05", re.IGNORECASE)
_REPLICA_OF: Final = ("replicate_source_db", "replication_source_identifier")
_SNAPSHOT_OF: Final = (
    "db_instance_identifier", "db_cluster_identifier", "source_db_snapshot_identifier", "volume_id",
)  # fmt: skip
_DATABASE_PORTS: Final = (1433, 1521, 3306, 5432, 5439, 6379, 9200, 11211, 27017)


def facts(resource: Resource, world: World) -> Iterator[Fact]:
    """What one resource says; nothing for one that holds no data and opens no door."""
    if resource.kind in _KINDS:
        kind, encryption = _KINDS[resource.kind]
        master = _first(resource, _REPLICA_OF) if kind == "database" else ""
        yield Fact("kind", "replica" if master else kind, resource.kind)
        yield Fact("provider", "aws", resource.kind)
        yield Fact("region", _region(resource) or UNKNOWN, "arn, region or availability zone")
        origin = master or (_first(resource, _SNAPSHOT_OF) if kind == "snapshot" else "")
        if origin:
            yield Fact("copy_of", origin.rpartition(":")[2], resource.kind)
        yield from _encrypted(resource, encryption)
        yield from _public(resource, world)
        if isinstance(resource.get("backup_retention_period"), int):
            days = str(resource.get("backup_retention_period"))
            yield Fact("backup_days", days, "backup_retention_period")
        if resource.get("transit_encryption_enabled") is not None:
            required = yes(resource.get("transit_encryption_enabled"))
            yield Fact("tls_required", required, "transit_encryption_enabled")
    elif resource.kind in ("aws_lb_listener", "aws_alb_listener"):
        yield from _listener(resource)
    elif resource.kind == "aws_db_parameter_group":
        yield from _parameters(resource)


def _first(resource: Resource, names: Sequence[str]) -> str:
    return next(filter(None, map(resource.text, names)), "")


def _region(resource: Resource) -> str:
    for name in ("region", "bucket_region"):
        if resource.text(name):
            return resource.text(name)
    arn = _ARN.match(resource.text("arn") or resource.text("db_snapshot_arn"))
    if arn and arn[1]:
        return arn[1]
    zones = resource.get("availability_zones")
    zone = resource.text("availability_zone") or (zones[0] if isinstance(zones, list) and zones else "")
    found = _ZONE.fullmatch(zone) if isinstance(zone, str) else None
    return found[1] if found else ""


def _encrypted(resource: Resource, attribute: str) -> Iterator[Fact]:
    if resource.kind in _ALWAYS:
        yield Fact("encrypted", YES, "by the provider, whatever is configured")
    elif attribute == "encryption_type":
        yield Fact("encrypted", yes(resource.text(attribute) == "KMS"), attribute)
    elif attribute:
        value = resource.get(*attribute.split("."))
        # What is left out of a plan is not switched on.
        yield Fact("encrypted", yes(bool(value)), attribute)


def _public(resource: Resource, world: World) -> Iterator[Fact]:
    if resource.kind == "aws_s3_bucket":
        yield _bucket_public(resource, world)
    elif resource.get("publicly_accessible") is not None:
        reachable = bool(resource.get("publicly_accessible"))
        opened = reachable and _opened(resource, world)
        detail = "publicly_accessible and the rules of its security groups"
        yield Fact("public", yes(opened) if opened or not reachable else UNKNOWN, detail)
    elif resource.kind in ("aws_db_snapshot", "aws_db_cluster_snapshot"):
        shared = resource.get("shared_accounts")
        yield Fact("public", yes(isinstance(shared, list) and "all" in shared), "shared_accounts")


def _bucket_public(bucket: Resource, world: World) -> Fact:
    names = (bucket.text("bucket"), bucket.text("id"))
    for block in world.about("aws_s3_bucket_public_access_block", "bucket", *names):
        flags = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
        if all(block.get(flag) is True for flag in flags):
            return Fact("public", NO, "aws_s3_bucket_public_access_block")
    acls = [bucket.text("acl"), *(r.text("acl") for r in world.about("aws_s3_bucket_acl", "bucket", *names))]
    if any(acl.startswith("public-") or acl == "authenticated-read" for acl in acls):
        return Fact("public", YES, "acl")
    policies = [bucket.text("policy")]
    policies += [r.text("policy") for r in world.about("aws_s3_bucket_policy", "bucket", *names)]
    if any(map(_lets_anyone, policies)):
        return Fact("public", YES, "bucket policy")
    if any(world.about("aws_s3_bucket_website_configuration", "bucket", *names)):
        return Fact("public", UNKNOWN, "a website without a block of public access")
    return Fact("public", NO, "neither acl nor policy lets anyone in")


def _lets_anyone(policy: str) -> bool:
    """True if a statement allows every principal, without a condition."""
    try:
        document = json.loads(policy) if policy else {}
    except ValueError:
        return False
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    for statement in statements if isinstance(statements, list) else [statements]:
        if (
            not isinstance(statement, dict)
            or statement.get("Effect") != "Allow"
            or statement.get("Condition")
        ):
            continue
        principal = statement.get("Principal")
        named = principal.get("AWS") if isinstance(principal, dict) else principal
        if named == "*" or (isinstance(named, list) and "*" in named):
            return True
    return False


def _opened(resource: Resource, world: World) -> bool:
    """True if a security group of it lets anyone reach its port."""
    groups = resource.get("vpc_security_group_ids")
    ids = {group for group in groups if isinstance(group, str)} if isinstance(groups, list) else set()
    port = resource.get("port")
    for group in world.of("aws_security_group"):
        if group.text("id") in ids and any(_anyone(rule, port) for rule in _rules(group.get("ingress"))):
            return True
    for rule in world.of("aws_security_group_rule"):
        if (
            rule.text("security_group_id") in ids
            and rule.text("type") == "ingress"
            and _anyone(rule.values, port)
        ):
            return True
    for rule in world.of("aws_vpc_security_group_ingress_rule"):
        if rule.text("security_group_id") in ids and rule.text("cidr_ipv4") == "0.0.0.0/0":
            return _covers(rule.values, port)
    return False


def _rules(value: Any) -> list[Any]:
    return [rule for rule in value if isinstance(rule, dict)] if isinstance(value, list) else []


def _anyone(rule: Any, port: Any) -> bool:
    networks = [*(rule.get("cidr_blocks") or []), *(rule.get("ipv6_cidr_blocks") or [])]
    return any(network in ("0.0.0.0/0", "::/0") for network in networks) and _covers(rule, port)


def _covers(rule: Any, port: Any) -> bool:
    low, high = rule.get("from_port"), rule.get("to_port")
    if not isinstance(low, int) or not isinstance(high, int) or str(rule.get("protocol")) == "-1":
        return True
    ports = (port,) if isinstance(port, int) and port else _DATABASE_PORTS
    return any(low <= one <= high for one in ports)


def _listener(listener: Resource) -> Iterator[Fact]:
    protocol = listener.text("protocol").upper()
    if not protocol:
        return
    yield Fact("kind", "load_balancer", listener.kind)
    yield Fact("provider", "aws", listener.kind)
    redirects = listener.text("default_action", "type") == "redirect"
    secure = protocol in ("HTTPS", "TLS") or (
        redirects and listener.text("default_action", "redirect", "protocol").upper() == "HTTPS"
    )
    yield Fact("tls_required", yes(secure), "protocol and default_action")
    policy = listener.text("ssl_policy")
    if policy:
        yield Fact("tls_minimum", "TLSv1.0" if _OLD_TLS.search(policy) else "TLSv1.2", "ssl_policy")


def _parameters(group: Resource) -> Iterator[Fact]:
    for parameter in _rules(group.get("parameter")):
        if parameter.get("name") in ("rds.force_ssl", "require_secure_transport"):
            yield Fact("tls_required", yes(str(parameter.get("value"))), str(parameter["name"]))
