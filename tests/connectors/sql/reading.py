"""Opens connectors and reads tables for the tests of the SQL sources."""

from pii_scan.core.model import Batch, Note, Plan

SAMPLE = Plan()


def connect(kind, target, **options):
    return kind.open(kind.config(**{**kind.config_of(str(target)), **options}))


def listed(connector):
    return {dataset.path: dataset for dataset in connector.datasets()}


def find(connector, name):
    (found,) = [dataset for dataset in connector.datasets() if dataset.name == name]
    return found


def read(connector, dataset, plan=SAMPLE):
    """All rows as dictionaries by field name, without what follows in long values, and the notes."""
    rows, notes = [], []
    for shard in connector.shards(dataset, plan):
        for item in connector.read(shard):
            if isinstance(item, Note):
                notes.append(item)
            elif not item.continued:
                rows += rows_of(item)
    return rows, notes


def rows_of(batch: Batch):
    columns = [batch.table.column(i).to_pylist() for i in range(len(batch.columns))]
    names = [path[-1] for path in batch.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def table(connector, name, plan=SAMPLE):
    return read(connector, find(connector, name), plan)[0]


def hits(connector, name, seeds, rows, count, key="id"):
    """How often each of `count` rows was drawn over the seeds."""
    drawn = [0] * (count + 1)
    dataset = find(connector, name)
    for seed in range(seeds):
        sample, notes = read(connector, dataset, Plan(rows=rows, seed=seed))
        assert len(sample) <= rows
        assert any(note.sampled for note in notes)
        for row in sample:
            drawn[int(row[key])] += 1
    return drawn[1:]


def assert_uniform(drawn, tenths=10):
    """Every tenth of the table is drawn about as often as another: chi-square, p > 0.0001.

    Rows of one page come together, so the statistic is scaled by the rows that a page gives.
    """
    size = len(drawn) // tenths
    sums = [sum(drawn[i * size : (i + 1) * size]) for i in range(tenths)]
    expected = sum(sums) / tenths
    assert expected > 100
    statistic = sum((s - expected) ** 2 / expected for s in sums)
    assert statistic < 8 * 33.7, sums
