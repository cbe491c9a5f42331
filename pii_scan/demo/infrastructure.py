"""The infrastructure as Terraform's state knows it: databases, a snapshot, buckets, a listener."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .files import pretty, put

_US, _EU = "us-east-1", "eu-west-1"


def write(folder: Path, kept: bool = False) -> None:
    put(folder / "state.json", pretty(state(kept)))


def state(kept: bool) -> dict[str, Any]:
    """A state of version 4; what is broken in it is listed in `data/truth.yaml`."""
    resources = [
        _resource("aws_db_instance", "app", **_database("app", _US)),
        _resource("aws_db_instance", "replica", **_database("replica", _US if kept else _EU)),
        _resource("aws_db_instance", "reports", **_database("reports", _US, opened=not kept)),
        _resource(
            "aws_security_group",
            "office",
            id="sg-1",
            ingress=[{"from_port": 5432, "to_port": 5432, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}],
        ),
        _resource(
            "aws_db_snapshot",
            "nightly",
            db_snapshot_arn=f"arn:aws:rds:{_US}:000000000000:snapshot:nightly",
            db_instance_identifier="app",
            encrypted=kept,
        ),
        _resource("aws_s3_bucket", "uploads", bucket="horalune-uploads", region=_US, acl="public-read"),
        _resource(
            "aws_s3_bucket",
            "handover",
            bucket="horalune-handover",
            region=_US,
            acl="private" if kept else "public-read",
        ),
        _resource(
            "aws_lb_listener", "web", protocol="HTTPS", ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06"
        ),
        _listener(kept),
    ]
    return {"version": 4, "terraform_version": "1.9.5", "serial": 7, "resources": resources}


def _database(name: str, region: str, opened: bool = False) -> dict[str, Any]:
    return {
        "identifier": name,
        "arn": f"arn:aws:rds:{region}:000000000000:db:{name}",
        "engine": "postgres",
        "port": 5432,
        "storage_encrypted": True,
        "publicly_accessible": opened,
        "vpc_security_group_ids": ["sg-1"] if opened else [],
        "backup_retention_period": 14,
    }


def _listener(kept: bool) -> dict[str, Any]:
    """The old door: it should send people to HTTPS, and lets them in instead."""
    action: dict[str, Any] = {"type": "forward"}
    if kept:
        action = {"type": "redirect", "redirect": [{"protocol": "HTTPS", "port": "443"}]}
    return _resource("aws_lb_listener", "plain", protocol="HTTP", default_action=[action])


def _resource(kind: str, name: str, **attributes: Any) -> dict[str, Any]:
    return {"mode": "managed", "type": kind, "name": name, "instances": [{"attributes": attributes}]}
