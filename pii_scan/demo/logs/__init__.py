"""The company's logs: web server, application, workers, mail and outgoing traffic."""

from __future__ import annotations

from pathlib import Path

from ..company import Company
from . import access, application, traffic


def write(company: Company, folder: Path) -> None:
    """All logs with their rotations; some are broken on purpose, see `data/truth.yaml`."""
    for part in (access, application, traffic):
        part.write(company, folder)
