"""The terminal's report: what an engineer or privacy officer wants at a glance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import IO, Final

from rich.console import Console, RenderableType

from pii_scan.core.inventory import Inventory
from pii_scan.core.ports import Report

from . import options as asked
from . import terminal_sections as sections

Section = Callable[[Inventory, sections.Page], Iterable[RenderableType]]
#: Columns where no terminal says how many it has.
WIDTH: Final = 120
LIMIT: Final = 200
SECTIONS: Final[Mapping[str, tuple[Section, ...]]] = {
    "inventory": (sections.header, sections.coverage, sections.inventory_table, sections.flows),
    "check": (
        sections.header,
        sections.coverage,
        sections.findings,
        sections.aside,
        sections.claims,
        sections.hint,
    ),
    "lineage": (sections.header, sections.flows, sections.links),
    "all": (
        sections.header,
        sections.coverage,
        sections.inventory_table,
        sections.flows,
        sections.links,
        sections.findings,
        sections.aside,
        sections.claims,
        sections.hint,
    ),
}


@dataclass(frozen=True)
class Terminal:
    """Options: `kind` (default `all`), `limit` (rows a table, 200), `width` (columns)."""

    name: str = "terminal"
    suffix: str = ".txt"

    def write(self, inventory: Inventory, out: IO[str], options: Mapping[str, str]) -> None:
        console = _console(out, options)
        page = sections.Page(asked.whole(options, "limit", LIMIT), console.width)
        for section in SECTIONS[asked.kind(options, "all")]:
            for block in section(inventory, page):
                console.print(block)
        text = "\n".join(line.rstrip() for line in _text(console).splitlines()) + "\n"
        out.write(_encodable(text, out))


def _console(out: IO[str], options: Mapping[str, str]) -> Console:
    """Writes to memory; colours and width are those of `out`, and `NO_COLOR` is heeded."""
    live = out.isatty()
    width = asked.whole(options, "width", WIDTH) if "width" in options or not live else None
    return Console(
        file=StringIO(),
        force_terminal=True if live else None,
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def _text(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def _encodable(text: str, out: IO[str]) -> str:
    """The text with what the stream's encoding lacks replaced, so that no report dies on a dash."""
    encoding = getattr(out, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


REPORT: Report = Terminal()
