"""What holds for all reports: they survive anything, are deterministic, and leak no control."""

from __future__ import annotations

import random
import re
from dataclasses import fields, replace

import pytest

from pii_scan import plugins
from pii_scan.core.errors import ConfigError

from . import crowds, factory
from .writing import FORMATS, KINDS, naughty, written

CASES = {
    "company": factory.company,
    "empty": factory.empty,
    "undeclared": factory.undeclared,
    "hostile": lambda: crowds.hostile(naughty()),
}
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture(scope="module", params=CASES)
def case(request):
    return CASES[request.param]()


@pytest.mark.parametrize("name", FORMATS)
def test_it_is_a_frozen_report_of_its_name(name):
    report = plugins.get("reports", name)
    assert report.name == name
    assert report.suffix.startswith(".")
    with pytest.raises(AttributeError):
        report.name = "other"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FORMATS)
def test_every_kind_of_every_inventory_is_written(name, kind, case):
    text = written(name, case, kind=kind)
    assert text.endswith("\n") or (name == "openlineage" and not case.flows)  # no flow, no event
    text.encode("utf-8")  # no lone surrogate
    assert not CONTROLS.search(text), ascii(CONTROLS.search(text))


@pytest.mark.parametrize("name", FORMATS)
def test_the_order_of_the_inventory_changes_nothing(name):
    """Reports sort everything themselves."""
    inventory = factory.company()
    chance = random.Random(3)
    mixed = {}
    for field in fields(inventory):
        value = getattr(inventory, field.name)
        if isinstance(value, tuple):
            mixed[field.name] = tuple(chance.sample(value, len(value)))
    assert written(name, replace(inventory, **mixed), kind="all") == written(name, inventory, kind="all")


@pytest.mark.parametrize("name", ["terminal", "markdown", "html"])
def test_a_cut_is_stated(name):
    text = written(name, crowds.many(60, 20), kind="all")
    assert re.search(r"[\d,]+ more \w+", text), "nothing says that rows were left out"
    assert len(text) < 3_000_000


@pytest.mark.parametrize("options", [{"kind": "poem"}, {"kind": "all", "limit": "0"}, {"limit": "many"}])
@pytest.mark.parametrize("name", ["terminal", "markdown", "html"])
def test_a_wrong_option_is_refused(name, options):
    with pytest.raises(ConfigError):
        written(name, factory.empty(), **options)
