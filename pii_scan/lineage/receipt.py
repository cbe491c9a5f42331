"""What a recipient receives, held against what is declared of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..core.declaration import Recipient
from ..core.finding import Disclosure
from ..core.inventory import Inventory
from ..core.lineage import Flow
from ..core.recipients import Recipients

#: A bare identifier says nothing else of a person; no list of needs names keys.
_LINK = "user.unique_id"
NO_RECIPIENT = "undeclared recipient"
NO_CLAIM = {"omitted": "undeclared", "incorrect": "against the list"}


@dataclass(frozen=True, slots=True)
class Missing:
    """A category that the list says a recipient gets, and of which nothing was seen."""

    recipient: str
    category: str
    because: str


@dataclass(frozen=True)
class Receipts:
    """Judges flows against the declared list of the inventory, which must carry its disclosures."""

    inventory: Inventory

    @cached_property
    def _recipients(self) -> Recipients:
        return Recipients.of(self.inventory)

    @cached_property
    def _classes(self) -> Mapping[tuple[str, str, str], Disclosure]:
        return {(d.field, d.recipient, d.category): d for d in self.inventory.disclosures}

    def declared(self, flow: Flow) -> str:
        """How the list covers the flow: its disclosure class in words; empty where nothing is judged."""
        if self.inventory.declaration is None or flow.status == "declared only":
            return ""
        recipient = self._recipients.canonical(flow.recipient)
        if not self._recipients.is_declared(recipient):
            return NO_RECIPIENT
        found = self._classes.get((flow.field, recipient, flow.category))
        return NO_CLAIM.get(found.cls, found.cls) if found else ""

    def beyond_needs(self, flow: Flow) -> bool:
        """True for data that the recipient's declared needs do not cover, if there are any."""
        needs = self._needs(flow.recipient)
        if not needs or not flow.observed or flow.category in ("", _LINK):
            return False
        return not any(self.inventory.taxonomy.subsumes(need, flow.category) for need in needs)

    def _needs(self, recipient: str) -> tuple[str, ...]:
        """The needs of the recipient itself, else of the company behind it."""
        declared = self._lines(recipient)
        return declared[0].needs if declared else ()

    def _lines(self, recipient: str) -> list[Recipient]:
        declaration = self.inventory.declaration
        if declaration is None:
            return []
        nodes = self._recipients.ancestors(self._recipients.canonical(recipient))
        return [line for node in nodes if (line := declaration.recipient(node))]

    def missing(self, recipient: str, flows: Iterable[Flow]) -> Iterator[Missing]:
        """What the list says that the recipient gets, and none of its flows shows."""
        seen = {flow.category for flow in flows if flow.observed and flow.category}
        for category, because in self._said(recipient).items():
            if not any(self.inventory.taxonomy.subsumes(category, other) for other in seen):
                yield Missing(recipient, category, because)

    def _said(self, recipient: str) -> dict[str, str]:
        """The categories by which line of the list speaks of them; claims for whole groups say less."""
        declaration = self.inventory.declaration
        own = self._recipients.canonical(recipient)
        said: dict[str, list[str]] = {}
        for need in self._needs(recipient):
            said.setdefault(need, []).append("its needs")
        for claim in declaration.claims if declaration else ():
            if claim.kind == "allow_share" and own in claim.recipient.ids:
                for category in claim.categories:
                    said.setdefault(category, []).append(f"claim {claim.id}")
        return {category: ", ".join(lines) for category, lines in sorted(said.items())}
