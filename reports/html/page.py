"""Renders the page: autoescaped templates, one style sheet, a policy that allows only that sheet."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import IO, Any, Final

import jinja2
from markupsafe import Markup

from pii_scan.core.inventory import Inventory
from pii_scan.core.ports import Report
from pii_scan.core.redact import clean

from .. import options as asked
from .. import ranking, wording
from ..ways import ways
from . import answers, bars, graph, ledger, matrix, retention, tables
from .cutting import cut_at

_SECTIONS: Final[Mapping[str, frozenset[str]]] = {
    "all": frozenset(
        ("findings", "lineage", "matrix", "inventory", "retention", "claims", "coverage", "reading")
    ),
    "check": frozenset(("findings", "matrix", "retention", "claims", "coverage", "reading")),
    "inventory": frozenset(("lineage", "inventory", "retention", "coverage", "reading")),
    "lineage": frozenset(("lineage", "matrix", "reading")),
}
#: Rows of the inventory; every other list has a limit of its own that is stated where it cuts.
LIMIT: Final = 4_000


@dataclass(frozen=True)
class Html:
    """Options: `kind` (default `all`), `limit` (rows of the inventory, 4,000)."""

    name: str = "html"
    suffix: str = ".html"

    def write(self, inventory: Inventory, out: IO[str], options: Mapping[str, str]) -> None:
        limit = asked.whole(options, "limit", LIMIT)
        sections = _SECTIONS[asked.kind(options, "all")]
        page = _environment(inventory).get_template("report.html.j2")
        out.write(page.render(**_context(inventory, sections, limit)).strip() + "\n")


def _resource(*parts: str) -> str:
    return resources.files(__package__).joinpath(*parts).read_text(encoding="utf-8")


def _environment(inventory: Inventory) -> jinja2.Environment:
    """Everything that a template prints is cleaned of controls, then escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: _resource("templates", name)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {
        "number": wording.number,
        "percent": wording.percent,
        "share": wording.share,
        "rows": wording.rows,
        "bound": wording.bound,
        "count": wording.count,
        "place": wording.place,
        "dataset_name": wording.dataset_name,
        "field_name": wording.field_name,
        "words": wording.words,
        "css": lambda text: str(text).replace(" ", "-"),
        "label": inventory.taxonomy.label,
        "special": inventory.taxonomy.is_special,
        "interval": bars.interval,
        "stacked": bars.stacked,
    }
    return environment


def _finalize(value: Any) -> Any:
    """Data may hold controls; our own markup holds none, for it is built of cleaned texts."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _context(inventory: Inventory, sections: frozenset[str], limit: int) -> dict[str, Any]:
    style = Markup(_resource("style.css"))  # noqa: S704 - our own file
    return {
        "style": style,
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "sections": sections,
        "inventory": inventory,
        "run": inventory.run,
        "declared": inventory.declaration,
        "answers": answers.answers(inventory),
        "findings": tables.findings(inventory),
        "accepted": cut_at(ranking.accepted(inventory.accepted), tables.FINDINGS),
        "known": cut_at(ranking.findings(inventory.known), tables.FINDINGS),
        "claims": tables.claims(inventory),
        "stores": tables.stores(inventory, limit),
        "graph": graph.drawn(inventory),
        "edges": graph.rows(inventory),
        "ways": cut_at(ways(inventory), graph.ROWS),
        "matrix": matrix.matrix(inventory),
        "retention": retention.rows(inventory),
        "ledger": ledger.ledger(inventory),
    }


REPORT: Report = Html()
