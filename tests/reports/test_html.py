from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from itertools import pairwise

import html5lib
import pytest

from . import crowds, factory
from .writing import KINDS, naughty, written

CASES = {
    "company": factory.company,
    "empty": factory.empty,
    "undeclared": factory.undeclared,
    "hostile": lambda: crowds.hostile(naughty()),
    "busy": lambda: crowds.busy(60),
}
#: Elements that run, load, submit or embed something.
ACTIVE = {"script", "iframe", "object", "embed", "img", "image", "form", "input", "button", "link", "base"}
ACTIVE |= {"audio", "video", "foreignobject", "use", "animate", "set", "template", "portal", "frame", "a:svg"}


def parsed(text: str):
    return html5lib.parse(text, namespaceHTMLElements=False)


@pytest.fixture(scope="module", params=CASES)
def page(request):
    return written("html", CASES[request.param]())


def name(element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def words(element) -> str:
    return " ".join("".join(element.itertext()).split())


def rows(tree) -> set[str]:
    """The rows of all tables below, each as its cells' texts."""
    return {" ".join(words(cell) for cell in row) for row in tree.iter("tr")}


def by_id(tree, identity: str):
    return next(e for e in tree.iter() if e.get("id") == identity)


def test_nothing_in_the_page_can_run_or_load(page):
    for element in parsed(page).iter():
        assert name(element) not in ACTIVE
        for key, value in element.attrib.items():
            assert not key.lower().startswith("on"), key
            assert key not in ("style", "src", "srcset", "action", "formaction"), key
            if key.rpartition("}")[2] == "href":
                assert re.fullmatch(r"#[a-z0-9-]+", value)


def test_data_never_becomes_an_element():
    """The page of hostile names has no element that the page of harmless ones lacks."""
    strings = naughty()
    count = Counter(name(e) for e in parsed(written("html", crowds.hostile(strings))).iter())
    plain = [f"word{i}" for i in range(len(strings))]
    harmless = Counter(name(e) for e in parsed(written("html", crowds.hostile(plain))).iter())
    assert set(count) <= set(harmless)


def test_hostile_text_is_shown_as_it_is():
    tree = parsed(written("html", crowds.hostile(["<script>alert(1)</script>", "{{ 7 * 7 }}"])))
    assert "<script>alert(1)</script>" in words(by_id(tree, "findings"))
    assert "{{ 7 * 7 }}" in words(by_id(tree, "findings"))


def test_the_policy_allows_the_one_style_sheet_and_nothing_else(page):
    tree = parsed(page)
    metas = [e for e in tree.iter("meta") if e.get("http-equiv") == "Content-Security-Policy"]
    style = next(tree.iter("style")).text
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert [m.get("content") for m in metas] == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]
    assert len(list(tree.iter("style"))) == 1
    assert "url(" not in style
    assert "@import" not in style


def test_it_names_no_other_host():
    assert not re.search(
        r"(?:https?:)?//(?!exports|logs|app)[a-z0-9-]+\.", written("html", factory.company())
    )


def test_it_can_be_read_without_seeing_it(page):
    tree = parsed(page)
    assert next(tree.iter("html")).get("lang") == "en"
    assert next(tree.iter("title")).text
    assert len(list(tree.iter("h1"))) == 1
    for table in tree.iter("table"):
        assert words(next(table.iter("caption")))
        assert all(th.get("scope") for th in table.iter("th"))
    for element in tree.iter():
        if name(element) == "svg":
            assert element.get("role") == "img"
            assert element.get("aria-label")
        if element.get("class") == "scroll":
            assert element.get("tabindex") == "0"
            assert element.get("aria-label")
    levels = [int(e.tag[1]) for e in tree.iter() if isinstance(e.tag, str) and re.fullmatch("h[1-6]", e.tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_link_has_its_target(page):
    tree = parsed(page)
    known = Counter(e.get("id") for e in tree.iter() if e.get("id"))
    assert not [key for key, count in known.items() if count > 1]
    assert {e.get("href")[1:] for e in tree.iter("a")} <= set(known)


def test_the_first_screen_answers_the_three_questions():
    answers = words(by_id(parsed(written("html", factory.company())), "answers"))
    for said in (
        "17 fields with personal data in 7 datasets of 3 stores",
        "1 field of them with special categories",
        "5 recipients observed, 2 not declared",
        "7 claims held against the data, 5 findings",
        "3 objects could not be looked at in full",
    ):
        assert said in answers


def test_the_first_screen_names_each_check_once_with_its_count():
    answers = words(by_id(parsed(written("html", factory.company())), "answers"))
    assert "critical Card data outside billing 1 finding" in answers
    assert "low to look into Unevidenced recipient 1 finding" in answers


def test_a_finding_shows_its_evidence_and_the_claims_words():
    finding = factory.company().findings[0]
    shown = words(by_id(parsed(written("html", factory.company())), f"f-{finding.fingerprint}"))
    assert "12 of 500 rows hold a card number" in shown
    assert "payment data is stored with our billing provider" in shown
    assert "sharing.yaml, line 67" in shown


def test_the_picture_has_every_recipient_and_the_undeclared_stand_out():
    tree = parsed(written("html", factory.company()))
    nodes = {words(e): e.get("class") for e in tree.iter() if "node" in (e.get("class") or "").split()}
    looks = {label: look for label, look in nodes.items() if "Insight" in label or "Mailer" in label}
    assert sorted("undeclared" in look for look in looks.values()) == [False, True]
    edges = [words(e) for e in tree.iter() if (e.get("class") or "").startswith("edge ")]
    assert "E-mail address to Insight Analytics: omitted, confirmed, 1 field" in edges
    assert len({edge for edge in edges if " to " in edge}) == 7


def test_the_table_under_the_picture_says_the_same():
    table = next(
        t for t in parsed(written("html", factory.company())).iter("table") if "Who receives what" in words(t)
    )
    cells = rows(table)
    assert (
        "Insight Analytics not declared E-mail address omitted confirmed 1 exports/insight-events.jsonl"
        in cells
    )
    assert len(cells) == 1 + 7


def test_a_busy_picture_is_cut_and_says_so():
    text = written("html", crowds.busy(60), kind="lineage")
    assert "15 more recipients as one box" in text
    assert text.count('class="node') <= 24 + 24 + 46


def test_the_matrix_names_the_gravest_class_and_the_company_itself():
    tree = parsed(written("html", factory.company()))
    table = next(t for t in tree.iter("table") if t.get("class") == "matrix")
    cells = {words(r.find("th")): [words(c) for c in r.findall("td")] for r in table.find("tbody")}
    assert "incorrect 1 field" in cells["We collect and keep"]
    assert cells["Insight Analytics not declared"].count("omitted 1 field") == 2
    assert "observed 1 field" in cells["Deskly"]
    assert [words(th) for th in table.find("thead").iter("th")][-1] == "Any data"
    assert cells["Ghost CRM"][-1] == "unevidenced"


def test_ages_stand_beside_the_declared_period():
    shown = rows(by_id(parsed(written("html", factory.company())), "retention"))
    bookings = next(row for row in shown if "starts_at" in row)
    assert bookings.startswith("app/public/bookings › starts_at 2019-03-02 2026-01-30 2,527")
    assert bookings.endswith("C33: 730 days and 7 of grace over")
    assert any("users › created_at" in row and row.endswith("none") for row in shown)


def test_the_ledger_has_every_object_and_each_samples_bound():
    section = by_id(parsed(written("html", factory.company())), "coverage")
    whole = list(section.iter("table"))[-1]
    assert len(list(whole.iter("tr"))) == 1 + len(factory.company().coverage)
    assert "0.03%" in words(whole)
    assert "InsufficientPrivilege 42501" in words(section)


def test_the_limit_cuts_the_inventory_and_says_so():
    tree = parsed(written("html", crowds.many(60, 20), limit="100"))
    section = by_id(tree, "inventory")
    assert "… and 1,100 more fields" in words(section)
    assert sum(len(list(t.iter("tr"))) - 1 for t in section.iter("table")) == 100


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_its_sections_alone(kind):
    ids = {e.get("id") for e in parsed(written("html", factory.company(), kind=kind)).iter("section")}
    assert {"answers", "reading"} <= ids
    assert ("findings" in ids) == (kind in ("all", "check"))
    assert ("inventory" in ids) == (kind in ("all", "inventory"))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_texts_stand_out_in_both_schemes(scheme):
    style = next(parsed(written("html", factory.empty())).iter("style")).text
    blocks = [
        dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", b))
        for b in re.findall(r":root {(.*?)}", style, re.S)
    ]
    colours = {**blocks[0], **blocks[scheme]}
    pairs = [(ink, ground) for ink in ("ink", "muted", "accent") for ground in ("page", "card", "raised")]
    pairs += [(c, f"{c}-soft") for c in ("bad", "warn", "vague", "good", "special", "accent")]
    pairs += [("ink", "grey-soft"), ("bad", "card"), ("warn", "card"), ("ink", "warn-soft"), ("good", "page")]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < 4.5} == {}
