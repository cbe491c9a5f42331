"""People and places in columns, on lists of invented people and of things that are none, written by hand."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pii_scan.data import load
from pii_scan.detect import gazetteer, ngrams, shares
from pii_scan.detect.entries import Entries, pack
from pii_scan.detect.people import KINDS, People, evidence

FOLDER = Path(__file__).parent / "columns"
#: What the prior takes away before a column has a type.
NEEDED = -load.read("verdict.yaml")["priors"]["user.name"]["weight"]
NAMES = ("user.name", "user.name.first", "user.name.last")


def listed(name: str) -> dict:
    return YAML(typ="safe").load((FOLDER / name).read_text(encoding="utf-8"))


PERSONS, PARTS, OTHERS = listed("people.yaml"), listed("names.yaml"), listed("others.yaml")


@pytest.fixture(scope="module")
def people() -> People:
    return People()


def odds(people: People, values: list[str], rows: int | None = None) -> dict[str, float]:
    counts = people.look([str(v) for v in values])
    distinct = len(set(values))
    return {e.category: e.weight for e in evidence(counts, distinct, rows or distinct)}


def named(people: People, values: list[str]) -> str:
    """The category of a name that the values alone give the column, or nothing."""
    found = {c: w for c, w in odds(people, values).items() if c in NAMES and w >= NEEDED}
    return max(found, key=lambda c: found[c], default="")


def test_there_are_columns_enough():
    assert len(PERSONS) >= 40
    assert len(OTHERS) >= 90


def test_columns_of_people_are_people(people):
    told = {name: named(people, values) for name, values in PERSONS.items()}
    missed = {name: category for name, category in told.items() if category != "user.name"}
    assert len(missed) <= 0.05 * len(PERSONS), missed


@pytest.mark.parametrize("name", OTHERS)
def test_columns_of_other_things_are_no_full_names(people, name):
    assert named(people, OTHERS[name]) != "user.name"


def test_hardly_any_other_column_is_a_part_of_a_name(people):
    told = Counter({name: 1 for name, values in OTHERS.items() if named(people, values)})
    assert len(told) <= 0.02 * len(OTHERS), dict(told)


@pytest.mark.parametrize(
    "name", [n for n in OTHERS if n.startswith(("product", "status", "country", "month", "compan"))]
)
def test_closed_lists_products_and_companies_are_never_people(people, name):
    assert not named(people, OTHERS[name])
    assert not named(people, [v.upper() for v in OTHERS[name]])
    assert not named(people, [v.lower() for v in OTHERS[name]])


@pytest.mark.parametrize(("part", "category"), [("given", "user.name.first"), ("family", "user.name.last")])
def test_parts_of_names(people, part, category):
    told = {name: odds(people, values).get(category, 0.0) for name, values in PARTS[part].items()}
    assert sum(weight > 0 for weight in told.values()) >= 0.85 * len(told), told


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("cities", "user.contact.address.city"),
        ("cities like people", "user.contact.address.city"),
        ("cities named after people", "user.contact.address.city"),
        ("cities upper", "user.contact.address.city"),
        ("country names", "user.contact.address.country"),
        ("country names french", "user.contact.address.country"),
        ("country names german", "user.contact.address.country"),
        ("us states", "user.contact.address.state"),
        ("streets", "user.contact.address.street"),
        ("streets french", "user.contact.address.street"),
        ("streets german", "user.contact.address.street"),
        ("addresses", "user.contact.address"),
    ],
)
def test_places(people, name, category):
    found = odds(people, OTHERS[name])
    assert max(found, key=lambda c: found[c]) == category
    assert 0 < found[category] < NEEDED  # a place alone is nobody's


def test_a_claimed_column_of_other_things_has_evidence_against_it(people):
    for name in ("products", "skus", "error messages", "statuses"):
        found = odds(people, OTHERS[name])
        assert found["user.name"] < -1, name
        assert found["user.name.first"] < -1, name


def test_given_names_say_nothing_against_names(people):
    assert odds(people, PARTS["given"]["english"]).get("user.name", 0.0) >= 0


def test_few_values_weigh_little(people):
    long, short = PERSONS["full english"], PERSONS["full english"][:2]
    assert 0 < odds(people, short)["user.name"] < odds(people, long)["user.name"]


def test_values_seen_again_in_other_batches_add_no_weight(people):
    once = people.look(PERSONS["full english"][:5])
    often = {key: 100 * count for key, count in once.items()}
    assert next(evidence(often, 5, 500)).weight == next(evidence(once, 5, 500)).weight


def test_few_distinct_names_over_many_rows_weigh_less(people):
    values = PARTS["given"]["english"][:6]
    assert odds(people, values, rows=5000).get("user.name.first", 0) < odds(people, values)["user.name.first"]


def test_counts_add_up_and_hold_no_value(people):
    counts = people.look(["Ada Thornbury", "Paris", "", "  ", "ZX-9", "x" * 500])
    assert counts["looked"] == 4
    assert sum(count for key, count in counts.items() if key.startswith("best_")) == 4
    plain = {"looked", *KINDS, *(f"best_{k}" for k in KINDS), *(f"known_{k}" for k in KINDS)}
    assert set(counts) <= plain | {f"{heap} {key}" for heap in range(shares.HEAPS) for key in plain}
    heaps = [counts.get(f"{heap} looked", 0) for heap in range(shares.HEAPS)]
    assert sum(heaps) == 3  # all but the one that is too long
    told = " ".join(e.detail for e in evidence(counts, 4, 4))
    assert "Thornbury" not in told
    assert "Paris" not in told


@pytest.mark.parametrize("word", ["nada", "Max", "Paris", "none", "admin"])
def test_one_word_over_and_over_makes_no_column_of_names(people, word):
    rest = [f"{other} {n}" for n in range(4) for other in ("pendiente", "llamar", "revisar", "falta")]
    counts = people.look([*[word] * 360, *rest])
    assert not [e for e in evidence(counts, len(rest) + 1, 360 + len(rest)) if e.weight > 0]


def test_names_stay_names_beside_the_commonest(people):
    given = [full.split()[0] for full in PERSONS["full english"]]
    counts = people.look([*["Ada"] * 60, *given * 4])
    assert max(e.weight for e in evidence(counts, len(set(given)), 60 + 4 * len(given))) > 0


def test_evidence_names_its_source_and_its_count(people):
    said = next(
        e for e in evidence(people.look(PERSONS["full english"]), 10, 10) if e.category == "user.name"
    )
    assert (said.kind, said.detector) == ("people", "gazetteer")
    assert re.fullmatch(r"(9|10) of 10 values looked at are full names of people", said.detail)


def test_nothing_looked_at_says_nothing(people):
    assert people.look([]) == {}
    assert not list(evidence({}, 0, 0))
    assert not list(evidence(people.look(["", " "]), 0, 10))


@pytest.mark.parametrize(
    "value",
    [
        *("x" * 1_000_000, "Ada " * 250_000, "\x00\x01\x02", "\ud800", "\u200b\u200b", "\u0301\u0301"),
        *(
            "😀🎉👩‍👩‍👧",
            "0123456789",
            "'" * 5,
            "-- , .",
            "a" * 120,
            "." * 120,
            "é" * 240,
            "A, B, C, D, E, F, G",
        ),
    ],
)
def test_hostile_values_are_no_people(people, value):
    started = time.process_time()
    counts = people.look([value, value])
    assert counts.get("person", 0) == counts.get("given", 0) == counts.get("family", 0) == 0
    assert counts.get("looked", 0) == 2
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    "value", ["ﷺ", "\u202eadA norybnrohT\u202c", "Ａｄａ Ｔｈｏｒｎｂｕｒｙ", "ǅ ǆ", "İ. ı"]
)
def test_odd_letters_are_read(people, value):
    assert people.look([value])["looked"] == 1


def test_a_long_value_is_cut_before_it_is_read(people):
    values = ["Ada Thornbury " * 100_000] * 200
    started = time.process_time()
    assert people.look(values) == {"best_other": 200, "looked": 200, "other": 200}
    assert time.process_time() - started < 0.5


def test_looking_costs_little(people):
    values = [v for values in PERSONS.values() for v in values][:400]
    people.look(values)
    cost = min(_seconds(lambda: people.look(values)) for _ in range(5)) / len(values)
    assert cost < 100e-6  # 16 microseconds on a quiet core


def _seconds(call) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


def test_the_same_values_give_the_same_counts_in_any_batches(people):
    values = PERSONS["mixed world"] + OTHERS["cities"] + OTHERS["skus"]
    whole = people.look(values)
    parts = Counter(people.look(values[:7])) + Counter(people.look(values[7:]))
    assert dict(parts) == whole


def test_plain_forms():
    assert gazetteer.plain("Søren Ørsted") == "soren orsted"
    assert gazetteer.plain("Łukasz Żółć") == "lukasz zolc"
    assert gazetteer.plain("GÖRDES") == "gordes"
    assert gazetteer.plain("İPEK") == "ipek"
    assert gazetteer.words("o'brien-smith, a.") == ["o'brien", "smith", "a"]


def test_the_gazetteer_is_read_as_it_was_written():
    entries = {"ada": 3, "san jose": 32, "paris": 97, "ada b": 1, "çelik": 260, "山本": 4}
    packed = Entries(pack(entries))
    assert packed == entries
    assert [packed.get(word) for word in ("", "ad", "adaa", "zzz", "\udcff")] == [None] * 5
    assert packed.get("nobody", 0) == 0


def test_n_grams_do_not_depend_on_the_texts_beside():
    alone, together = ngrams.grams(["ada"]), ngrams.grams(["byron", "ada", ""])
    start, end = together.ends[0], together.ends[1]
    assert list(together.hashes[start:end]) == list(alone.hashes)


def test_the_shipped_files_are_small():
    folder = Path(shares.__file__).parents[1] / "data" / "people"
    assert sum(p.stat().st_size for p in folder.iterdir()) < 5_000_000
    assert (folder / "ngrams.bin").stat().st_size < 1_000_000
