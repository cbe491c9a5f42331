"""Batches and scans of invented rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from pii_scan.core.detection import Detection
from pii_scan.core.keyed import Key
from pii_scan.core.lineage import Processor
from pii_scan.core.model import LOCATOR, Batch, Dataset, Field, Store
from pii_scan.core.profile import EMPTY, Profile
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine
from pii_scan.detect.options import Options

Path = tuple[str, ...]
KEY = Key(bytes(range(32)))
PROCESSORS = (
    Processor("stripe", "Stripe", hosts=("api.stripe.com", "stripe.com")),
    Processor("sendgrid", "SendGrid", hosts=("sendgrid.net",)),
)


def engine(options: Options | None = None) -> Engine:
    return Engine(taxonomy(), PROCESSORS, KEY, options)


def dataset(name: str, *fields: str) -> Dataset:
    empty = Dataset(Store("sqlite", "app"), (name,))
    return empty.with_fields(*(Field(empty.urn, (f,)) for f in fields))


def batch(source: Dataset, columns: Mapping[str, Sequence[str | None]], start: int = 0) -> Batch:
    count = len(next(iter(columns.values())))
    arrays = {name: pa.array(list(values), pa.string()) for name, values in columns.items()}
    arrays[LOCATOR] = pa.array(range(start, start + count), pa.int64())
    return Batch(
        source, pa.RecordBatch.from_pydict(arrays), tuple((name,) if name else () for name in columns)
    )


def merged(found: Engine, batches: Iterable[Batch]) -> dict[Path, Profile]:
    total: dict[Path, Profile] = {}
    for one in batches:
        for path, profile in found.profile(one).items():
            total[path] = total.get(path, EMPTY).merge(profile)
    return total


def scan(
    found: Engine, name: str, columns: Mapping[str, Sequence[str | None]]
) -> tuple[dict[Path, Profile], tuple[Field, ...], list[Detection]]:
    """Profiles, fields and detections of one table of a single batch."""
    source = dataset(name, *(c for c in columns if c))
    profiles = merged(found, [batch(source, columns)])
    fields, detections = found.decide(source, profiles)
    return profiles, fields, list(detections)


def told(detections: Iterable[Detection], verdict: str = "type") -> dict[str, str]:
    """The category by the field's part of its URN."""
    return {d.field.partition("#")[2]: d.category for d in detections if d.verdict == verdict}
