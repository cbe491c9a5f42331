"""Whose values an export holds: told from keyed sketches that the real engine made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from random import Random

import pyarrow as pa
import pytest

from pii_scan.core.keyed import Key
from pii_scan.core.model import LOCATOR, Batch, Dataset, Field, Store
from pii_scan.core.valueset import K, ValueSet
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


@pytest.mark.parametrize("pointing", ["cache", "zebra"])
def test_what_others_point_at_is_the_source(pointing: str) -> None:
    counts = {"users": 600, pointing: 200}
    own = {f"sqlite://app/{name}#email": sets(OURS[:count]) for name, count in counts.items()}
    repeated = {f"sqlite://app/{pointing}": {"sqlite://app/users"}}
    (source,) = sources(own, {"files://e/x.csv#c": sets(OURS[:100], "c")}, repeated)
    assert source.field == "sqlite://app/users#email"
    (whole,) = sources(own, {"files://e/x.csv#c": sets(OURS[:195], "c")}, repeated)
    assert whole.field == f"sqlite://app/{pointing}#email", "the export is the whole of that table"


def test_other_people_of_the_same_domain_and_lists_of_a_few_are_none() -> None:
    assert found(people(9)) == []
    assert found(OURS[:15]) == []


NUMBERS = [Random(7).randrange(10**8) + n for n in range(0, 9_000_000, 30_011)]


def phones(write: str, **own: str) -> list[tuple[str, str]]:
    """Kind and share of what is told of numbers that both have, written as formats say."""
    ours = {
        f"sqlite://app/{name}#tel": sets([form.format(n) for n in NUMBERS], "phone")
        for name, form in own.items()
    }
    theirs = {"files://e/x.csv#c": sets([write.format(n) for n in NUMBERS[:200]], "phone")}
    return [(s.kind, f"{s.containment.share:.0%}") for s in sources(ours, theirs)]


def test_phones_are_compared_in_full_where_their_country_is_written() -> None:
    assert phones("0033 6 {:08d}", users="+336{:08d}") == [("e164", "100%")]
    assert phones("+44 (0)20 {:08d}", users="+4420{:08d}") == [("e164", "100%")]
    assert phones("+4916{:08d}", users="+336{:08d}") == [], "other countries' numbers may end alike"
    assert phones("06 {:08d}", users="+336{:08d}") == [("phone", "100%")]


def drawn(draw: Random, size: int, known: Sequence[int] = ()) -> list[int]:
    """The smallest hashes of a set of so many values, of which some are known."""
    below = (K << 64) // size
    kept = [word for word in known if word < below]
    return sorted([*kept, *(draw.randrange(below) for _ in range(K - len(kept)))])


@pytest.mark.parametrize(("share", "told"), [(0.2, False), (0.6, True)])
def test_endings_that_a_large_column_has_by_accident_are_not_told(share: float, told: bool) -> None:
    """A fifth of all endings is among twenty million numbers."""
    draw = Random(8)
    theirs = drawn(draw, 10**6)
    ours = drawn(draw, 2 * 10**7, [word for word in theirs if draw.random() < share])
    made = [{"phone": ValueSet(b"".join(w.to_bytes(8, "little") for w in words))} for words in (ours, theirs)]
    found = sources({"sqlite://app/users#tel": made[0]}, {"files://e/x.csv#c": made[1]})
    assert bool(found) is told


GIVEN = [
    f"{one}{two}" for one in ("An", "Bel", "Cor", "Dan", "El", "Fab", "Gil") for two in ("a", "ina", "ius")
]
FAMILY = [
    f"{one}{two}" for one in ("Mar", "Sten", "Wink", "Hol", "Brau") for two in ("tin", "berg", "ler", "mann")
]


def named(seed: int, count: int) -> list[str]:
    """Full names of which there are 420, so that any two lists have some in common."""
    draw = Random(seed)
    return [f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}" for _ in range(count)]


def hashed(values: Sequence[str]) -> ValueSet:
    words = sorted({int.from_bytes(hashlib.sha256(value.encode()).digest()[:8], "big") for value in values})
    return ValueSet(b"".join(word.to_bytes(8, "little") for word in words))


def tables(people: dict[str, tuple[list[str], list[str]]]) -> dict[str, dict[str, ValueSet]]:
    """Addresses and names of tables."""
    made = {}
    for name, (mails, names) in people.items():
        made[f"{name}#email"], made[f"{name}#name"] = {"email": hashed(mails)}, {"text": hashed(names)}
    return made


def told_names(export: tuple[list[str], list[str]]) -> set[str]:
    """The tables of twelve whose names the export has."""
    company = {f"sqlite://app/t{n}": (people(n, 150), named(n, 150)) for n in range(12)}
    found = sources(tables(company), tables({"files://e/x.csv": export}))
    return {s.field.split("/")[-1].partition("#")[0] for s in found if s.kind == "text"}


@pytest.mark.parametrize("few", [25, 40, 80])
def test_names_of_two_tables_in_one_export_are_told_beside_their_addresses(few: int) -> None:
    mails, names = people(3, 150)[:80] + people(5, 150)[:few], named(3, 150)[:80] + named(5, 150)[:few]
    assert told_names((mails, names)) == {"t3", "t5"}


@pytest.mark.parametrize("seed", range(20, 30))
def test_names_of_others_beside_addresses_of_ours_are_not_told(seed: int) -> None:
    """Such as those of the partner's own staff."""
    assert told_names((people(3, 150)[:90] + people(5, 150)[:40], named(seed, 130))) == set()


def test_names_of_a_table_whose_people_another_one_explains_are_not_told() -> None:
    """Unless it has the names of nearly all of them, as a table of profiles beside that of accounts."""
    mails, names = people(3, 150), named(3, 150)
    for count, told in ((60, set()), (150, {"profiles"})):
        company = tables({"sqlite://app/profiles": (mails[:count], names[:count])})
        company["sqlite://app/users#email"] = {"email": hashed(mails)}
        found = sources(company, tables({"files://e/x.csv": (mails[:90], names[:90])}))
        assert {s.field.split("/")[-1].partition("#")[0] for s in found if s.kind == "text"} == told


def test_names_alone_must_be_most_of_the_list_and_no_accident() -> None:
    assert told_names((people(40, 100), named(4, 150)[:100])) == {"t4"}
    assert told_names((people(40, 100), [*named(4, 150)[:40], *named(41, 60)])) == set()
    assert told_names((people(40, 400), named(42, 400))) == set()


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
