"""Columns of exports: what their maker says of a header, and values that can't be what it seems to say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest

from pii_scan.core.detection import Detection
from pii_scan.core.lineage import BESIDE
from pii_scan.core.model import Dataset, Field, Store
from pii_scan.detect.engine import Engine

from .batches import batch, engine, merged, scan, told

NAME = "user.name"


@pytest.fixture(scope="module")
def detector() -> Engine:
    return engine()


def export(detector: Engine, columns: Mapping[str, Sequence[str | None]]) -> list[Detection]:
    """The detections of a file of one batch."""
    source = Dataset(Store("files", "exports"), ("events.csv",), "export")
    source = source.with_fields(*(Field(source.urn, (name,)) for name in columns))
    _, found = detector.decide(source, merged(detector, [batch(source, columns)]))
    return list(found)


def test_what_the_maker_says_of_a_header_counts_before_its_words(detector: Engine) -> None:
    columns: dict[str, Sequence[str | None]] = {
        "event_type": ["open"] * 30,
        "ip_address": [f"192.0.2.{n}" for n in range(30)],
        "device_id": [f"d{n:031}" for n in range(30)],
        "session_id": [str(1_700_000_000_000 + 7_919 * n) for n in range(30)],
    }
    signature = {name: ["x"] * 30 for name in ("event_properties", "user_properties", "uuid", "os_name")}
    assert told(export(detector, columns))["session_id"] == "user.authorization.credentials"
    assert told(export(detector, columns | signature))["session_id"] == "user.behavior"


def test_a_column_of_invoices_names_the_customer(detector: Engine) -> None:
    columns = {
        "id": [f"in_{n:024}" for n in range(30)],
        "Customer": [f"cus_{n:014}" for n in range(30)],
        "Amount Due": ["9.00"] * 30,
        "Currency": ["usd"] * 30,
        "Date (UTC)": ["2024-01-01 10:00"] * 30,
        "Subscription": [""] * 30,
    }
    assert told(export(detector, columns))["Customer"] == "user.unique_id"


@pytest.mark.parametrize(("value", "named"), [("Ada Byron", True), ("90", False)])
def test_a_single_number_is_no_name(detector: Engine, value: str, named: bool) -> None:
    found = told(scan(detector, "meeting", {"Attendee Name": [value], "email": ["a@b.org"]})[2])
    assert (found.get("Attendee Name") == NAME) is named


def test_what_stands_in_every_row_is_no_name(detector: Engine) -> None:
    beside = {"First Name": ["Ada", "Alan"] * 75, "email": [f"p{n}@mail.example" for n in range(150)]}
    assert "Contact owner" not in told(export(detector, {"Contact owner": ["Sales team"] * 150, **beside}))


def test_the_number_of_an_event_has_the_form_of_an_address(detector: Engine) -> None:
    cells = [f"{n:08x}-0000-4000-8000-000000000000@shop.example" for n in range(30)]
    assert scan(detector, "t", {"event_id": cells})[2] == []
    assert told(scan(detector, "t", {"user_id": cells})[2]) != {}


class TestRowsOfPayloads:
    """Rows of nested fields are counted by the recipient that a column beside them names."""

    URLS = ("https://api.stripe.com/v1", "https://x.sendgrid.net/in", "https://own.example/in")

    def contacts(
        self, detector: Engine, columns: Mapping[str, Sequence[str | None]]
    ) -> dict[str, dict[str, int]]:
        profiles, _, _ = scan(detector, "deliveries", columns)
        return {"/".join(path): dict(profile.contacts) for path, profile in profiles.items()}

    def test_by_recipient(self, detector: Engine) -> None:
        bodies = [
            json.dumps({"who": {"email": "a@b.org"}} | ({"tel": ["1", "2"]} if n % 3 == 1 else {}))
            for n in range(9)
        ]
        found = self.contacts(detector, {"url": [self.URLS[n % 3] for n in range(9)], "payload": bodies})
        assert found["url"] == {"stripe": 3, "sendgrid": 3, BESIDE: 6}
        assert found["payload/who/email"] == {f"{BESIDE}stripe": 3, f"{BESIDE}sendgrid": 3}
        assert found["payload/tel/[]"] == {f"{BESIDE}sendgrid": 3}, "a row with two values is one row"

    def test_a_link_in_the_payload_is_no_address_of_it(self, detector: Engine) -> None:
        bodies = [json.dumps({"link": "https://pay.stripe.com/1", "email": "a@b.org"})] * 4
        found = self.contacts(detector, {"url": [self.URLS[1]] * 4, "payload": bodies})
        assert found["payload/email"] == {f"{BESIDE}sendgrid": 4}

    def test_of_two_addresses_none_is_taken(self, detector: Engine) -> None:
        columns = {
            "url": [self.URLS[1]] * 4,
            "callback": [self.URLS[0]] * 4,
            "payload": ['{"email": "a@b.org"}'] * 4,
        }
        found = self.contacts(detector, columns)
        assert found["payload/email"] == {}
        assert BESIDE not in found["url"]
