"""The main job in one call: scan, link, check, show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ..core.errors import ConfigError, SourceError
from ..core.inventory import Inventory
from ..core.ports import Connector
from ..core.redact import Masker
from . import check, report
from .context import Context, context
from .progress import progress
from .scan import ScanOptions, scan
from .sources import chosen

Output = tuple[str | None, Path | None]  # format and file


def whole(
    config: Path | None,
    wanted: Sequence[str],
    options: ScanOptions,
    output: Output,
    fail_on: str,
    quiet: bool,
) -> int:
    """Scans what is wanted, judges it, writes one report; returns the exit code."""
    name = report.format_of(*output)
    with context(config) as opened:
        sources = chosen(opened.loaded, wanted, gentle=options.gentle)
        opened.declaration()  # what is faulty stops before hours of scanning, not after
        check.checks(opened)
        with progress(not quiet) as shown:
            run = scan(opened, sources, options, shown)
        outcome = check.Outcome(conclude(opened, run.id), fail_on)
        if not quiet or output[1]:
            kind = "inventory" if name == "json" else "all"
            report.write(outcome.inventory, name, output[1], {"kind": kind})
        return outcome.code


def conclude(opened: Context, run: str) -> Inventory:
    """Flows, findings and verdicts of a finished scan, stored with it."""
    check.link(opened, run)
    return check.check(opened, run)


def listing(config: Path | None, wanted: Sequence[str]) -> str:
    """What a scan would read, one line an object, without reading a row of it."""
    lines: list[str] = []
    with context(config) as opened:
        for source in chosen(opened.loaded, wanted):
            lines.extend(_list(source.name, source.open, opened.masker))
    return "\n".join(lines)


def _list(name: str, opener: Callable[[], Connector], masker: Masker) -> list[str]:
    try:
        connector = opener()
        try:
            masked = [masker.dataset(dataset) for dataset in connector.datasets()]
        finally:
            connector.close()
    except (SourceError, ConfigError) as error:
        return [f"{masker.name(name)}: {error}"]
    return [f"{d.urn}  {'skip: ' + d.skip if d.skip else d.kind}" for d in masked]
