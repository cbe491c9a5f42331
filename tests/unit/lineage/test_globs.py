"""Globs: last name, path without the default schema, store name and path; no case."""

from __future__ import annotations

import pytest

from pii_scan.core.globs import matches
from pii_scan.core.model import Dataset, Store

BOOKING = Dataset(Store("postgresql", "app", default_path=("public",)), ("public", "Bookings"))
ARCHIVED = Dataset(Store("postgresql", "app", default_path=("public",)), ("archive", "bookings"))
MEMBER = Dataset(Store("files", "exports"), ("mailchimp.zip", "subscribed.csv"), "file")


@pytest.mark.parametrize(
    ("dataset", "pattern", "expected"),
    [
        (BOOKING, "bookings", True),
        (BOOKING, "BOOK*", True),
        (BOOKING, "app/bookings", True),
        (BOOKING, "public/bookings", False),
        (BOOKING, "book", False),
        (BOOKING, "other/bookings", False),
        (ARCHIVED, "archive/*", True),
        (ARCHIVED, "app/archive/bookings", True),
        (ARCHIVED, "app/bookings", False),
        (MEMBER, "exports/mailchimp*", True),
        (MEMBER, "subscribed.csv", True),
        (MEMBER, "*.zip/*", True),
        (MEMBER, "mailchimp*", True),
        (MEMBER, "stripe*", False),
    ],
)
def test_matches(dataset: Dataset, pattern: str, expected: bool) -> None:
    assert matches(dataset, pattern) is expected
