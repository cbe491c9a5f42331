"""Whose values an export holds: told from keyed sketches that the real engine made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from random import Random

import pyarrow as pa
import pytest

from pii_scan.core.keyed import Key
from pii_scan.core.model import LOCATOR, Batch, Dataset, Field, Store
from pii_scan.core.valueset import ValueSet
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine
from pii_scan.lineage.sources import sources

KEY = Key(bytes(32))
ENGINE = Engine(taxonomy(), (), KEY)


def sets(values: Sequence[str], name: str = "email", engine: Engine = ENGINE) -> dict[str, ValueSet]:
    dataset = Dataset(Store("file", "f"), ("f",))
    dataset = dataset.with_fields(Field(dataset.urn, (name,)))
    table = pa.RecordBatch.from_pydict(
        {name: list(values), LOCATOR: pa.array(range(len(values)), pa.int64())}
    )
    return dict(engine.profile(Batch(dataset, table, ((name,),), 1))[(name,)].sets)


def people(seed: int, count: int = 600) -> list[str]:
    draw = Random(seed)
    return [f"user{draw.randrange(10**9)}@mail.example" for _ in range(count)]


OURS = people(1)


def found(export: Sequence[str], **own: Sequence[str]) -> list[tuple[str, str]]:
    ours = {f"sqlite://app/{name}#email": sets(values) for name, values in (own or {"users": OURS}).items()}
    made = sources(ours, {"files://e/x.csv#c": sets(export, "c")})
    return [(s.field.split("/")[-1], s.algorithm) for s in made]


@pytest.mark.parametrize("change", [str, str.upper, lambda t: f" {t} ", lambda t: t.replace("@", "+x@")])
def test_a_part_of_our_addresses_is_told_however_it_is_written(change: Callable[[str], str]) -> None:
    assert found([change(text) for text in reversed(OURS[100:300])]) == [("users#email", "")]


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256"])
def test_hashed_addresses_are_told_with_the_algorithm(name: str) -> None:
    digests = [hashlib.new(name, text.encode()).hexdigest() for text in OURS[:200]]
    assert found(digests) == [("users#email", name)]


def test_two_tables_in_one_export_are_both_told_and_a_part_of_one_is_not() -> None:
    other = people(2)
    own = {"users": OURS, "leads": other, "guests": [*OURS[:40], *people(3)]}
    assert found([*OURS[:90], *other[:60]], **own) == [("leads#email", ""), ("users#email", "")]


def test_other_people_of_the_same_domain_and_lists_of_a_few_are_none() -> None:
    assert found(people(9)) == []
    assert found(OURS[:15]) == []


def test_counters_and_countries_have_no_sketch() -> None:
    numbers = range(100_000, 100_600)
    assert sets([str(n) for n in numbers], "id") == {}
    assert sets([f"INV-{n}" for n in numbers], "ref") == {}
    assert sets(["FR", "DE", "ES"] * 200, "country") == {}


def test_a_set_does_not_depend_on_how_the_column_is_cut() -> None:
    values = people(5, 3_000)
    cut = sets(values[2_000:])["email"].merge(sets(values[:2_000])["email"])
    assert cut == sets(values)["email"]


def test_without_the_key_nobody_can_test_whether_somebody_is_among_the_values() -> None:
    """Another key's sketch of the same people has no hash in common, that of the same key all."""

    def words(values: ValueSet) -> set[bytes]:
        return {values.hashes[i : i + 8] for i in range(0, len(values.hashes), 8)}

    stolen = words(sets(OURS)["email"])
    guessed = sets(OURS, engine=Engine(taxonomy(), (), Key(b"\1" * 32)))["email"]
    assert not stolen & words(guessed)
    assert stolen == words(sets(OURS, engine=Engine(taxonomy(), (), KEY))["email"])
    digests = {hashlib.blake2b(text.encode(), digest_size=8).digest() for text in OURS}
    assert not stolen & digests
