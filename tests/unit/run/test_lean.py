"""Our processes go without pandas until somebody asks for it."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from pii_scan.run.lean import without_pandas
without_pandas()
import pyarrow
pyarrow.array(["a"])
assert "pandas" not in sys.modules
assert pyarrow.table({"n": [1, 2]}).to_pandas()["n"].sum() == 3
"""


def test_pyarrow_imports_pandas_when_asked_for_it_alone():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
