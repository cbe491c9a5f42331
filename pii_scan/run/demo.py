"""Builds the demo company, scans and checks it, and compares with what was planted."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from ..core.finding import Finding
from ..core.inventory import Inventory
from ..demo.build import build
from ..strict import load_yaml
from . import report
from .context import context
from .progress import progress
from .scan import ScanOptions, scan
from .sources import chosen
from .whole import conclude

Key = tuple[str, str, str, str]


def run(
    directory: Path, seed: int, into: str | None, *, scan: bool, jobs: int, say: Callable[[str], None]
) -> int:
    """The exit code: 0, or 4 if what was planted and what was found differ, which is a bug of ours."""
    started = time.monotonic()
    build(directory, seed, into)
    say(f"built a made-up company in {directory} ({time.monotonic() - started:.1f} s)")
    if not scan:
        return 0
    inventory = _scanned(directory, jobs)
    report.write(inventory, "html", directory / "report.html", {"kind": "all"})
    report.write(inventory, "terminal", None, {"kind": "all", "limit": "12"})
    problems = list(differences(inventory, directory / "expected.yaml"))
    for problem in problems:
        say(problem)
    planted = len(load_yaml(directory / "expected.yaml")[0]["violations"])
    outcome = f"{len(problems)} differences" if problems else "as expected"
    seconds = time.monotonic() - started
    say(f"{planted} planted violations, {len(inventory.findings)} findings: {outcome} ({seconds:.1f} s)")
    say(f"open the report: {(directory / 'report.html').resolve().as_uri()}")
    return 4 if problems else 0


def _scanned(directory: Path, jobs: int) -> Inventory:
    with context(directory / "pii-scan.yaml") as opened:
        sources = chosen(opened.loaded, ())
        with progress() as shown:
            finished = scan(opened, sources, ScanOptions(mode="full", jobs=jobs), shown)
        return conclude(opened, finished.id)


def differences(inventory: Inventory, expected: Path) -> list[str]:
    """One line for each planted violation that was not found and each finding that was not planted."""
    planted = {_planted(item): item["id"] for item in load_yaml(expected)[0]["violations"]}
    found = {_found(finding) for finding in inventory.findings}
    missing = [f"not found: {name} {' '.join(key)}" for key, name in planted.items() if key not in found]
    surplus = [f"not planted: {' '.join(key)}" for key in sorted(found - set(planted))]
    return missing + surplus


def _planted(item: dict[str, object]) -> Key:
    subject = item["subject"]
    urn = subject["urn"] if isinstance(subject, dict) else subject
    return (str(item["check"]), str(urn), str(item.get("recipient") or ""), str(item.get("category") or ""))


def _found(finding: Finding) -> Key:
    return (finding.check, finding.subject, finding.recipient, finding.category)
