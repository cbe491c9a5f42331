"""Terraform: both forms of it, resources of three providers, kept and broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.infra.connector import CONNECTOR
from pii_scan.core.errors import SourceError
from pii_scan.testing.contract import ConnectorContract
from tests.commands import run

BLOCKED = {
    "block_public_acls": True, "block_public_policy": True,
    "ignore_public_acls": True, "restrict_public_buckets": True,
}  # fmt: skip
OPEN_POLICY = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}]})
TIED_POLICY = json.dumps(
    {
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}
        ]
    }
)


def state(*resources: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "version": 4,
        "terraform_version": "1.9.0",
        "resources": [
            {"mode": "managed", "type": kind, "name": name, "instances": [{"attributes": values}]}
            for kind, name, values in resources
        ],
    }


def shown(*resources: tuple[str, str, dict[str, Any]], key: str = "values") -> dict[str, Any]:
    """As `terraform show -json` writes a state, or a plan; the second half lies in a module."""
    entries = [
        {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name, "values": values}
        for kind, name, values in resources
    ]
    half = len(entries) // 2
    root = {"resources": entries[:half], "child_modules": [{"resources": entries[half:]}]}
    return {"format_version": "1.0", "terraform_version": "1.9.0", key: {"root_module": root}}


def told(tmp_path: Path, document: Any) -> dict[str, dict[str, str]]:
    """Settings by resource."""
    (tmp_path / "state.json").write_text(document if isinstance(document, str) else json.dumps(document))
    connector = CONNECTOR.open(CONNECTOR.config(path=str(tmp_path), name="infra"))
    found: dict[str, dict[str, str]] = {}
    for setting in connector.settings():  # type: ignore[attr-defined]
        found.setdefault(setting.path[-1], {})[setting.name] = setting.value
    connector.close()
    return found


DATABASE = {
    "arn": "arn:aws:rds:us-east-1:123456789012:db:main",
    "storage_encrypted": True,
    "publicly_accessible": False,
    "backup_retention_period": 7,
    "password": "hunter2-canary",
    "port": 5432,
}


@pytest.mark.parametrize("form", [state, shown, lambda *r: shown(*r, key="planned_values")])
def test_databases_replicas_and_snapshots(tmp_path: Path, form: Any) -> None:
    found = told(
        tmp_path,
        form(
            ("aws_db_instance", "main", DATABASE),
            ("aws_db_instance", "copy", {"replicate_source_db": "arn:aws:rds:us-east-1:1:db:main",
                                         "availability_zone": "eu-west-1b", "storage_encrypted": False}),
            ("aws_db_snapshot", "old", {"db_instance_identifier": "main", "encrypted": False,
                                        "shared_accounts": ["all"],
                                        "db_snapshot_arn": "arn:aws:rds:us-west-2:1:snapshot:x"}),
            ("aws_iam_role", "nothing", {"name": "x"}),
        ),
    )  # fmt: skip
    assert found["aws_db_instance.main"] == {
        "kind": "database", "provider": "aws", "region": "us-east-1", "encrypted": "yes", "public": "no",
        "backup_days": "7",
    }  # fmt: skip
    assert found["aws_db_instance.copy"] == {
        "kind": "replica", "provider": "aws", "region": "eu-west-1", "encrypted": "no", "copy_of": "main",
    }  # fmt: skip
    assert found["aws_db_snapshot.old"]["encrypted"] == "no"
    assert found["aws_db_snapshot.old"]["public"] == "yes"
    assert found["aws_db_snapshot.old"]["region"] == "us-west-2"
    assert "aws_iam_role.nothing" not in found


@pytest.mark.parametrize(
    ("more", "public"),
    [
        ([("aws_s3_bucket_public_access_block", "b", {"bucket": "drop", **BLOCKED})], "no"),
        ([("aws_s3_bucket_public_access_block", "b", {"bucket": "drop", **BLOCKED}),
          ("aws_s3_bucket_acl", "a", {"bucket": "drop", "acl": "public-read"})], "no"),
        ([("aws_s3_bucket_acl", "a", {"bucket": "drop", "acl": "public-read"})], "yes"),
        ([("aws_s3_bucket_acl", "a", {"bucket": "other", "acl": "public-read"})], "no"),
        ([("aws_s3_bucket_policy", "p", {"bucket": "drop", "policy": OPEN_POLICY})], "yes"),
        ([("aws_s3_bucket_policy", "p", {"bucket": "drop", "policy": TIED_POLICY})], "no"),
        ([("aws_s3_bucket_website_configuration", "w", {"bucket": "drop"})], "unknown"),
    ],
)  # fmt: skip
def test_buckets_that_anyone_may_read(tmp_path: Path, more: list[Any], public: str) -> None:
    bucket = {"bucket": "drop", "id": "drop", "region": "eu-west-3"}
    found = told(tmp_path, state(("aws_s3_bucket", "drop", bucket), *more))["aws_s3_bucket.drop"]
    assert (found["public"], found["encrypted"], found["region"]) == (public, "yes", "eu-west-3")


@pytest.mark.parametrize(
    ("rule", "public"),
    [
        ({"from_port": 5432, "to_port": 5432, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}, "yes"),
        ({"from_port": 0, "to_port": 0, "protocol": "-1", "ipv6_cidr_blocks": ["::/0"]}, "yes"),
        ({"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}, "unknown"),
        ({"from_port": 5432, "to_port": 5432, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"]}, "unknown"),
    ],
)
def test_a_database_is_public_if_its_security_group_lets_anyone_in(
    tmp_path: Path, rule: dict[str, Any], public: str
) -> None:
    database = {**DATABASE, "publicly_accessible": True, "vpc_security_group_ids": ["sg-1"]}
    group = ("aws_security_group", "db", {"id": "sg-1", "ingress": [rule]})
    assert told(tmp_path, state(("aws_db_instance", "main", database), group))["aws_db_instance.main"][
        "public"
    ] == public  # fmt: skip
    single = ("aws_security_group_rule", "db", {**rule, "security_group_id": "sg-1", "type": "ingress"})
    assert told(tmp_path, state(("aws_db_instance", "main", database), single))["aws_db_instance.main"][
        "public"
    ] == public  # fmt: skip


def test_listeners_caches_and_other_providers(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        state(
            ("aws_lb_listener", "plain", {"protocol": "HTTP", "default_action": [{"type": "forward"}]}),
            ("aws_lb_listener", "moved", {"protocol": "HTTP", "default_action": [
                {"type": "redirect", "redirect": [{"protocol": "HTTPS"}]},
                ]}),
            ("aws_lb_listener", "old", {"protocol": "HTTPS", "ssl_policy": "ELBSecurityPolicy-2016-08"}),
            ("aws_lb_listener", "new", {"protocol": "TLS", "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021"}),
            ("aws_elasticache_replication_group", "c", {"at_rest_encryption_enabled": False,
                                                        "transit_encryption_enabled": True}),
            ("google_sql_database_instance", "g", {"region": "europe-west1", "settings": [
                {"ip_configuration": [{"ssl_mode": "ENCRYPTED_ONLY",
                                       "authorized_networks": [{"value": "0.0.0.0/0"}]}]}]}),
            ("google_storage_bucket", "s", {"location": "EU", "public_access_prevention": "enforced"}),
            ("azurerm_storage_account", "a", {"location": "West Europe", "min_tls_version": "TLS1_0",
                                              "allow_nested_items_to_be_public": True,
                                              "https_traffic_only_enabled": False}),
        ),
    )  # fmt: skip
    assert found["aws_lb_listener.plain"]["tls_required"] == "no"
    assert found["aws_lb_listener.moved"]["tls_required"] == "yes"
    assert found["aws_lb_listener.old"]["tls_minimum"] == "TLSv1.0"
    assert found["aws_lb_listener.new"]["tls_minimum"] == "TLSv1.2"
    cache = found["aws_elasticache_replication_group.c"]
    assert (cache["encrypted"], cache["tls_required"]) == ("no", "yes")
    sql = found["google_sql_database_instance.g"]
    assert (sql["provider"], sql["region"], sql["tls_required"], sql["public"]) == (
        "gcp",
        "europe-west1",
        "yes",
        "yes",
    )
    assert found["google_storage_bucket.s"]["public"] == "no"
    account = found["azurerm_storage_account.a"]
    assert (account["region"], account["public"], account["tls_required"], account["tls_minimum"]) == (
        "westeurope", "yes", "no", "TLSv1.0",
    )  # fmt: skip


def test_other_json_says_nothing_and_broken_json_says_so(tmp_path: Path) -> None:
    assert told(tmp_path, {"people": [1]}) == {}
    assert told(tmp_path, {"version": 4, "resources": [{"mode": "managed"}, 7, {"instances": [3]}]}) == {}
    with pytest.raises(SourceError, match=r"state\.json is no JSON"):
        told(tmp_path, '{"version": 4,')


def test_requests_without_tls_are_counted_in_a_load_balancers_log(tmp_path: Path) -> None:
    line = (
        "{type} 2026-05-01T10:00:00.000000Z app/web/50dc6c495c0c9188 203.0.113.7:2817 10.0.0.1:80 0.0 0.0 0.0"
        ' 200 200 34 366 "GET http://a.example.com:80/ HTTP/1.1" "curl/7" {cipher} {protocol} arn:x "Root=1"'
        ' "-" "-" 0 2026-05-01T10:00:00.0Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"\n'
    )
    rows = [("http", "-", "-")] * 3 + [("https", "ECDHE", "TLSv1.2")] * 5 + [("h2", "ECDHE", "TLSv1.1")] * 2
    text = "".join(
        line.format(type=kind, cipher=cipher, protocol=protocol) for kind, cipher, protocol in rows
    )
    (tmp_path / "alb.log").write_text(text)
    (tmp_path / "app.log").write_text("2026-05-01 started\n" * 5)
    connector = CONNECTOR.open(CONNECTOR.config(path=str(tmp_path), name="infra"))
    found = {(s.path, s.name): s.value for s in connector.settings()}  # type: ignore[attr-defined]
    assert found[("alb.log",), "requests"] == "10"
    assert found[("alb.log",), "requests_plaintext"] == "3"
    assert found[("alb.log",), "requests_old_tls"] == "2"
    assert not any(path == ("app.log",) for path, _ in found)


def test_the_command_keeps_settings_and_finds_the_password_in_the_state(tmp_path: Path) -> None:
    (tmp_path / "tf").mkdir()
    (tmp_path / "tf" / "main.tfstate.json").write_text(
        json.dumps(state(("aws_db_instance", "main", DATABASE)))
    )
    (tmp_path / "pii-scan.yaml").write_text(
        "version: 1\nsources:\n  - {name: infra, path: tf, kind: infra}\n"
    )
    done = run(tmp_path, "scan", "--full", "-q")
    assert done.returncode == 0, done.stderr
    shown_ = run(tmp_path, "inventory", "settings").stdout
    assert "infra://infra/main.tfstate.json/aws_db_instance.main" in shown_
    assert "encrypted              yes" in shown_
    document = json.loads(run(tmp_path, "inventory", "export").stdout)
    assert {s["name"] for s in document["settings"]} >= {"kind", "provider", "region", "encrypted"}
    told_ = {
        d["category"] for f in document["fields"] if f["path"][-1] == "password" for d in f["detections"]
    }
    assert told_ == {"user.authorization.password"}
    assert "hunter2-canary" not in json.dumps(document) + shown_


class TestContract(ConnectorContract):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Any:
        (tmp_path / "a.json").write_text(json.dumps([{"a": n} for n in range(20)]))
        (tmp_path / "b.tfstate").write_text(json.dumps(state(("aws_db_instance", "main", DATABASE))))
        return lambda: CONNECTOR.open(CONNECTOR.config(path=str(tmp_path), name="infra"))
