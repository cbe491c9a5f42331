"""The categories: a DAG with one root, in which a key may have several parents."""

from __future__ import annotations

import itertools

import pytest

from pii_scan.core.category import ROOT, Category, Taxonomy
from pii_scan.data.load import taxonomy

SMALL = Taxonomy(
    {
        c.key: c
        for c in (
            Category("user"),
            Category("user.contact", ("user",), "Contact data"),
            Category("user.contact.email", ("user.contact",)),
            Category("user.health", ("user",), special=True),
            Category("user.health.email", ("user.health", "user.contact.email")),
            Category("system"),
        )
    }
)


@pytest.fixture(scope="module")
def shipped() -> Taxonomy:
    return taxonomy()


def test_a_category_may_have_several_parents():
    assert SMALL.subsumes("user.contact", "user.health.email")
    assert SMALL.subsumes("user.health", "user.health.email")
    assert not SMALL.subsumes("user.health.email", "user.health")
    assert SMALL.is_special("user.health.email")
    assert not SMALL.is_special("user.contact.email")


def test_distances_are_the_shortest():
    assert SMALL.distance("user", "user.health.email") == 2
    assert SMALL.distance("user.contact", "user.health.email") == 2
    assert SMALL.distance("user.health", "user.contact.email") is None
    assert SMALL.depth("user.contact.email") == 2
    assert SMALL.top("user.contact.email") == "user.contact"


def test_only_what_is_below_the_root_is_personal():
    assert SMALL.is_personal("user.contact")
    assert not SMALL.is_personal("system")
    assert SMALL.depth("system") == 0


def test_unknown_keys_stand_alone():
    assert SMALL.ancestors("nobody.knows") == {"nobody.knows": 0}
    assert "nobody.knows" not in SMALL
    assert SMALL.label("nobody.knows") == "nobody.knows"
    assert SMALL.label("user.contact") == "Contact data"


def test_the_narrowest_are_kept():
    keys = ["user", "user.contact", "user.contact.email", "system", "system"]
    assert SMALL.narrowest(keys) == ("system", "user.contact.email")


def test_the_shipped_categories_have_no_circle_and_no_unknown_parent(shipped):
    for key, category in shipped.categories.items():
        assert set(category.parents) <= set(shipped.categories)
        above = set(shipped.ancestors(key)) - {key}
        assert not any(key in shipped.ancestors(parent) for parent in above), key


def test_subsumption_is_a_partial_order(shipped):
    for a, b in itertools.permutations(shipped.categories, 2):
        if shipped.subsumes(a, b):
            assert not shipped.subsumes(b, a)
            assert set(shipped.ancestors(a)) <= set(shipped.ancestors(b))


def test_every_shipped_personal_category_leads_to_the_root(shipped):
    for key in shipped.categories:
        if key.startswith(f"{ROOT}."):
            assert shipped.is_personal(key)
            assert shipped.distance(ROOT, shipped.top(key)) == 1
