"""Both databases, each inventory in a place of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pii_scan.store.repo import Repository

from .samples import KEY_ID


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request, tmp_path) -> str:
    """The path or URL of an inventory that does not exist yet."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return str(tmp_path / "inventory" / "inventory.db")


@pytest.fixture
def repository(target) -> Iterator[Repository]:
    opened = Repository.open(target, KEY_ID)
    yield opened
    opened.close()
