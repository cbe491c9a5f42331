"""A made-up company of which it is known where everybody's data is: all of it is found, and no more."""

from __future__ import annotations

import pytest

from benchmarks.subjects import asking, company


@pytest.fixture(scope="module")
def score(tmp_path_factory):
    made = company.made(tmp_path_factory.mktemp("company"), subjects=12, seed=7)
    return asking.asked(made, packages=3)


def test_every_record_is_found_and_nobody_elses(score):
    assert score.people == 12
    assert len(score.wanted) >= 35  # kinds of places
    assert not score.missed
    assert not score.foreign
    assert not score.gaps


def test_rows_of_others_are_not_taken_for_the_persons_own(score):
    assert not score.swallowed
    assert not score.miscounted


def test_no_package_holds_anybody_else_and_every_redaction_has_its_line(score):
    assert score.packages == 3
    assert not score.refused
    assert not score.leaks
    assert score.redactions
    assert score.unlogged == 0
