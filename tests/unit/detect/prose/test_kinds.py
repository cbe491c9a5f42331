"""Sentences, labels and what machines write are told apart."""

from __future__ import annotations

import pytest

from pii_scan.detect.prose.kinds import kind

PROSE = [
    "Hello, I would like to move my appointment to Friday at ten.",
    "Bonjour, je n'arrive pas à modifier le rendez-vous de ma fille.",
    "call mina tomorrow about the invoice please",
    "Kundin hat angerufen und möchte den Termin am Montag absagen.",
    "THE CLIENT DID NOT COME AND DID NOT CALL US",
]
LABEL = ["Senior Product Manager", "ACADEMY DINOSAUR", "Blue cotton shirt", "Müller GmbH & Co. KG", "Widget"]
MACHINE = [
    "2024-03-01 12:00:03 ERROR worker[12]: job failed id=77",
    "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; logname= uid=0 euid=0",
    "com.example.app.Main started in 3 ms",
    "Jul  7 15:28:00 host-10-1 syslogd[44]: Sender Statistics",
    '10.0.0.1 - - [10/Oct/2024:13:55:36 +0000] "GET /index.html HTTP/1.1" 200',
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [*((t, "prose") for t in PROSE), *((t, "label") for t in LABEL), *((t, "machine") for t in MACHINE)],
)
def test_kind(text: str, expected: str) -> None:
    assert kind(text) == expected


def test_an_empty_text_is_a_label() -> None:
    assert kind("") == "label"
