"""Shares where checks saw a sample: many phones are all phones, few among texts are told with the doubt."""

from __future__ import annotations

import random

import pytest

from pii_scan.core.detection import Detection, wilson
from pii_scan.core.profile import Hits, Profile
from pii_scan.core.sketch import Sketch
from pii_scan.detect import rules
from pii_scan.detect.extent import Extent

from .batches import batch, dataset, engine, merged

PHONE = "user.contact.phone_number"
EMAIL = "user.contact.email"
ROWS, BATCH = 100_000, 25_000


def numbers(rng: random.Random) -> str:
    return f"+3362{rng.randrange(10**7):07d}"


def told(name: str, values: list[str], most: int = BATCH) -> dict[str, Detection]:
    """The detections of a column that is read in batches, by category."""
    found, source = engine(), dataset("t1", name)
    parts = (batch(source, {name: values[n : n + most]}, n) for n in range(0, len(values), most))
    profiles = merged(found, parts)
    return {d.category: d for d in found.decide(source, profiles)[1]}


@pytest.mark.parametrize("name", ["phone", "c1"])
def test_a_long_column_of_phones_is_one(name):
    """Fewer than one in fifty was looked at, and all of those are numbers."""
    rng = random.Random(3)
    found = told(name, [numbers(rng) for _ in range(ROWS)])[PHONE]
    assert found.verdict == "type"
    assert found.count < ROWS / 50
    assert found.share == pytest.approx(1.0, abs=0.01)
    assert 0.98 < found.low < found.high <= 1.0
    assert any("were not" in e.detail for e in found.evidence)


def test_half_a_column_of_phones_is_half():
    rng = random.Random(4)
    found = told("c1", [numbers(rng) if n % 2 else f"word {n}" for n in range(ROWS)])[PHONE]
    assert found.share == pytest.approx(0.5, abs=0.01)
    assert found.low < 0.5 < found.high


def test_three_phones_among_notes_are_counted_to_the_last():
    """Nothing else has the form, so that all values of it were checked and nothing was left out."""
    values = [f"note number {n} about the matter" for n in range(ROWS)]
    for n in (5, 50_000, 99_000):
        values[n] = f"call +336{12_300_000 + n} about it"
    found = told("notes", values)[PHONE]
    assert (found.verdict, found.count) == ("contains", 3)
    assert found.share == pytest.approx(3 / ROWS, abs=1e-6)
    assert found.high < 1e-4
    assert not any("were not" in e.detail for e in found.evidence)


def test_what_a_sample_of_notes_could_have_missed_is_said():
    """Every note has the form of a number and few have one: the interval holds the truth."""
    rng = random.Random(5)
    values = [f"order +{rng.randrange(10**9, 10**10)} of today" for _ in range(ROWS)]
    for n in range(0, ROWS, 50):
        values[n] = f"call {numbers(rng)} about {n}"
    truth = told("notes", values, 250)[PHONE]  # batches in which all are checked
    found = told("notes", values)[PHONE]
    assert found.verdict == "contains"
    assert found.count < truth.count
    assert found.low <= truth.count / ROWS <= found.high
    assert found.high - found.low > truth.high - truth.low
    detail = next(e.detail for e in found.evidence if e.detector == "limit")
    assert "were not" in detail
    assert "may hold up to" in detail


def profile(rows: int, distinct: int, **hits: tuple[int, int]) -> Profile:
    found = {key: Hits(rows, whole, key) for key, (rows, whole) in hits.items()}
    return Profile(rows=rows, hits=found, sketch=Sketch(tuple(range(distinct))))


def extent(rows: int, **hits: tuple[int, int]) -> Extent:
    """`u_rule` and `c_rule` are the values that a rule's check did not see, and saw."""
    marks = {"u_": "?", "c_": "="}
    marked = {marks.get(name[:2], "") + name[2:]: counts for name, counts in hits.items()}
    return Extent(profile(rows, min(rows, 200), **marked), rules.shipped())


def test_without_a_limit_shares_are_those_of_the_values():
    one = extent(200, c_phone_international=(40, 30))
    assert one.rows(PHONE, Hits(30)) == 30
    assert one.share(PHONE, Hits(30, 12), 12) == 0.06
    assert one.interval(PHONE, Hits(30)) == wilson(30, 200)
    assert one.missed(PHONE, Hits(30)) == ""


def test_values_of_other_forms_are_no_part_of_the_estimate():
    one = extent(1000, u_phone_international=(300, 0), c_phone_international=(300, 150))
    assert one.rows(PHONE, Hits(150)) == 150 + 150


def test_hits_of_rules_without_a_limit_do_not_raise_the_estimate():
    one = extent(
        1000, u_phone_international=(300, 0), c_phone_international=(300, 0), c_phone_digits=(90, 90)
    )
    assert one.rows(PHONE, Hits(90)) == 90


def test_values_that_another_rule_left_out_were_not_seen_either():
    """300 of 1,000 numbers of one form were left to the second rule, which took 240 of them."""
    one = extent(1000, u_pl_pesel=(700, 700), c_pl_pesel=(300, 0), c_phone_national=(300, 240))
    assert one.rows(PHONE, Hits(240)) == 240 + 700 * 240 // 300


def test_texts_that_another_rule_left_out_were_seen():
    one = extent(1000, u_pl_pesel=(700, 0), c_pl_pesel=(300, 0), c_phone_national=(300, 240))
    assert one.rows(PHONE, Hits(240)) == 240


def test_a_rule_without_a_limit_is_not_estimated():
    one = extent(1000, u_phone_international=(300, 300), c_phone_international=(300, 0))
    assert (one.rows(EMAIL, Hits(400)), one.missed(EMAIL, Hits(400))) == (400, "")


def test_a_sample_of_few_distinct_values_is_a_small_one():
    limits = {"?phone_international": (50_000, 0), "=phone_international": (50_000, 25_000)}
    low, high = Extent(profile(100_000, 10, **limits), rules.shipped()).interval(PHONE, Hits(25_000))
    assert high - low > 0.2


def test_an_empty_column_has_no_share():
    assert extent(0).share(PHONE, Hits()) == 0.0
    assert extent(0).interval(PHONE, Hits()) == (0.0, 1.0)
