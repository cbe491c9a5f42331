"""Where data of one's own was made from other data: links between columns, told by pair of datasets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pii_scan.core import urn as urns
from pii_scan.core.inventory import Inventory
from pii_scan.core.lineage import Link

#: The kind of link that is told from common values.
COPY: Final = "value match"
#: How a link is known, in words; SQL is named by its statement.
_WORDS: Final = {COPY: "same values", "mapping": "told by a job or server"}


@dataclass(frozen=True, slots=True)
class Way:
    """The columns of `source` that `target` has, as pairs of names, with the surest link's own words."""

    source: str
    target: str
    kind: str
    columns: tuple[tuple[str, str], ...]
    detail: str
    masking: bool

    @property
    def how(self) -> str:
        return _WORDS.get(self.kind, self.kind)

    @property
    def renamed(self) -> tuple[str, ...]:
        """The columns, with both names where they differ."""
        return tuple(one if one == other else f"{one} → {other}" for one, other in self.columns)


def ways(inventory: Inventory) -> list[Way]:
    """One for each pair of datasets and kind: copies first, then by name."""
    grouped: dict[tuple[str, str, str], list[Link]] = defaultdict(list)
    for link in inventory.links:
        grouped[urns.dataset_of(link.source), urns.dataset_of(link.target), link.kind].append(link)
    found = [_way(ends, links) for ends, links in grouped.items()]
    return sorted(found, key=lambda way: (way.kind != COPY, way.source, way.target, way.kind))


def _way(ends: tuple[str, str, str], links: Sequence[Link]) -> Way:
    pairs = {(_column(link.source), _column(link.target)) for link in links}
    surest = max(links, key=lambda link: (link.confidence, link.count, link.detail))
    return Way(*ends, tuple(sorted(pairs)), surest.detail, all(link.masking for link in links))


def _column(urn: str) -> str:
    return "/".join(urns.split(urn)[2])
