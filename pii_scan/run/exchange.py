"""The declared list in other forms: its JSON Schema, systems of fideslang."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from ..core.category import Taxonomy
from ..core.errors import ConfigError
from ..core.promise import PROMISES
from ..data.functions import purpose_of
from ..data.load import fideslang_categories
from ..policy import claims, fides
from ..strict import load_yaml, parse_yaml
from .context import configuration
from .knowledge import unproven


def schema(config: Path | None) -> dict[str, Any]:
    """The JSON Schema of `sharing.yaml`, with the categories and promises that may stand in it."""
    made = claims.schema()
    keys = sorted(_taxonomy(config).categories)
    made["$defs"]["Category"] = {
        "anyOf": [{"enum": keys}, {"type": "string", "pattern": "^dataset:.+"}],
        "description": "A category of pii-scan categories list, or dataset:GLOB.",
    }
    for model, name in (("ClaimModel", "data"), ("RecipientModel", "needs")):
        made["$defs"][model]["properties"][name]["items"] = {"$ref": "#/$defs/Category"}
    promise = made["$defs"]["ClaimModel"]["properties"]["promise"]
    promise["anyOf"] = [{"enum": sorted(PROMISES)}, {"type": "null"}]
    return made


def exported(file: Path, config: Path | None) -> str:
    """The declared list as YAML of fideslang systems."""
    taxonomy = _taxonomy(config)
    shared = fideslang_categories()
    own = {
        key: (category.label, category.parents[0] if category.parents else "")
        for key, category in taxonomy.categories.items()
        if key not in shared
    }
    written, positions = load_yaml(file)
    sharing = claims.parsed(written, positions, taxonomy)
    return _yaml(fides.exported(sharing, written, purpose_of, own))


def imported(file: Path, config: Path | None) -> tuple[str, list[str]]:
    """A declared list from YAML of fideslang systems, and what could not be taken over.

    Raises ConfigError if the file is no such YAML, or names categories that nobody knows.
    """
    data, _ = load_yaml(file)
    try:
        made, notes = fides.imported(data)
    except (KeyError, TypeError, ValueError, AttributeError):
        hint = "it needs the key system, a list of systems with fides_key and privacy_declarations"
        raise ConfigError("no systems of fideslang", hint, str(file)) from None
    text = _yaml(made)
    claims.parsed(*parse_yaml(text, f"list made of {file.name}"), _taxonomy(config))
    return text, notes


def _taxonomy(config: Path | None) -> Taxonomy:
    return unproven(configuration(config)).taxonomy


def _yaml(data: Any) -> str:
    out = io.StringIO()
    yaml = YAML(typ="rt")
    yaml.width = 110
    yaml.representer.ignore_aliases = lambda _: True
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(data, out)
    return out.getvalue()
