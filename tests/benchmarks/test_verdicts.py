"""Weights of verdicts: as fitted on the development columns, and how they do on groups left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.accuracy import evidence, verdicts
from benchmarks.accuracy.development import HIDDEN, NAMED
from benchmarks.accuracy.evidence import Example
from pii_scan.data import load
from tests.shared_data import shared

SHIPPED = load.read(verdicts.FILE)
PRIORS = evidence.settings(SHIPPED)


@pytest.fixture(scope="module")
def fitting(tmp_path_factory: pytest.TempPathFactory) -> verdicts.Fitting:
    fields, chinook = shared("benchmarks", "saas_fields.dev.jsonl"), shared("databases", "chinook.sqlite.gz")
    folder: Path = tmp_path_factory.mktemp("development")
    return verdicts.Fitting(*verdicts.development(fields, chinook, folder), PRIORS)


def test_the_shipped_verdict_is_as_fitted(fitting: verdicts.Fitting) -> None:
    assert verdicts.stale_in(SHIPPED, fitting.fit()) == []


def test_the_figures_on_groups_left_out(fitting: verdicts.Fitting) -> None:
    """With names and values no thing is called a person; without names few things are."""
    figures = verdicts.figures(fitting.left_out())
    assert figures[NAMED]["F1"] >= 0.94
    assert figures[NAMED]["exact"] >= 0.95
    assert figures[NAMED]["things"] == 0
    assert figures[HIDDEN]["precision"] >= 0.95


def example(right: bool, **counts: float) -> Example:
    weights = {f"weights {name}": count for name, count in counts.items()}
    return Example("one", weights, "priors user.contact", 0.0, 1.0, right)


def test_without_examples_settings_are_their_priors() -> None:
    assert verdicts.fit([], PRIORS) == PRIORS


def test_evidence_that_misleads_loses_weight_and_stays_within_its_bounds() -> None:
    fitted = verdicts.fit([example(False, whole=1) for _ in range(500)], PRIORS)
    assert PRIORS["weights whole"] - verdicts.FURTHEST <= fitted["weights whole"] < PRIORS["weights whole"]
    assert fitted["priors user.contact"] < PRIORS["priors user.contact"]
    assert fitted["weights role"] == PRIORS["weights role"]


def test_no_category_takes_less_than_its_prior_asks() -> None:
    fitted = verdicts.fit([example(True, key=1) for _ in range(500)], PRIORS)
    assert fitted["priors user.contact"] == PRIORS["priors user.contact"]
    assert fitted["weights key"] > PRIORS["weights key"]


def test_a_traced_weight_keeps_its_name_and_how_often_it_counts() -> None:
    traced = evidence.options(PRIORS, traced=True).weight("sibling") * 2
    assert isinstance(traced, evidence.Weight)
    assert (traced.name, traced.times, float(traced)) == ("sibling", 2, 2 * PRIORS["weights sibling"])
