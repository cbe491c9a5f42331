"""The command line starts light: the heavy libraries load only when needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "presidio_analyzer",
    "spacy",
    "pandas",
    "polars",
    "sqlalchemy",
    "pyarrow.parquet",
    "networkx",
    "jinja2",
    "faker",
)


@pytest.mark.parametrize("arguments", [["--help"], ["scan", "--help"], ["check", "--help"]])
def test_help_loads_no_heavy_library(arguments):
    code = (
        "import sys\nfrom pii_scan.cli.main import cli\n"
        f"try: cli.main({arguments!r}, standalone_mode=False)\nexcept SystemExit: pass\n"
        f"print('LOADED', [m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "LOADED []" in done.stdout, done.stdout[-200:]
