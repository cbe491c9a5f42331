from __future__ import annotations

import pytest

from pii_scan.detect.engine import Engine

from . import batches


@pytest.fixture(scope="session")
def engine() -> Engine:
    return batches.engine()
