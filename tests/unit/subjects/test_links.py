"""Which columns hold keys of which tables where no constraint says so."""

from __future__ import annotations

import pytest

from pii_scan.core.model import Dataset, Field, Store
from pii_scan.subjects.links import links

STORE = Store("sqlite", "app")


def _dataset(name: str, *columns: str, kind: str = "table", store: Store = STORE) -> Dataset:
    bare = Dataset(store, ("main", name), kind=kind)
    return Dataset(store, ("main", name), kind=kind, fields=tuple(Field(bare.urn, (c,)) for c in columns))


def _pairs(*datasets: Dataset, inside: tuple[Field, ...] = ()) -> set[tuple[str, str]]:
    return {(link.child_path[-1], link.parent_path[-1]) for link in links(datasets, inside)}


@pytest.mark.parametrize(
    ("column", "key"),
    [("user_id", "id"), ("userId", "id"), ("id_user", "id"), ("fk_user", "id"), ("user_uuid", "uuid")],
)
def test_a_column_named_after_a_table_is_a_key_of_it(column, key):
    users, visits = _dataset("users", "id", "uuid", "email"), _dataset("visits", "id", column)
    assert _pairs(users, visits) == {(column, key)}


@pytest.mark.parametrize("column", ["who", "user_name", "used_id", "paid", "idea"])
def test_others_are_not(column):
    assert _pairs(_dataset("users", "id"), _dataset("visits", "id", column)) == set()


def test_tables_with_one_prefix_are_beside_each_other():
    assert _pairs(_dataset("wp_users", "id"), _dataset("wp_meta", "user_id")) == {("user_id", "id")}
    assert _pairs(_dataset("wp_users", "id"), _dataset("crm_meta", "user_id")) == set()


def test_an_id_inside_a_cell_is_told_by_the_name_above_it():
    jobs = _dataset("jobs", "id", "payload")
    inside = (
        Field(jobs.urn, ("payload", "user", "id")),
        Field(jobs.urn, ("payload", "order", "id")),
        Field(jobs.urn, ("payload", "id")),
    )
    found = [link for link in links((_dataset("users", "id"), jobs), inside) if link.inside]
    assert [link.child_path for link in found] == [("payload", "user", "id")]


def test_a_log_names_a_table_if_one_alone_has_the_name():
    log = _dataset("app.log", kind="log", store=Store("logs", "logs"))
    users, inside = _dataset("users", "id"), (Field(log.urn, ("user_id",)),)
    assert _pairs(users, log, inside=inside) == {("user_id", "id")}
    other = _dataset("users", "id", store=Store("sqlite", "crm"))
    assert _pairs(users, other, log, inside=inside) == set()
