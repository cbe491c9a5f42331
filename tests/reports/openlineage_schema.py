"""What OpenLineage 2-0-2 and its facets ask of an event, written from the published descriptions.

Stricter than they are where we write all: no member that is not named here may appear.
"""

from __future__ import annotations

from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_NAME: dict[str, Any] = {"type": "string", "minLength": 1}
_URI: dict[str, Any] = {"type": "string", "format": "uri", "pattern": "^[a-z][a-z0-9+.-]*:[^\\s]+$"}
_FACETS = "https://openlineage.io/spec/facets"


def _object(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": required | optional,
        "additionalProperties": False,
    }


def _facet(url: str, required: dict[str, Any]) -> dict[str, Any]:
    return _object({"_producer": _URI, "_schemaURL": {"const": url}, **required})


def _standard(version: str, name: str, required: dict[str, Any]) -> dict[str, Any]:
    return _facet(f"{_FACETS}/{version}/{name}.json#/$defs/{name}", required)


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_TRANSFORMATION = _object(
    {"type": {"enum": ["DIRECT", "INDIRECT"]}}, subtype=_TEXT, masking={"type": "boolean"}
)
_INPUT_FIELD = _object(
    {"namespace": _NAME, "name": _NAME, "field": _NAME}, transformations=_list(_TRANSFORMATION)
)
_COLUMNS = {"type": "object", "additionalProperties": _object({"inputFields": _list(_INPUT_FIELD)})}
_TAG = _object({"key": _NAME, "value": _NAME}, source=_TEXT, field=_TEXT)
_FACET_KINDS = _object(
    {},
    schema=_standard("1-2-0", "SchemaDatasetFacet", {"fields": _list(_object({"name": _NAME}, type=_TEXT))}),
    columnLineage=_standard("1-2-0", "ColumnLineageDatasetFacet", {"fields": _COLUMNS}),
    tags=_standard("1-0-0", "TagsDatasetFacet", {"tags": _list(_TAG)}),
    piiScan_disclosure={
        "type": "object",
        "required": ["_producer", "_schemaURL", "entries"],
        "properties": {"_producer": _URI, "_schemaURL": _URI},
    },
)
_DATASET = _object({"namespace": _NAME, "name": _NAME}, facets=_FACET_KINDS)

EVENT = _object(
    {
        "eventTime": {
            "type": "string",
            "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
        },
        "producer": _URI,
        "schemaURL": {"const": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"},
        "run": _object(
            {"runId": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}}
        ),
        "job": _object({"namespace": _NAME, "name": _NAME}),
    },
    eventType={"enum": ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]},
    inputs=_list(_DATASET),
    outputs=_list(_DATASET),
)
