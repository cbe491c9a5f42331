"""Where the shared test data lies; a test that needs it fails loudly when it is missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared(*parts: str) -> Path:
    """A file or folder of the shared data: `PII_SCAN_SHARED`, else `shared` beside the repository."""
    base = Path(os.environ.get("PII_SCAN_SHARED", ROOT.parent / "shared"))
    path = base.joinpath(*parts)
    if not path.exists():
        pytest.fail(f"shared data is missing: {'/'.join(parts)} (set PII_SCAN_SHARED to its folder)")
    return path
