from __future__ import annotations

import re

import html5lib
import pytest
from markdown_it import MarkdownIt

from . import crowds, factory
from .writing import KINDS, naughty, written

ALLOWED = {
    "h2",
    "h3",
    "p",
    "strong",
    "code",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "html",
    "head",
    "body",
}


def rendered(text: str):
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    return html5lib.parse(html, namespaceHTMLElements=False)


@pytest.mark.parametrize("kind", ["check", "inventory"])
def test_golden(golden, kind):
    golden(f"{kind}.md", written("markdown", factory.company(), kind=kind))


@pytest.mark.parametrize("kind", KINDS)
def test_data_is_never_read_as_markup(kind):
    tree = rendered(written("markdown", crowds.hostile(naughty()), kind=kind, limit="2000"))
    assert {element.tag for element in tree.iter()} <= ALLOWED
    assert not [e.attrib for e in tree.iter() if e.attrib]


@pytest.mark.parametrize("kind", KINDS)
def test_data_never_breaks_a_table(kind):
    tree = rendered(written("markdown", crowds.hostile(naughty()), kind=kind, limit="2000"))
    tables = list(tree.iter("table"))
    assert tables
    for table in tables:
        assert len({len(list(row)) for row in table.iter("tr")}) == 1
    assert "|" not in "".join("".join(p.itertext()) for p in tree.iter("p")), "a row fell out of its table"


def test_all_rows_are_there():
    strings = naughty()
    tree = rendered(written("markdown", crowds.hostile(strings), kind="check", limit="2000"))
    assert len(list(next(tree.iter("tbody")))) == len(strings)


@pytest.mark.parametrize("text", ["https://example.com", "www.example.com", "@everyone", "#12", "mailto:x"])
def test_forges_find_no_link_mention_or_reference(text):
    written_text = written("markdown", crowds.hostile([text]), kind="check")
    assert text not in re.sub(r"`[^`]*`", "", written_text), "outside of code spans"


def test_it_leads_with_the_count_and_the_gaps():
    text = written("markdown", factory.company())
    assert "**Findings: 1 critical, 2 high, 1 medium, 1 low.**" in text
    assert "3 objects not looked at in full" in text
    assert "no declared list" in written("markdown", factory.undeclared())
