"""The contract of a connector as tests. Three lines make them yours:

    class TestMine(ConnectorContract):
        @pytest.fixture
        def make(self, tmp_path): return lambda: CONNECTOR.open(CONNECTOR.config(url=..., name="mine"))

The source needs at least one readable dataset of more than `SAMPLE` rows, to see what a sample does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

import pyarrow as pa

from ..core.errors import PiiScanError
from ..core.model import LOCATOR, Batch, Dataset, Note, Plan
from ..core.ports import Connector

Make = Callable[[], Connector]
Item = Batch | Note
#: Rows of the samples that the contract asks for.
SAMPLE = 5


class ConnectorContract:
    """What every connector keeps; override `source_state` to have the source watched."""

    def source_state(self) -> object:
        """Anything that is equal as long as the source was not changed."""
        return None

    def canaries(self) -> Sequence[str]:
        """Values that the source holds and that no message may carry."""
        return ()

    def test_is_a_connector(self, make: Make) -> None:
        with closing(make()) as connector:
            assert isinstance(connector, Connector)
            assert connector.store.kind
            assert connector.store.name

    def test_lists_something_to_read(self, make: Make) -> None:
        with closing(make()) as connector:
            assert [dataset for dataset in connector.datasets() if not dataset.skip]

    def test_lists_the_same_again(self, make: Make) -> None:
        with closing(make()) as connector:
            first = [_identity(dataset) for dataset in connector.datasets()]
            assert first == [_identity(dataset) for dataset in connector.datasets()]
        with closing(make()) as connector:
            assert first == [_identity(dataset) for dataset in connector.datasets()]

    def test_names_are_unique(self, make: Make) -> None:
        with closing(make()) as connector:
            for dataset in (datasets := list(connector.datasets())):
                urns = [field.urn for field in dataset.fields]
                assert len(urns) == len(set(urns)), "two fields share a URN"
                assert all(field.dataset == dataset.urn for field in dataset.fields)
            assert len(datasets) == len({dataset.urn for dataset in datasets}), "two datasets share a URN"

    def test_belongs_to_its_store(self, make: Make) -> None:
        with closing(make()) as connector:
            assert all(dataset.store == connector.store for dataset in connector.datasets())

    def test_shards_are_numbered_and_repeatable(self, make: Make) -> None:
        for plan in (Plan(rows=SAMPLE), Plan(mode="full")):
            with closing(make()) as connector:
                for dataset in _readable(connector):
                    shards = connector.shards(dataset, plan)
                    assert [shard.index for shard in shards] == list(range(len(shards)))
                    assert {shard.count for shard in shards} == {len(shards)}
                    assert list(shards) == list(connector.shards(dataset, plan))

    def test_batches_are_well_formed(self, make: Make) -> None:
        with closing(make()) as connector:
            for dataset in _readable(connector):
                places: list[tuple[str, int]] = []
                for shard in connector.shards(dataset, Plan(mode="full", batch_rows=7)):
                    for batch in _batches(list(connector.read(shard))):
                        _check_batch(batch, dataset)
                        assert batch.table.num_rows <= 7
                        places += [(shard.part, row) for row in batch.table.column(LOCATOR).to_pylist()]
                assert len(places) == len(set(places)), "two rows of one part share an ordinal"
                assert all(ordinal >= 0 for _, ordinal in places)

    def test_repr_shows_no_value(self, make: Make) -> None:
        with closing(make()) as connector:
            for dataset in _readable(connector):
                for item in _read(connector, dataset, Plan(rows=SAMPLE)):
                    shown = repr(item)
                    assert not any(canary in shown for canary in self.canaries())
                    assert not isinstance(item, Batch) or len(shown) < 60

    def test_errors_carry_no_value(self, make: Make) -> None:
        for message in _messages(make):
            assert not any(canary in message for canary in self.canaries())

    def test_a_sample_is_bounded_and_says_so(self, make: Make) -> None:
        sampled = 0
        with closing(make()) as connector:
            for dataset in _readable(connector):
                everything = _count(_read(connector, dataset, Plan(mode="full")))
                items = _read(connector, dataset, Plan(rows=SAMPLE))
                assert _count(items) <= SAMPLE
                left_out = any(isinstance(item, Note) and item.sampled for item in items)
                assert left_out == (_count(items) < everything)
                sampled += left_out
        assert sampled, f"the source has no dataset of more than {SAMPLE} rows"

    def test_a_sample_is_reproducible(self, make: Make) -> None:
        drawn = []
        for _ in range(2):
            with closing(make()) as connector:
                plan = Plan(rows=SAMPLE, seed=7)
                drawn.append([_texts(_read(connector, dataset, plan)) for dataset in _readable(connector)])
        assert drawn[0] == drawn[1]

    def test_a_full_reading_does_not_depend_on_the_batches(self, make: Make) -> None:
        with closing(make()) as connector:
            for dataset in _readable(connector):
                small = _texts(_read(connector, dataset, Plan(mode="full", batch_rows=3)))
                assert small == _texts(_read(connector, dataset, Plan(mode="full")))

    def test_a_plan_with_room_reads_everything(self, make: Make) -> None:
        with closing(make()) as connector:
            for dataset in _readable(connector):
                items = _read(connector, dataset, Plan(rows=1_000_000))
                assert sorted(_texts(items)) == sorted(_texts(_read(connector, dataset, Plan(mode="full"))))
                assert not any(isinstance(item, Note) and item.sampled for item in items)

    def test_reading_may_be_abandoned(self, make: Make) -> None:
        with closing(make()) as connector:
            for dataset in _readable(connector):
                reading = connector.read(connector.shards(dataset, Plan(mode="full", batch_rows=1))[0])
                next(iter(reading), None)
                del reading
                assert _count(_read(connector, dataset, Plan(rows=SAMPLE))) <= SAMPLE

    def test_closing_twice_is_fine(self, make: Make) -> None:
        connector = make()
        list(connector.datasets())
        connector.close()
        connector.close()
        make().close()

    def test_the_source_is_untouched(self, make: Make) -> None:
        before = self.source_state()
        with closing(make()) as connector:
            for dataset in _readable(connector):
                _read(connector, dataset, Plan(rows=SAMPLE))
                _read(connector, dataset, Plan(mode="full"))
        assert self.source_state() == before


def _identity(dataset: Dataset) -> tuple[object, ...]:
    return dataset.urn, dataset.kind, dataset.skip, dataset.planned, dataset.fields


def _readable(connector: Connector) -> list[Dataset]:
    """The datasets that can be read; one that can't raises SourceError at its first item."""
    readable = []
    for dataset in list(connector.datasets()):
        if not dataset.skip and not isinstance(_try(connector, dataset), str):
            readable.append(dataset)
    return readable


def _try(connector: Connector, dataset: Dataset) -> list[Item] | str:
    try:
        return _read(connector, dataset, Plan(rows=1))
    except PiiScanError as error:
        return f"{error} {error!r} {error.args} {error.__cause__!r}"


def _messages(make: Make) -> Iterator[str]:
    """The messages of what can't be read, and every reason that is given."""
    with closing(make()) as connector:
        for dataset in list(connector.datasets()):
            result = dataset.skip if dataset.skip else _try(connector, dataset)
            if isinstance(result, str):
                yield result
            else:
                yield from (item.reason for item in result if isinstance(item, Note))


def _read(connector: Connector, dataset: Dataset, plan: Plan) -> list[Item]:
    return [item for shard in connector.shards(dataset, plan) for item in connector.read(shard)]


def _batches(items: Sequence[Item]) -> Iterator[Batch]:
    return (item for item in items if isinstance(item, Batch))


def _count(items: Sequence[Item]) -> int:
    return sum(batch.table.num_rows for batch in _batches(items))


def _texts(items: Sequence[Item]) -> list[str]:
    """Every row as one text, without its ordinal."""
    rows = []
    for batch in _batches(items):
        columns = [batch.table.column(i).to_pylist() for i in range(len(batch.columns))]
        rows += [repr(row) for row in zip(*columns, strict=True)]
    return rows


def _check_batch(batch: Batch, dataset: Dataset) -> None:
    schema = batch.table.schema
    assert schema.names[-1] == LOCATOR, "the last column is the row's ordinal"
    assert schema.field(LOCATOR).type == pa.int64()
    assert len(batch.columns) == batch.table.num_columns - 1
    assert all(schema.field(i).type == pa.string() for i in range(len(batch.columns)))
    assert batch.dataset.urn == dataset.urn
    assert batch.table.num_rows > 0
    assert batch.bytes >= 0
    assert len(set(batch.columns)) == len(batch.columns)
