"""Spellings of hosts, honest and hostile."""

from __future__ import annotations

import pytest

from pii_scan.core.hosts import host_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("API.Stripe.com.:443", "api.stripe.com"),
        (" api.stripe.com ", "api.stripe.com"),
        ("*.zendesk.com", "zendesk.com"),
        (".zendesk.com", "zendesk.com"),
        ("ＳＴＲＩＰＥ.com", "stripe.com"),
        ("stripe。com", "stripe.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("XN--bcher-kva.example", "xn--bcher-kva.example"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("localhost:8080", "localhost"),
    ],
)
def test_spellings_of_a_host(text: str, name: str) -> None:
    assert host_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "stripe..com",
        "stripe.com..",
        "stripe.com@evil.example",
        "stripe.com:443@evil.example",
        "evil.example/stripe.com",
        "evil.example\\stripe.com",
        "stripe.com%2eevil.example",
        "stripe.com#evil.example",
        "stripe.com?evil.example",
        "stripe.com evil.example",
        "stripe.com\nevil.example",
        "stripe.com:evil",
        "stripe.com:99999999",
        "[::1]:443",
        "-stripe.com",
        "a" * 64 + ".com",
        ".".join(["abcdefgh"] * 40),
        "\ud800.com",
        "stripe\0.com",
    ],
)
def test_what_is_more_or_less_than_a_host_is_none(text: str) -> None:
    assert host_name(text) == ""


def test_a_name_in_another_script_is_another_host() -> None:
    assert host_name("\u0455tripe.com").startswith("xn--")
