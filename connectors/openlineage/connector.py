"""A file or folder of OpenLineage events as JSON or JSON lines; compressed and in archives, too.

The events are counted, and read for which dataset was made from which. Nothing else of them is kept:
they quote statements, paths and people's names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import Field

from pii_scan.core.errors import SourceError
from pii_scan.core.mapping import Mapping as Mapped
from pii_scan.core.mapping import Place
from pii_scan.core.model import LOCATOR, Batch, Dataset, Note, Plan, Shard, Store

from ..disk import Disk
from ..file_config import FileConfig
from ..file_store import FileStore
from ..prefixed import prefixed
from .events import Activity, is_event, run_of

KIND: Final = "openlineage"
#: Runs whose events are held together at a time; of more, the oldest is taken to be over.
_OPEN_RUNS: Final = 50_000
_RECORD: Final = ((),)
BROKEN: Final = object()

Key = tuple[Place | None, Place, str, str, bool]


class OpenLineageConfig(FileConfig):
    """Where the events lie; `namespaces` says which of the sources a namespace of theirs is."""

    namespaces: Mapping[str, str] = Field(
        default_factory=dict, description="Names of sources by namespace, such as postgres://db:5432"
    )


class OpenLineageConnector:
    """Lists the files, counts their events, and gives what they say of datasets."""

    def __init__(self, config: OpenLineageConfig) -> None:
        self._config = config
        self._files = FileStore(config, KIND, Disk(config))

    @property
    def store(self) -> Store:
        return self._files.store

    def datasets(self) -> Iterator[Dataset]:
        for found in self._files.datasets():
            yield found.with_fields()

    def shards(self, dataset: Dataset, plan: Plan) -> Sequence[Shard]:
        return self._files.shards(dataset, plan)

    def read(self, shard: Shard) -> Iterator[Batch | Note]:
        """Batches without a column: how many events there are, and how many records are none."""
        foreign = 0
        for item in self._files.read(shard):
            if isinstance(item, Note):
                yield item
            else:
                foreign += sum(not is_event(record) for record in _records(item) if record is not BROKEN)
                yield Batch(item.dataset, item.table.select([LOCATOR]), (), item.bytes)
        if foreign:
            plural = "record is" if foreign == 1 else "records are"
            yield Note(f"{foreign} {plural} no OpenLineage event", lost=foreign)

    def token(self, dataset: Dataset) -> str:
        return self._files.token(dataset)

    def mappings(self) -> Iterator[Mapped]:
        """Raises SourceError for a file that can't be read, after what the others say."""
        failed: list[SourceError] = []
        found = _Edges(self._config.namespaces)
        for dataset in list(self._files.datasets()):
            if dataset.skip:
                continue
            try:
                for shard in self._files.shards(dataset, Plan(mode="full")):
                    for item in self._files.read(shard):
                        if isinstance(item, Batch):
                            found.take(dataset.urn, item)
            except SourceError as error:
                failed.append(error)
        yield from found.all()
        if failed:
            raise failed[0]

    def close(self) -> None:
        self._files.close()


class _Edges:
    """Adds up events to edges; the events of a run are put together, in whichever files they lie."""

    def __init__(self, stores: Mapping[str, str]) -> None:
        self._stores = stores
        self._open: dict[str, tuple[str, Activity]] = {}
        self._found: dict[Key, tuple[int, bool]] = {}

    def take(self, urn: str, batch: Batch) -> None:
        for event in filter(is_event, _records(batch)):
            run = run_of(event)
            locator, activity = self._open.pop(run, (urn, Activity())) if run else (urn, Activity())
            activity.add(event, self._stores)
            if run:
                self._open[run] = locator, activity
                if len(self._open) > _OPEN_RUNS:
                    self._close(*self._open.pop(next(iter(self._open))), ran=True)
            else:
                self._close(urn, activity, ran=False)

    def _close(self, locator: str, activity: Activity, *, ran: bool) -> None:
        for edge in dict.fromkeys(activity.edges()):
            key = (edge.source, edge.target, activity.job, locator, edge.assumed)
            runs, masking = self._found.get(key, (0, True))
            self._found[key] = runs + (ran and activity.complete), masking and edge.masking

    def all(self) -> Iterator[Mapped]:
        for locator, activity in self._open.values():
            self._close(locator, activity, ran=True)
        self._open.clear()
        for (source, target, job, locator, assumed), (runs, masking) in self._found.items():
            yield Mapped(source, target, job, locator, runs, masking, assumed)


def _records(batch: Batch) -> Iterator[Any]:
    """What the batch's records say; `BROKEN` for a line that is no JSON, which its reader gives as text."""
    if batch.columns != _RECORD:
        yield from (None for _ in range(batch.table.num_rows))
        return
    position = batch.table.schema.names.index(LOCATOR)
    for text in batch.table.column(1 - position).to_pylist():
        try:
            record = json.loads(text) if text else None
        except (ValueError, RecursionError):
            record = None
        yield BROKEN if isinstance(record, str) else record


CONNECTOR: Final = prefixed(
    KIND,
    "OpenLineage events: which column was made from which, and what was sent to recipients",
    OpenLineageConfig,
    OpenLineageConnector,
)
