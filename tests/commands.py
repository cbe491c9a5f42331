"""Runs `pii-scan` as a person does: outside the repository, and if it matters in a process of its own."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

from pii_scan.cli.main import main


def run(
    folder: Path, *arguments: str, env: dict[str, str] | None = None, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """The command with its home, temporary folder and state under `folder`; both outputs as text."""
    home, temporary = folder / ".home", folder / ".tmp"
    home.mkdir(exist_ok=True)
    temporary.mkdir(exist_ok=True)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PII_SCAN", "XDG_"))}
    clean |= {"HOME": str(home), "TMPDIR": str(temporary), "COLUMNS": "160", **(env or {})}
    return subprocess.run(
        [sys.executable, "-m", "pii_scan", *arguments],
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        stdin=subprocess.DEVNULL,
        errors="replace",
    )


def inside(
    folder: Path, *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """As `run`, within this process: for the many commands after the one that matters."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    home = folder / ".home"
    home.mkdir(exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PII_SCAN", "XDG_"))}
    kept |= {"HOME": str(home), "COLUMNS": "160", **(env or {})}
    before = os.umask(0o077), signal.getsignal(signal.SIGTERM), Path.cwd()
    with (
        mock.patch.dict(os.environ, kept, clear=True),
        mock.patch.object(sys, "argv", ["pii-scan", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        os.chdir(folder)
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            os.chdir(before[2])
            os.umask(before[0])
            signal.signal(signal.SIGTERM, before[1])
    return subprocess.CompletedProcess(["pii-scan", *arguments], code, out.getvalue(), err.getvalue())
