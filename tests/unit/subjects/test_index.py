"""The index of look-ups: whatever the matcher finds has its term, nothing that can be guessed has one."""

from __future__ import annotations

import base64
import hashlib
import random
from urllib.parse import quote

import pytest

from pii_scan.core.keyed import Key
from pii_scan.subjects import terms
from pii_scan.subjects.bloom import filter_of, hashed, may_hold
from pii_scan.subjects.identifier import identifiers
from pii_scan.subjects.matching import Matcher

MAILS = ("ada.ember@lantern.example", "o'hara@x-y.example", "ada_9@a.b.example", "adaember@gmail.com")
PHONES = ("+442079460012", "+33612345678", "+12025550143")
IDS = ("usr_8f3k29dk", "auth0|5f7c8ec7c33c6c004bbafe82", "7c9e6679-7425-40de-944b-e07fc1f90ae7")


def _texts(given: str, draw: random.Random) -> list[str]:
    """Ways in which an identifier stands in logs, files and messages."""
    forms = [given, given.upper(), given.title(), quote(given, safe="")]
    local, sign, domain = given.partition("@")
    if sign:
        forms += [f"{local}+news/7@{domain}", f"{local}%2Bnews%40{domain}", f"{local}\\u0040{domain}"]
        forms += [f"{local}+a+b&#64;{domain}", f"{local}&#x40;{domain}"]
        forms += [
            hashlib.new(name, given.encode()).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")
        ]
        if domain == "gmail.com":
            forms += ["a.da.ember@googlemail.com", "ADA.ember+x@gmail.com"]
    if given.startswith("+"):
        digits = given[3:]
        forms += [f"0{digits}", f"(0{digits[:3]}) {digits[3:6]}-{digits[6:]}", f"00{given[1:]}"]
        forms += [" ".join(given), f"{given[:3]} (0) {digits[:2]}.{digits[2:]}"]
    around = (
        "{}",
        "<{}>",
        "mail={};",
        "a%3D{}%26b",
        "\\n{}\\t",
        "2026-01-08 {} 10:00",
        '"{}",',
        "x {}. Then",
    )
    around += ("https://h.example/p?u={}&v=1", "({})", "é {}", "{}\0other", "7, {}, 8", "[{}]: {}")
    return [draw.choice(around).replace("{}", form) for form in forms for _ in range(12)]


@pytest.mark.parametrize("given", [*MAILS, *PHONES, *IDS])
def test_whatever_is_matched_has_a_term(given):
    """Without this a look-up would miss somebody."""
    one = identifiers(given)[0]
    wanted = terms.of(one)
    assert wanted
    matched = 0
    for text in _texts(given, random.Random(given)):
        found = terms.Terms()
        found.add(text)
        held = dict(zip(terms.KINDS, found.by_kind(), strict=True))
        if Matcher.of([one]).match(text):
            matched += 1
            assert any(term in held[kind] for kind, term in wanted), text
    assert matched > 30


@pytest.mark.parametrize(
    "text",
    ["2001-05-02", "born 1980-12-31", "19801231", "SW1A 1AA", "75001", "Ada", "Ember, Ada",
     "2026-01-08T10:00:00Z", "1000234", "user 4711", "20260108T101112", "D-10115 Berlin", "10:00:00.123",
     "03.04.1980", "04/03/1980"],
)  # fmt: skip
def test_what_can_be_guessed_is_never_indexed(text):
    found = terms.Terms()
    found.add(text)
    assert not any(found.by_kind())


@pytest.mark.parametrize("given", ["1000234", "2001-05-02", "+4520260108", "+33198001021", "zoë@x.example"])
def test_what_has_no_sure_term_is_looked_for_in_everything(given):
    assert terms.of(identifiers(given)[0]) is None


def _members(count: int) -> list[str]:
    return [f"2079{n:06d}"[-8:] for n in range(0, count * 7, 7)]


def _held(key: Key, body: bytes, candidates: list[str]) -> int:
    view = memoryview(body)
    return sum(may_hold(view, 0, len(body), hashed(key, one)) for one in candidates)


def test_a_member_is_never_missed_and_takes_two_bytes_at_most():
    key, members = Key.new(), _members(3000)
    body = filter_of(key, members)
    assert _held(key, body, members) == 3000
    assert len(body) <= 2 * len(members)
    others = [f"9{n:07d}" for n in range(20_000)]
    assert _held(key, body, others) < 40  # 0.05 % would be 10


def test_without_the_key_nobody_is_found():
    """Members answer to a wrong key as strangers do; without a key in the hash, the same attack finds all."""
    members = _members(3000)
    body = filter_of(Key.new(), members)
    guesses = [Key.new() for _ in range(3)]
    assert all(_held(key, body, members) < 12 for key in guesses)
    known_to_all = Key(bytes(32))
    assert _held(known_to_all, filter_of(known_to_all, members), members) == len(members)


def test_a_coded_address_is_no_plain_term():
    """What is inside base64 has a term only by the values inside a cell, which the index reads, too."""
    found = terms.Terms()
    found.add(base64.b64encode(b"mail=ada.ember@lantern.example").decode())
    assert not found.email
