"""The grammar of secret references."""

from __future__ import annotations

import pytest

from pii_scan.core.errors import ConfigError
from pii_scan.core.reference import Reference, blank, references


def test_references_with_their_places():
    text = "postgresql://u:${env:DB_PW}@${file:/run/host}/x"
    assert references(text) == (
        Reference("env", "DB_PW", 15, 27),
        Reference("file", "/run/host", 28, 45),
    )
    assert blank(text) == "postgresql://u:" + "\0" * 12 + "@" + "\0" * 17 + "/x"
    assert references("plain $HOME {x}") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${evn:X}", "a.yaml:1:2: a reference of an unknown kind; did you mean '${env:…}'?"),
        (
            "${vault:X}",
            "a.yaml:1:2: a reference of an unknown kind; known: ${env:…}, ${file:…}, ${keyring:…}",
        ),
        ("${env}", "a.yaml:1:2: a reference without a name: '${env}'; write ${env:…}"),
        ("${env: }", "a.yaml:1:2: a reference without a name: '${env}'; write ${env:…}"),
    ],
)
def test_malformed_references_are_named(text, message):
    with pytest.raises(ConfigError) as caught:
        references(text, "a.yaml:1:2")
    assert str(caught.value) == message
