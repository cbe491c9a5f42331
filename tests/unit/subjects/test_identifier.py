"""Identifiers in all their forms, and what only looks like them."""

from __future__ import annotations

import base64
import hashlib
import json
from urllib.parse import quote

import pytest

from pii_scan.core.errors import ConfigError
from pii_scan.subjects.identifier import identifiers
from pii_scan.subjects.matching import Matcher
from pii_scan.subjects.variants import BETWEEN, sought

MAIL = "ada.ember@lantern.example"
NUMBER = "+442079460012"


def _matcher(text: str) -> Matcher:
    return Matcher.of(identifiers(text))


def _may_hold(text: str, cell: str) -> bool:
    """As a source compares: in lower case, without the loose signs."""
    return any(
        one.text in cell.lower().translate({ord(sign): None for sign in one.loose})
        for one in sought(identifiers(text)[0])
    )


@pytest.mark.parametrize(
    ("given", "cell"),
    [
        (MAIL, MAIL),
        (MAIL, MAIL.upper()),
        ("Ada.Ember+x@Lantern.Example", f"<{MAIL}>"),
        (MAIL, "ada.ember+news@lantern.example"),
        (MAIL, f"mailto:{MAIL}?subject=x"),
        (MAIL, f"https://host.example/a?mail={quote(MAIL, safe='')}&b=1"),
        (MAIL, f"a%20{MAIL}"),
        (MAIL, json.dumps({"a": f"line\n{MAIL}"})),
        (MAIL, MAIL.replace("@", "\\u0040")),
        (MAIL, f"from {MAIL}."),
        (MAIL, hashlib.md5(MAIL.encode()).hexdigest()),
        (MAIL, f"sha1:{hashlib.sha1(MAIL.encode()).hexdigest().upper()}"),
        (MAIL, hashlib.sha256(MAIL.encode()).hexdigest()),
        ("ada.ember@gmail.com", "adaember@googlemail.com"),
        ("adaember@gmail.com", "a.d.a.ember+x@gmail.com"),
        ("zoë@lantern.example", "ZOË@lantern.example"),
        ("zoë@lantern.example", json.dumps("zoë@lantern.example")),
        (NUMBER, NUMBER),
        (NUMBER, "0044 20 7946 0012"),
        (NUMBER, "+44 (0)20 7946-0012"),
        (NUMBER, "(020) 7946 0012, mornings"),
        (NUMBER, "tel:020-79460012"),
        ("cus_9f2Ab7", '{"customer": "cus_9f2Ab7"}'),
    ],
)
def test_every_form_is_asked_for_and_recognised(given, cell):
    assert _may_hold(given, cell)
    assert _matcher(given).match(cell) is not None


@pytest.mark.parametrize(
    ("given", "cell"),
    [
        (MAIL, "nada.ember@lantern.example"),
        (MAIL, "x-ada.ember@lantern.example"),
        (MAIL, "ada.ember@lantern.example.org"),
        (MAIL, "ada.ember@lantern.examples"),
        (MAIL, "ada.ember@other.example"),
        (MAIL, "adaember@lantern.example"),
        (MAIL, "ada.ember"),
        (MAIL, "a" + hashlib.sha256(MAIL.encode()).hexdigest()),
        (MAIL, hashlib.sha256(b"other@lantern.example").hexdigest()),
        (NUMBER, "+4420794600123"),
        (NUMBER, "order 9920794600127"),
        (NUMBER, "+49 20 7946 0012"),
        (NUMBER, "0049-2079460012"),
        ("cus_9f2Ab7", "cus_9f2Ab71"),
    ],
)
def test_others_are_others(given, cell):
    assert _matcher(given).match(cell) is None


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_what_stands_in_base64_is_asked_for(before):
    cell = base64.b64encode(f'{{"{before}": "{MAIL}"}}'.encode()).decode()
    assert _may_hold(MAIL, cell)


def test_a_whole_value_is_told_from_a_longer_text():
    matcher = _matcher(MAIL)
    assert matcher.match(f" {MAIL} ").whole
    assert not matcher.match(f"to {MAIL}").whole


@pytest.mark.parametrize("text", ["", "Ada Ember", "12345", "+44 1", "a@b", "\n".join([MAIL] * 21)])
def test_what_tells_nobody_apart_is_refused_without_being_repeated(text):
    with pytest.raises(ConfigError) as caught:
        identifiers(text)
    assert "\n" not in str(caught.value)
    assert not text or text.splitlines()[0] not in str(caught.value)


def test_nothing_of_it_is_shown():
    given = identifiers(f"{MAIL}\n{NUMBER}")
    shown = repr((given, _matcher(MAIL), sought(given[0]), sought(given[1])))
    assert "ember" not in shown
    assert "7946" not in shown
    assert " " in BETWEEN


def test_digests_are_those_of_every_spelling_that_is_known():
    """Senders hash an address as they have it, with its dots."""
    matcher = _matcher("Ada.Ember@gmail.com")
    for spelling in ("ada.ember@gmail.com", "adaember@gmail.com", "adaember@googlemail.com"):
        assert matcher.match(hashlib.sha256(spelling.encode()).hexdigest())
    assert matcher.match(hashlib.sha256(b"ada.ember@other.example").hexdigest()) is None
