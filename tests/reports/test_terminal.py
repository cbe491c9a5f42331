from __future__ import annotations

import io
from dataclasses import replace

import pytest

from pii_scan.core.detection import LIMITED, Detection, Evidence
from reports.terminal import REPORT

from . import crowds, factory
from .writing import naughty, written

PHONE = "user.contact.phone_number"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


class Ascii(io.StringIO):
    encoding = "ascii"


def shown(out: io.StringIO, inventory, **options: str) -> str:
    REPORT.write(inventory, out, options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["inventory", "check", "lineage"])
def test_golden(golden, kind):
    golden(f"terminal-{kind}.txt", written("terminal", factory.company(), kind=kind))


def test_it_says_what_was_not_looked_at_and_why():
    text = written("terminal", factory.company())
    assert "3 objects not looked at in full" in text
    assert "InsufficientPrivilege 42501" in text
    assert "in at most 0.03% of its rows" in text


@pytest.mark.parametrize("name", ["terminal", "html"])
def test_copies_that_nobody_declared_are_told_with_both_names_of_a_column(name):
    text = written(name, factory.company(), kind="lineage")
    assert "Made from each other" in text
    assert "email → contact" in text
    assert "same values" in text
    without = written(name, replace(factory.company(), links=()), kind="lineage")
    assert "Made from each other" not in without


def test_a_scan_with_gaps_is_not_called_complete():
    assert "finished, with gaps" in written("terminal", factory.company())
    assert ", complete" in written("terminal", replace(factory.company(), coverage=()))


@pytest.mark.parametrize("name", ["terminal", "markdown", "html"])
def test_a_share_of_checked_values_is_said_to_be_estimated(name):
    urn = "postgresql://app/public/users#phone"
    limit = Evidence("profile", LIMITED, PHONE, 0.0, "a sample was checked")
    seen = Detection(urn, PHONE, "type", 0.99, 1.0, 0.98, 1.0, 300, evidence=(limit,))
    text = written(name, replace(factory.company(), detections=(seen,)), kind="all")
    assert "~100%" in text
    assert "≥ 300" in text
    exact = written(name, replace(factory.company(), detections=(replace(seen, evidence=()),)), kind="all")
    assert "~100%" not in exact
    assert "≥" not in exact


def test_no_line_is_wider_than_asked():
    text = written("terminal", factory.company(), width="80")
    assert max(len(line) for line in text.splitlines()) <= 80


def test_the_limit_cuts_and_says_so():
    text = written("terminal", factory.company(), limit="3")
    assert "… and 14 more detections" in text
    assert "… and 2 more findings" in text
    assert "more" not in written("terminal", factory.company(), kind="lineage")


def test_colours_on_a_terminal_only_and_not_against_the_users_wish(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[" in shown(Screen(), factory.company())
    assert "\x1b[" not in written("terminal", factory.company())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in shown(Screen(), factory.company())


def test_on_a_terminal_no_escape_comes_from_data(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    text = shown(Screen(), crowds.hostile(naughty()), limit="2000")
    assert "\x1b]" not in text
    assert "\x1b[2J" not in text
    assert "\x07" not in text
    assert "\x9b" not in text
    assert "[red]markup[/red]" in text, "markup in data is text"


def test_a_terminal_without_unicode_gets_its_report():
    assert "pii-scan" in shown(Ascii(), factory.company())
    shown(Ascii(), factory.company()).encode("ascii")


def test_the_hint_is_the_first_finding():
    first = factory.company().findings[0]
    assert f"pii-scan explain {first.fingerprint}" in written("terminal", factory.company())
    assert "sharing.yaml" in written("terminal", factory.empty())
