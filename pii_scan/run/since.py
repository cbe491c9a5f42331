"""Scanning on from an earlier run: what has not changed is carried over, of logs only what is new is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..core.cursor import Cursor
from ..core.errors import ConfigError, SourceError
from ..core.inventory import Coverage
from ..core.keyed import Key
from ..core.model import Dataset, Plan, Shard
from ..core.ports import CanContinue, Connector, HasChanges
from ..core.urn import join
from ..store.carrying import State
from ..store.repo import Repository
from .log import logger

#: The name of the newest run that was finished.
LAST: Final = "last"
CARRIED: Final = "unchanged since the run before, whose findings stand"
#: States of a coverage from which another run may go on: all was read that was to be read.
_GOOD: Final = ("scanned", "sampled", "empty")


@dataclass(frozen=True, slots=True)
class Since:
    """What an earlier run knew of each dataset; nothing if there is none, or its detector was another."""

    key: Key = field(repr=False)
    plan: Plan
    run: str = ""
    states: Mapping[str, State] = field(default_factory=dict, repr=False)
    coverage: Mapping[str, Coverage] = field(default_factory=dict, repr=False)

    def state(self, connector: Connector, raw: Dataset) -> State:
        """The dataset's state now; it is asked for before anything is read."""
        token = _token(connector, raw)
        names = "\n".join(join(f.type, f.path) for f in raw.fields)
        sealed = self.key.digest(f"{token}\n{names}", 16).hex() if token else ""
        return State(sealed, "", self._drawn)

    def unchanged(self, urn: str, now: State) -> bool:
        """True if the earlier run's findings are what this one would find."""
        before, seen = self.states.get(urn), self.coverage.get(urn)
        if before is None or seen is None or seen.state not in _GOOD or not now.token:
            return False
        return before.token == now.token and self._alike(before, seen)

    def _alike(self, before: State, seen: Coverage) -> bool:
        """True if all was read then, or a sample is drawn now as it was."""
        return before.plan == self._drawn or (seen.state != "sampled" or before.plan.startswith("full"))

    @property
    def _drawn(self) -> str:
        return f"{self.plan.mode}:{self.plan.rows}:{self.plan.seed}"

    def shards(
        self, connector: Connector, raw: Dataset, urn: str
    ) -> tuple[Sequence[Shard], str, Coverage | None]:
        """What is to be read, how far that goes, and the coverage that it adds to, if it does.

        Only a log that was read in full is read on: a sample is drawn from all of it.
        """
        if not isinstance(connector, CanContinue):
            return connector.shards(raw, self.plan), "", None
        before, seen = self.states.get(urn), self.coverage.get(urn)
        goes_on = before is not None and seen is not None and seen.state in _GOOD and self._in_full(before)
        old = Cursor.parse(before.cursor) if before is not None and goes_on else Cursor()
        found = connector.since(raw, self.plan, old, self.key)
        cursor = str(found.cursor) if found.cursor.parts else ""
        return found.shards, cursor, seen if found.stands else None

    def _in_full(self, before: State) -> bool:
        return self.plan.mode == "full" and before.plan.startswith("full")


def since(repository: Repository, key: Key, plan: Plan, wanted: str | None, detector: str) -> Since:
    """What the wanted run (an id, or `last`) knows. Raises ConfigError if there is no such run."""
    own = key.derive("states")
    if not wanted:
        return Since(own, plan)
    runs = [run for run in repository.runs() if run.state == "complete"]
    found = runs[-1:] if wanted == LAST else [run for run in runs if run.id == wanted]
    if not found:
        if wanted == LAST:
            return Since(own, plan)
        raise ConfigError(f"there is no complete run '{wanted}'", "pii-scan inventory runs lists them")
    run = found[0]
    if run.detector != detector:
        logger().warning("the detector has changed since that run: everything is read anew")
        return Since(own, plan)
    return Since(own, plan, run.id, repository.states(run.id), repository.coverage(run.id))


def _token(connector: Connector, raw: Dataset) -> str:
    """What the connector says of the dataset's state; nothing where it can't, or must not, be asked."""
    if not isinstance(connector, HasChanges):
        return ""
    try:
        return connector.token(raw)
    except SourceError as error:
        logger().info(f"whether it has changed is not known: {error}")
        return ""
