from __future__ import annotations

import os

import pytest

from pii_scan.detect.engine import Engine

from . import batches

#: Presidio's list of domains must come from its package, whichever test imports it first.
os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""


@pytest.fixture(scope="session")
def engine() -> Engine:
    return batches.engine()
