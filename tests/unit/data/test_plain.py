"""Shipped files are read as YAML 1.2: the same data as ruamel.yaml reads, only sooner."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from pii_scan.data.plain import loads
from tests.shared_data import ROOT

FILES = sorted((ROOT / "pii_scan" / "data").rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_shipped_file_reads_alike(path):
    text = path.read_text(encoding="utf-8")
    assert repr(loads(text)) == repr(YAML(typ="safe", pure=True).load(text))


def test_words_that_were_booleans_once_are_words():
    read = loads("[no, yes, on, off, n, true, False, 012, 1e3, 1.5, -3, '', ~, 12:30, 2024-01-02]")
    assert read[:5] == ["no", "yes", "on", "off", "n"]
    assert read[5:11] == [True, False, 12, 1000.0, 1.5, -3]
    assert read[11:] == ["", None, "12:30", "2024-01-02"]
