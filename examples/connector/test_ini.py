"""The contract of a connector, with the public kit; run it with `pytest`."""

from __future__ import annotations

from pathlib import Path

import pytest
from pii_scan_ini import CONNECTOR

from pii_scan.testing.contract import ConnectorContract, Make


class TestIni(ConnectorContract):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Make:
        text = "".join(f"[user{n}]\nemail = user{n}@example.org\nphone = 0{n}\n" for n in range(9))
        (tmp_path / "users.ini").write_text(text)
        return lambda: CONNECTOR.open(CONNECTOR.config(path=str(tmp_path), name="settings"))
