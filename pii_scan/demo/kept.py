"""The same company with its promises kept: without the files in which they are broken."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

#: Written like all others, and taken away again: each of them breaks a promise or can't be read.
BROKEN: Final = (
    "exports/amplitude",
    "exports/finance/invoices.xlsx",
    "exports/finance/ledger.jsonl",
    "exports/google-calendar",
    "exports/hubspot",
    "exports/intercom",
    "exports/legal",
    "exports/mailchimp/audience.zip",
    "exports/sendgrid",
    "exports/sentry",
    "exports/sift",
    "exports/stripe/migration.csv",
    "exports/warehouse",
    "exports/zendesk/tickets.ndjson",
    "logs/access.log.2.gz",
    "logs/app.jsonl",
    "logs/app.jsonl.1.gz",
    "logs/egress.log",
    "logs/worker.log",
    "logs/worker.log.1.gz",
)


def tidy(directory: Path) -> None:
    for name in BROKEN:
        path = directory / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
