"""Presidio: loaded only when it can hit, offline, and open to the user's recognizers."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from pii_scan.detect.options import Options

from .batches import engine, scan, told

EXAMPLES = {
    "AU_MEDICARE": "medicare card 2123456701",
    "FI_PERSONAL_IDENTITY_CODE": "henkilötunnus 010594Y9032",
    "TH_TNIN": "TNIN 1234567890121",
    "SG_NRIC_FIN": "NRIC S2740116C",
    "TR_NATIONAL_ID": "TCKN 10000000146",
    "SE_PERSONNUMMER": "personnummer 811228-9874",
}


@pytest.mark.parametrize("entity", EXAMPLES)
def test_its_entities_are_found_beside_their_words(engine, entity):
    _, _, found = scan(engine, "t1", {"x": [EXAMPLES[entity], "nothing here"]})
    assert [d.count for d in found] == [1]
    assert f"presidio_{entity.lower()}" in found[0].evidence[0].detail


def test_it_can_be_left_out():
    _, _, found = scan(engine(Options(presidio=False)), "t1", {"x": [EXAMPLES["TH_TNIN"]]})
    assert found == []


def test_no_socket_is_opened(monkeypatch):
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    columns = {"x": [*EXAMPLES.values(), "mail ada@example.org"]}
    assert scan(engine(Options(recognizers=(_recognizer(),))), "t1", columns)[2]


def test_it_is_not_imported_without_a_candidate():
    code = (
        "import sys; from tests.unit.detect.batches import *; "
        "columns = {'email': ['a@example.org'], 'n': ['1234567890'], 'note': ['card 4111111111111111']}; "
        "scan(engine(), 'users', columns); "
        "print([m for m in ('presidio_analyzer', 'spacy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def _recognizer():
    from presidio_analyzer import Pattern, PatternRecognizer

    return PatternRecognizer("user.account.identifier", patterns=[Pattern("badge", r"\bBADGE-\d{5}\b", 0.9)])


def test_a_recognizer_of_the_users():
    found = scan(
        engine(Options(recognizers=(_recognizer(),))), "t1", {"x": [f"BADGE-1234{n}" for n in range(10)]}
    )[2]
    assert told(found) == {"x": "user.account.identifier"}


def test_values_beyond_the_limit_are_counted():
    base = Options()
    few = {**base.defaults, "limits": {**base.defaults["limits"], "dear": 10}}
    numbers = [f"+336{n:08d}" for n in range(12345600, 12345640)]
    profiles, _, found = scan(engine(Options(defaults=few)), "t1", {"phone": numbers})
    assert profiles[("phone",)].hits["user.contact.phone_number"].rows == 10
    assert profiles[("phone",)].hits["?phone_international"].rows == 30
    assert told(found) == {"phone": "user.contact.phone_number"}
