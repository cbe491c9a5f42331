"""Reads one run as an `Inventory`, in an order that does not depend on how it was written."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ..core.category import Taxonomy
from ..core.inventory import Inventory
from ..core.model import Dataset, Store
from ..core.profile import Profile
from ..core.urn import join
from . import codec, counted, tables

Row = codec.Row


def rows_of(
    connection: sa.Connection, table: sa.Table, run: int, *where: sa.ColumnElement[bool]
) -> list[Row]:
    """The rows of a run, in the order of the table's primary key."""
    wanted = sa.select(table).where(table.c.run == run, *where).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(wanted).mappings()]


def snapshot(connection: sa.Connection, run: Row, taxonomy: Taxonomy) -> Inventory:
    """Everything that the run's rows hold."""
    number = run["number"]
    stores = {row["key"]: codec.store_of(row) for row in rows_of(connection, tables.STORES, number)}
    datasets = _datasets(connection, number, stores)
    ordered = tuple(sorted(datasets.values(), key=lambda d: d.urn))
    rolls, tallies = counted.read(rows_of(connection, tables.COHORTS, number))
    return Inventory(
        run=codec.run_of(run),
        taxonomy=taxonomy,
        stores=tuple(sorted(stores.values(), key=lambda s: s.urn)),
        datasets=ordered,
        fields=tuple(field for dataset in ordered for field in dataset.fields),
        profiles=_profiles(connection, number, {key: dataset.urn for key, dataset in datasets.items()}),
        detections=tuple(
            sorted(
                map(codec.detection_of, rows_of(connection, tables.DETECTIONS, number)),
                key=lambda d: (d.field, d.category, d.verdict),
            )
        ),
        flows=tuple(map(codec.flow_of, rows_of(connection, tables.FLOWS, number))),
        findings=tuple(map(codec.finding_of, rows_of(connection, tables.FINDINGS, number))),
        claims=tuple(map(codec.claim_of, rows_of(connection, tables.CLAIMS, number))),
        coverage=tuple(
            sorted(
                map(codec.coverage_of, rows_of(connection, tables.COVERAGE, number)), key=lambda c: c.dataset
            )
        ),
        settings=tuple(
            sorted(
                map(codec.setting_of, rows_of(connection, tables.SETTINGS, number)),
                key=lambda s: (s.subject, s.name, s.value),
            )
        ),
        entries=tuple(
            sorted(
                map(codec.entry_of, rows_of(connection, tables.ENTRIES, number)),
                key=lambda e: (e.register, e.dataset),
            )
        ),
        edges=tuple(
            sorted(
                map(codec.edge_of, rows_of(connection, tables.EDGES, number)),
                key=lambda e: (e.target, e.source, e.place, e.kind),
            )
        ),
        mappings=tuple(map(codec.mapping_of, rows_of(connection, tables.MAPPINGS, number))),
        rolls=rolls,
        tallies=tallies,
    )


def _datasets(connection: sa.Connection, run: int, stores: dict[str, Store]) -> dict[str, Dataset]:
    fields: dict[str, list[Row]] = {}
    for row in rows_of(connection, tables.FIELDS, run):
        fields.setdefault(row["dataset"], []).append(row)
    return {
        row["key"]: codec.dataset_of(
            row,
            stores[row["store"]],
            tuple(codec.field_of(field, row["urn"]) for field in fields.get(row["key"], ())),
        )
        for row in rows_of(connection, tables.DATASETS, run)
    }


def _profiles(connection: sa.Connection, run: int, urns: dict[str, str]) -> dict[str, Profile]:
    merged: dict[str, Profile] = {}
    for row in rows_of(connection, tables.PROFILES, run):
        urn = join(urns[row["dataset"]], codec.strings(row["path"]), "#")
        _merge_into(merged, urn, row)
    return dict(sorted(merged.items()))


def profiles_of(connection: sa.Connection, run: int, dataset: str) -> dict[tuple[str, ...], Profile]:
    """The merged profiles of a dataset's committed shards."""
    merged: dict[tuple[str, ...], Profile] = {}
    wanted = tables.PROFILES.c.dataset == tables.key_of(dataset)
    for row in rows_of(connection, tables.PROFILES, run, wanted):
        _merge_into(merged, codec.strings(row["path"]), row)
    return merged


def _merge_into(merged: dict[Any, Profile], key: Any, row: Row) -> None:
    profile = codec.profile_of(row["body"])
    merged[key] = merged[key].merge(profile) if key in merged else profile
