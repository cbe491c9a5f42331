"""The rules of JUnit XML that CI servers share, after the schema of the Apache Ant task and that of Jenkins.

Ant's is the stricter in attributes and order, Jenkins' in what a test case may hold; this is both at once.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

#: Attributes of each element: their names, and what their values have to fit.
NUMBER, TOKEN = r"\d+", r"\S(.*\S)?"
ATTRIBUTES = {
    "testsuites": {},
    "testsuite": {
        "id": NUMBER,
        "package": TOKEN,
        "name": TOKEN,
        "hostname": TOKEN,
        "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
        "tests": NUMBER,
        "failures": NUMBER,
        "errors": NUMBER,
        "skipped": NUMBER,
        "time": r"\d+(\.\d+)?",
    },
    "properties": {},
    "property": {"name": TOKEN, "value": ".*"},
    "testcase": {"classname": TOKEN, "name": TOKEN, "time": r"\d+(\.\d+)?"},
    "failure": {"message": ".+", "type": TOKEN},
    "error": {"message": ".+", "type": TOKEN},
    "skipped": {"message": ".+"},
    "system-out": {},
    "system-err": {},
}
CHILDREN = {
    "testsuites": r"(testsuite )*",
    "testsuite": r"properties (testcase )*system-out system-err ",
    "properties": r"(property )*",
    "testcase": r"((failure|error|skipped) )?",
}


def faults(text: str) -> list[str]:
    """What in a document breaks the rules; nothing if it is valid."""
    root = ET.fromstring(text)
    found = [] if root.tag == "testsuites" else [f"the root is {root.tag}"]
    for node in root.iter():
        wanted = ATTRIBUTES.get(node.tag, {})
        if set(node.attrib) != set(wanted):
            found.append(f"{node.tag}: attributes {sorted(set(node.attrib) ^ set(wanted))}")
        found += [
            f"{node.tag}: {name}={node.attrib.get(name)!r}"
            for name, pattern in wanted.items()
            if not re.fullmatch(pattern, node.attrib.get(name, ""), re.DOTALL)
        ]
        children = "".join(f"{child.tag} " for child in node)
        if not re.fullmatch(CHILDREN.get(node.tag, ""), children):
            found.append(f"{node.tag}: children {children}")
    for suite in root.iter("testsuite"):
        cases = suite.findall("testcase")
        counted = {"tests": len(cases)}
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            counted[name] = sum(case.find(tag) is not None for case in cases)
        found += [f"{name} is not {n}" for name, n in counted.items() if suite.get(name) != str(n)]
    ids = [suite.get("id") for suite in root.iter("testsuite")]
    return found + ([] if ids == [str(n) for n in range(len(ids))] else [f"ids {ids}"])
