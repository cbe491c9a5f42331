"""Runs `pii-scan` as a person does: a process of its own, outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


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
