"""The forms in which flows are shown."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pii_scan.core.category import Category, Taxonomy
from pii_scan.core.errors import ConfigError
from pii_scan.core.inventory import Inventory, ScanRun
from pii_scan.core.lineage import Flow, FlowEvidence, Processor
from pii_scan.run.asking import Question
from pii_scan.run.lineage import answer

TAXONOMY = Taxonomy(
    {
        k: Category(k, p)
        for k, p in {"user": (), "user.contact": ("user",), "user.contact.email": ("user.contact",)}.items()
    }
)
SEEN = (FlowEvidence("export", "files://x/a.csv", "header of a mail export"),)
FLOWS = (
    Flow("files://x/a.csv#email", "mailer", "user.contact.email", "confirmed", SEEN),
    Flow("logs://l/out.log#host", "tracker", "", "contact only"),
)
INVENTORY = replace(
    Inventory(ScanRun("r", "", "2026-01-31"), TAXONOMY),
    flows=FLOWS,
    processors=(Processor("mailer", "Mailer"), Processor("tracker", "Tracker")),
)


def test_the_table_has_a_line_a_flow():
    told = answer(INVENTORY, Question())
    assert [line.split()[0] for line in told.splitlines()] == ["mailer", "tracker"]


@pytest.mark.parametrize(
    ("question", "count"),
    [
        (Question(recipient="mailer"), 1),
        (Question(category="user.contact"), 1),
        (Question(urn="files://x/a.csv"), 1),
        (Question(urn="files://x"), 1),
    ],
)
def test_questions_narrow(question, count):
    assert len(json.loads(answer(INVENTORY, question, "json"))["flows"]) == count


def test_an_unknown_category_is_an_error():
    with pytest.raises(ConfigError, match="unknown category"):
        answer(INVENTORY, Question(category="user.nonsense"))


def test_graph_forms_quote_what_they_are_given():
    hostile = replace(INVENTORY, flows=(replace(FLOWS[0], recipient='a"]; x\n-->'),))
    assert '"]' not in answer(hostile, Question(), "dot").replace('"];', "")
    assert answer(hostile, Question(), "mermaid").count("\n") == 3


def test_an_unknown_recipient_is_an_error_with_the_one_meant():
    with pytest.raises(ConfigError, match="did you mean 'mailer'"):
        answer(INVENTORY, Question(recipient="mailr"))
