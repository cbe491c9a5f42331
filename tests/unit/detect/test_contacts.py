"""Hosts of recipients in texts: what names them, and what only looks like it."""

from __future__ import annotations

import pytest

from pii_scan.core.lineage import Processor
from pii_scan.detect.contacts import Contacts

OWN = Processor("our-payments", "Ours", hosts=("Pay.Stripe.com",))
BOOKS = Processor("books", "Books", hosts=("b\u00fccher.example",))
STRIPE = Processor("stripe", "Stripe", hosts=("stripe.com", "pay.stripe.com"))
CONTACTS = Contacts((OWN, BOOKS, STRIPE))
LONG = ".".join("abcdefghijkl")


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("POST https://API.STRIPE.com:443/v1/charges 200", {"stripe"}),
        ("dns query api.stripe.com. IN A", {"stripe"}),
        (f"CONNECT {LONG}.stripe.com:443", {"stripe"}),
        ("to pay.stripe.com", {"our-payments"}),
        ("to api.xn--bcher-kva.example", {"books"}),
    ],
)
def test_hosts_are_told(text: str, owners: set[str]) -> None:
    assert CONTACTS.of(text) == owners


@pytest.mark.parametrize(
    "text",
    [
        "https://stripe.com.evil.example/pay",
        f"https://{LONG}.stripe.com.evil.example/pay",
        *(f"https://{LONG[: 2 * n - 1]}.stripe.com.evil.example/pay" for n in range(1, 12)),
        "https://notstripe.com/",
        "https://api-stripe.com/",
        "write to ann@stripe.com",
        "https://stripe.com@evil.example/",
        "https://stripe.com-evil.example/",
        "https://\u0455tripe.com/",
    ],
)
def test_look_alikes_are_nobodys(text: str) -> None:
    assert CONTACTS.of(text) == set()
