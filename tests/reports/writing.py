"""Helpers of the reports' tests."""

from __future__ import annotations

import io
import json
from functools import cache
from importlib import resources

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from pii_scan import plugins
from tests.shared_data import shared

FORMATS = ("terminal", "json", "markdown", "sarif", "junit", "html", "openlineage")
KINDS = ("inventory", "check", "lineage", "all")


def written(name: str, inventory, **options: str) -> str:
    """The report as text, through the same door as the command line's."""
    out = io.StringIO()
    plugins.get("reports", name).write(inventory, out, options)
    return out.getvalue()


@cache
def naughty() -> list[str]:
    """The 515 naughty strings, and what they lack: escapes, surrogates, terminal and bidi controls."""
    import tarfile

    with tarfile.open(shared("bad-inputs", "naughty-strings.tar.gz")) as archive:
        member = next(m for m in archive.getmembers() if m.name.endswith("blns.json"))
        listed = json.load(archive.extractfile(member))
    extra = [
        "\x1b]52;c;cHduZWQ=\x07",
        "\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\",
        "\x1b[2J",
        "\x9b31m",
        "a\rb",
        "a\nb\tc",
        "\ud800 lone",
        "\u202eevil",
        "\u061c",
        "\u2066x\u2069",
        "\x7f",
        "[red]markup[/red]",
        "[link=https://example.com]x[/link]",
        ":smile:",
        "| a | b |",
        "a\\|b",
        "`code` |",
        "![x](https://example.com/x.png)",
        "[x](javascript:alert(1))",
        "<https://example.com>",
        "@everyone",
        "#1",
        "https://example.com www.example.com",
        "</style><script>alert(1)</script>",
        "{{ 7 * 7 }}",
        "{% raw %}",
        "-->",
        "]]>",
        "</svg>",
        "</title><script>",
        '" onmouseover="alert(1)',
        "javascript:alert(1)",
    ]
    return [*listed, *extra]


@cache
def validator(name: str) -> Draft202012Validator:
    """The validator of a shipped schema (`inventory`, `check`); the others are known to it."""
    schemas = {
        n: json.loads(resources.files("reports").joinpath("schema", f"{n}.schema.json").read_text())
        for n in ("inventory", "check")
    }
    registry = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in schemas.values())
    Draft202012Validator.check_schema(schemas[name])
    return Draft202012Validator(schemas[name], registry=registry)
