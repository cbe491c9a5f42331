"""The parts of SARIF 2.1.0 that we write, as a strict schema of our own (after the standard's text).

Sections: 3.14 run, 3.20 invocation, 3.27 result, 3.28 location, 3.35 suppression, 3.49 reportingDescriptor.
"""

from __future__ import annotations

from typing import Any


def thing(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
    }


def many(item: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": item, **more}


TEXT = {"type": "string", "minLength": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = thing("text", text={"type": "string", "minLength": 1, "maxLength": 1_000})
ARTIFACT = thing("uri", uri={"type": "string", "pattern": r"^[A-Za-z0-9%._~/-]+$"})
REGION = thing("startLine", startLine={"type": "integer", "minimum": 1})
LOCATION = thing(
    "physicalLocation",
    physicalLocation=thing("artifactLocation region", artifactLocation=ARTIFACT, region=REGION),
    logicalLocations=many(
        thing("fullyQualifiedName kind", fullyQualifiedName=TEXT, kind={"enum": ["member", "resource"]})
    ),
)
SUPPRESSION = thing(
    "kind",
    kind={"enum": ["inSource", "external"]},
    status={"enum": ["accepted", "underReview", "rejected"]},
    justification=TEXT,
)
RESULT = thing(
    "ruleId ruleIndex level kind message locations partialFingerprints",
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    kind={"enum": ["fail", "open", "notApplicable", "review"]},
    message=MESSAGE,
    locations=many(LOCATION, maxItems=100),
    partialFingerprints=thing(
        "piiScanFinding/v1", **{"piiScanFinding/v1": {"type": "string", "pattern": "^[0-9a-f]{16}$"}}
    ),
    properties={"type": "object", "additionalProperties": {"type": "string"}},
    baselineState={"enum": ["new", "unchanged", "updated", "absent"]},
    suppressions=many(SUPPRESSION, minItems=1),
)
RULE = thing(
    "id shortDescription help defaultConfiguration properties",
    id=TEXT,
    shortDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=thing("level", level=LEVEL),
    properties=thing(
        "tags",
        tags=many(TEXT, maxItems=10, uniqueItems=True),
        **{"security-severity": {"type": "string", "pattern": r"^(10\.0|\d\.\d)$"}},
    ),
)
NOTIFICATION = thing("level message", level=LEVEL, message=MESSAGE)
INVOCATION = thing(
    "executionSuccessful",
    executionSuccessful={"type": "boolean"},
    toolExecutionNotifications=many(NOTIFICATION),
)
RUN = thing(
    "tool results automationDetails columnKind invocations",
    tool=thing("driver", driver=thing("name rules", name=TEXT, version=TEXT, rules=many(RULE))),
    automationDetails=thing("id", id={"type": "string", "pattern": "/$"}),
    columnKind={"const": "unicodeCodePoints"},
    invocations=many(INVOCATION),
    results=many(RESULT, maxItems=25_000),
)
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **thing(
        "$schema version runs",
        **{"$schema": TEXT, "version": {"const": "2.1.0"}, "runs": many(RUN, minItems=1, maxItems=20)},
    ),
}
