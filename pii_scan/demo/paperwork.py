"""What the company writes down: its policy in two languages, the declared list, the configuration."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from pathlib import Path
from typing import Any

from . import registers, resources
from .clock import AS_OF
from .company import Company
from .files import put
from .keys import key

#: The declared list quotes this text; the other language makes the same promises.
LANGUAGE = "en"
_LANGUAGES = ("en", "fr")
_SERVED = {"region": "us-east-1", "purpose": "service"}


def write(company: Company, directory: Path, into: str | None, kept: bool = False) -> None:
    for language in _LANGUAGES:
        put(directory / "privacy" / f"policy.{language}.txt", resources.text(f"policy.{language}.txt"))
    put(directory / "sharing.yaml", dump(sharing(LANGUAGE, kept)))
    registers.write(company, directory / "registers", kept)
    _private(directory / ".pii-scan" / "key", key(company).secret.hex())
    if into:
        _private(directory / ".pii-scan" / "app-url", into)
    put(directory / "pii-scan.yaml", dump(configuration(company, into, kept)))


def dump(document: dict[str, Any]) -> str:
    """As YAML, one flow-style line for each innermost mapping."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 4096
    yaml.allow_unicode = True
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _private(path: Path, secret: str) -> None:
    put(path, secret + "\n")
    path.chmod(0o600)
    path.parent.chmod(0o700)


def configuration(company: Company, into: str | None, kept: bool = False) -> dict[str, Any]:
    """`pii-scan.yaml`: six sources; undeclared exports are told from their headers, but one."""
    where = "${file:.pii-scan/app-url}" if into else "sqlite:///app.db"
    return {
        "version": 1,
        "inventory": ".pii-scan/inventory.db",
        "key": "${file:.pii-scan/key}",
        "sharing": "sharing.yaml",
        "exports": [] if kept else [{"match": "exports/sift/*", "recipient": "sift"}],
        "scan": {"mode": "full", "seed": company.seed, "as_of": AS_OF},
        "sources": [
            {"name": "app", "url": where, "owner": "platform", "region": "us-east-1", "purpose": "service"},
            {
                "name": "logs",
                "path": "logs",
                "kind": "logs",
                "owner": "platform",
                "region": "us-east-1",
                "purpose": "service",
            },
            {
                "name": "exports",
                "path": "exports",
                "kind": "files",
                "owner": "operations",
                "region": "us-east-1",
            },
            {"name": "research", "path": "research", "kind": "files", **_SERVED, "purpose": "improve"},
            {"name": "registers", "path": "registers", "kind": "registers", "owner": "legal", **_SERVED},
            {"name": "infra", "path": "infra", "kind": "infra", "owner": "platform", **_SERVED},
        ],
    }


def sharing(language: str, kept: bool = False) -> dict[str, Any]:
    """`sharing.yaml`: every promise with its words and their place in the text of that language."""
    source = resources.text(f"policy.{language}.txt")
    listed = resources.document("claims.yaml")
    if kept:
        _renew(listed)
    return {
        "version": 1,
        "policy": {
            "id": "horalune-2025-03-01",
            "lang": language,
            "source": f"privacy/policy.{language}.txt",
            "sha256": hashlib.sha256(source.encode("utf-8")).hexdigest(),
            "effective": "2025-03-01",
        },
        "defaults": {"world": "closed"},
        "recipients": listed["recipients"],
        "claims": [_claim(claim, language, " ".join(source.split())) for claim in listed["claims"]],
    }


def _renew(listed: dict[str, Any]) -> None:
    """Certificates are in date, and what is studied is under a period."""
    for recipient in listed["recipients"]:
        if "attestation" in recipient:
            recipient["attestation"]["until"] = date(2027, 6, 30)
    period = {
        "id": "R18",
        "kind": "retain",
        "data": ["dataset:feedback"],
        "max_age": "10y",
        "sources": ["data"],
    }
    listed["claims"].append(period | {"severity": "medium"})


def _claim(written: dict[str, Any], language: str, text: str) -> dict[str, Any]:
    """The claim with its quote and span; lines of the register quote nothing.

    Raises ValueError if the text does not hold the words.
    """
    claim = {key: value for key, value in written.items() if key not in _LANGUAGES}
    quote = written.get(language)
    if quote:
        start = text.index(quote)
        claim |= {"quote": quote, "span": [start, start + len(quote)]}
    return claim
