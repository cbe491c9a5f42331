"""The JSON Schema: complete, described, and of one mind with what is loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from pii_scan.config.load import schema
from pii_scan.config.schema import Config, ScanConfig, SourceConfig

from .test_load import FULL


def properties(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        for name, child in node.get("properties", {}).items():
            yield f"{path}.{name}", child
        for name, child in node.items():
            yield from properties(child, f"{path}.{name}")


def plain(text: str) -> Any:
    """The data as JSON has it: dates are texts."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


def test_the_schema_is_one_and_names_itself():
    made = schema()
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["$id"] == "urn:pii-scan:schema:config:1"
    assert made["title"] == "pii-scan configuration"
    assert made["additionalProperties"] is False


def test_every_key_is_described():
    made = schema()
    found = list(properties(made))
    assert len(found) > 30
    for name, node in found:
        referred = made["$defs"].get(node.get("$ref", "").rpartition("/")[2], {})
        assert node.get("description") or referred.get("description"), name


def test_the_documented_example_is_valid():
    jsonschema.validate(plain(FULL), schema())


@pytest.mark.parametrize(
    "text",
    [
        "nonsense: 1",
        "version: 2",
        "scan: {rows: 0}",
        "scan: {rows: '5'}",
        "sources: [{path: x}]",
        "exports: [x]",
    ],
)
def test_the_schema_and_the_loader_refuse_the_same(text):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain(text), schema())
    with pytest.raises(ValidationError):
        Config.model_validate(plain(text))


def test_a_configuration_does_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        ScanConfig().rows = 5


def test_errors_of_the_model_quote_no_input():
    with pytest.raises(ValidationError) as caught:
        SourceConfig(name="a", url="postgresql://u:hunter2@h/d", path=Path("x"))
    assert "hunter2" not in str(caught.value)
