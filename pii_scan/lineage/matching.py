"""Which recipient a dataset belongs to: it came from it, or goes to it.

The surest reason decides: what a person wrote in the configuration, then in the declared list, then
the system that the store is, then the headers of the file. Weaker reasons count only where they name
the same recipient; they never add another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..core.globs import matches
from ..core.lineage import FlowEvidence
from ..core.model import OWN, Dataset
from ..core.recipients import Recipients
from ..data.known import Pack, chosen, key

_SURE = 1.0
_SIGNATURE = 0.9
_DATABASE = ("table", "view")
_DIRECTIONS = {
    "sent": "which holds what we sent",
    "collected": "which holds what the recipient collected",
    "both": "which holds what we sent and what the recipient collected",
}


@dataclass(frozen=True, slots=True)
class Match:
    """A dataset belongs to a recipient, for one reason."""

    recipient: str
    detail: str
    confidence: float

    def evidence(self, locator: str) -> FlowEvidence:
        return FlowEvidence("export", locator, self.detail, confidence=self.confidence)


@dataclass(frozen=True, slots=True)
class Matcher:
    """Knows every rule that ties a dataset to a recipient."""

    recipients: Recipients
    bindings: Sequence[tuple[str, str]] = ()
    packs: Sequence[Pack] = ()

    def match(self, dataset: Dataset, paths: Iterable[tuple[str, ...]]) -> tuple[Match, ...]:
        """All reasons for the recipients that the surest reason names; empty if it is nobody's."""
        found = [m for rule in (self._bound, self._declared, self._system) for m in rule(dataset)]
        found += self._signed(dataset, paths)
        if not found:
            return ()
        first = found[0]
        chosen = {m.recipient for m in found if m.detail.split(":")[0] == first.detail.split(":")[0]}
        return tuple(m for m in found if m.recipient in chosen)

    def _bound(self, dataset: Dataset) -> Iterator[Match]:
        for pattern, recipient in self.bindings:
            if _fits(dataset, pattern):
                yield self._sure(recipient, f"configuration: the files '{pattern}' are bound to it")

    def _declared(self, dataset: Dataset) -> Iterator[Match]:
        declaration = self.recipients.declaration
        for recipient in declaration.recipients if declaration else ():
            for pattern in recipient.signatures:
                if _fits(dataset, pattern):
                    yield self._sure(recipient.id, f"declared list: its exports are '{pattern}'")

    def _system(self, dataset: Dataset) -> Iterator[Match]:
        if dataset.store.role != OWN:
            yield self._sure(dataset.store.role, "store: the store is the recipient's")

    def _signed(self, dataset: Dataset, paths: Iterable[tuple[str, ...]]) -> list[Match]:
        """The pack with the most headers; none if two recipients' packs fit equally well."""
        if dataset.kind in _DATABASE or not self.packs:
            return []
        best = chosen(self.packs, headers(paths))
        if best is None:
            return []
        count, pack = best
        detail = f"headers: {count} of the signature '{pack.id}', {_DIRECTIONS[pack.direction]}"
        return [Match(self.recipients.canonical(pack.recipient), detail, _SIGNATURE)]

    def _sure(self, recipient: str, detail: str) -> Match:
        return Match(self.recipients.canonical(recipient), detail, _SURE)


def _fits(dataset: Dataset, pattern: str) -> bool:
    """A table is tied only by a pattern that names its place too: `stripe*` is meant for files."""
    return matches(dataset, pattern) and (dataset.kind not in _DATABASE or "/" in pattern)


def headers(paths: Iterable[tuple[str, ...]]) -> frozenset[str]:
    """The keys of all paths and of what they lie in, without wrappers that all paths share."""
    rows = [path for path in paths if path]
    while rows and len({path[0] for path in rows}) == 1 and all(len(path) > 1 for path in rows):
        rows = [path[1:] for path in rows]
    return frozenset(key(path[:end]) for path in rows for end in range(1, len(path) + 1))
