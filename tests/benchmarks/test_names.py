"""The figures of name evidence that the shipped vocabulary and weights must keep."""

from __future__ import annotations

import json

import pytest

from benchmarks.accuracy import fit, labelled, names
from pii_scan.core.category import Taxonomy
from pii_scan.data import load
from pii_scan.data.load import taxonomy
from pii_scan.detect import vocabulary
from pii_scan.detect.names import Names
from pii_scan.detect.options import Options
from tests.shared_data import shared

FIELDS = ("benchmarks", "saas_fields.dev.jsonl")


@pytest.fixture(scope="module")
def tree() -> Taxonomy:
    return taxonomy()


@pytest.fixture(scope="module")
def reader(tree) -> Names:
    return Names(tree, vocabulary.shipped(), Options())


@pytest.fixture(scope="module")
def collections() -> tuple[labelled.Collection, ...]:
    return labelled.read(shared(*FIELDS))


@pytest.fixture(scope="module")
def fitted(collections, reader):
    """The examples, the priors, and the weights that fitting gives."""
    found = fit.examples(collections, reader)
    priors = {name: float(e["prior"]) for name, e in load.read("names", "weights.yaml")["clues"].items()}
    return found, priors, fit.fit(found, priors)


def test_the_figures_of_the_shipped_weights(tree):
    figures = names.measure(names.cases(shared(*FIELDS), tree), tree)
    assert figures["F1"] >= 0.88
    assert figures["right category among found"] >= 0.90
    assert figures["fields"] == 1438
    assert len(figures["processors"]) == 24
    assert sum(own["fields"] for own in figures["processors"].values()) == figures["fields"]


def test_the_figures_on_processors_left_out(collections, fitted, reader):
    found, priors, _ = fitted
    cases = fit.left_out(collections, found, priors, reader)
    figures = names.measure(cases, reader.taxonomy)
    assert len(cases) == 1438
    assert figures["F1"] >= 0.87
    assert figures["right category among found"] >= 0.90


def test_the_shipped_weights_are_as_fitted(fitted):
    shipped = load.read("names", "weights.yaml")["clues"]
    assert fitted[2] == {name: entry["weight"] for name, entry in shipped.items()}


def test_fitting_twice_gives_the_same(fitted):
    found, priors, weights = fitted
    assert fit.fit(found, priors) == weights


def test_without_examples_weights_are_their_priors():
    assert fit.fit([], {"strong": 4.8, "weak": 1.0}) == {"strong": 4.8, "weak": 1.0}


def test_a_clue_of_what_is_not_personal_loses_weight():
    examples = [fit.Example("one", ("weak",), -3.0, 1.0, False) for _ in range(50)]
    assert fit.fit(examples, {"weak": 3.0})["weak"] < 3.0


def test_fields_of_any_kind_are_measured(tmp_path, tree):
    records = [
        {"dataset": "new", "collection": "people", "field": "email", "labels": ["user.contact.email"]},
        {
            "dataset": "new",
            "collection": "people",
            "field": "x",
            "type": "object",
            "labels": ["user.never.heard"],
        },
        {"dataset": "new", "collection": "people", "field": "y", "type": "string[]", "labels": []},
        {"dataset": "new", "collection": "people", "field": "email", "type": None, "labels": None},
    ]
    path = tmp_path / "fields.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records) + "\n\n", encoding="utf-8")
    figures = names.measure(names.cases(path, tree), tree)
    assert (figures["fields"], figures["personal"], figures["precision"], figures["recall"]) == (
        3,
        2,
        1.0,
        0.5,
    )
    assert figures["confusions"] == [{"label": "user.never.heard", "told": "nothing", "count": 1}]
