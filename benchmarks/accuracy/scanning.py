"""Scans databases and files as a user's scan does, into an inventory that is thrown away."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from pii_scan.config.load import default
from pii_scan.core.inventory import Inventory
from pii_scan.core.keyed import Key
from pii_scan.core.redact import Masker
from pii_scan.data import known, load
from pii_scan.run.context import Context
from pii_scan.run.progress import Silent
from pii_scan.run.scan import ScanOptions, scan
from pii_scan.run.sources import chosen
from pii_scan.store.repo import Repository


def scanned(*urls: str, full: bool) -> tuple[Inventory, Masker]:
    """The inventory, and what masked the names in it.

    Raises ConfigError for what is neither a path nor a known kind of URL.
    """
    key = Key(bytes(32))
    with tempfile.TemporaryDirectory(prefix="pii-scan-benchmark-") as folder:
        loaded = default(Path.cwd())
        with closing(Repository.open(Path(folder) / "inventory.db", key.id)) as repository:
            opened = Context(loaded, key, repository, load.taxonomy(), known.processors(), load.people())
            options = ScanOptions(mode="full" if full else None)
            run = scan(opened, chosen(loaded, urls), options, Silent())
            return opened.inventory(run.id), opened.masker
