"""Fail points fail exactly where and when they are told to, and never otherwise."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys

import pytest

from pii_scan.core import failpoint as module
from pii_scan.core.failpoint import failpoint

SCRIPT = """
from pii_scan.core.failpoint import failpoint
for number in (1, 2, 3):
    failpoint("a"); failpoint("b"); print(number, flush=True)
"""


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(module, "_passed", type(module._passed)())


@pytest.mark.parametrize(
    ("action", "code"), [("enospc", errno.ENOSPC), ("eio", errno.EIO), ("drop", errno.ECONNRESET)]
)
def test_the_second_passage_fails(monkeypatch, action, code):
    monkeypatch.setenv("PII_SCAN_FAILPOINT", f"a:2:{action}")
    failpoint("a")
    failpoint("b")
    with pytest.raises(OSError, match="fail point") as caught:
        failpoint("a")
    assert caught.value.errno == code
    failpoint("a")


def test_without_the_variable_nothing_happens(monkeypatch):
    monkeypatch.delenv("PII_SCAN_FAILPOINT", raising=False)
    for _ in range(3):
        failpoint("a")


def test_kill_ends_the_process_at_once(monkeypatch):
    monkeypatch.setenv("PII_SCAN_FAILPOINT", "b:3:kill")
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout == "1\n2\n"
