"""`pii-scan detect`: places, forms, faults, and nothing shown that was not asked for."""

from __future__ import annotations

import codecs
import json

import pytest
from click.testing import CliRunner
from jsonschema import validate

from pii_scan.cli.detect import detect
from pii_scan.cli.main import cli
from pii_scan.detect.spotter import SURE, Span, Spotted
from pii_scan.run import detect as use

TEXT = "Dear all,\nplease call Maria Jensen or write to maria.jensen@example.com about the invoice.\n"
FOUND = ["Maria Jensen", "maria.jensen@example.com"]
SCHEMA = {
    "type": "object",
    "required": ["schema_version", "masked", "spans"],
    "additionalProperties": False,
    "properties": {
        "schema_version": {"const": "1.0"},
        "masked": {"type": "boolean"},
        "spans": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": [
                    *("start", "end", "line", "column", "category"),
                    *("detector", "confidence", "language", "text"),
                ],
                "properties": {
                    **{name: {"type": "integer", "minimum": 0} for name in ("start", "end")},
                    **{name: {"type": "integer", "minimum": 1} for name in ("line", "column")},
                    **{name: {"type": "string"} for name in ("category", "detector", "language", "text")},
                    "confidence": {"type": "number", "minimum": 0, "maximum": 1},
                },
            },
        },
    },
}


def run(text: str | bytes, *arguments: str):
    return CliRunner().invoke(cli, ["detect", *arguments], input=text)


def spans(text: str | bytes, *arguments: str) -> list[dict]:
    done = run(text, "-f", "json", *arguments)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    validate(found, SCHEMA)
    return found["spans"]


def test_a_table_has_places_and_masked_values():
    done = run(TEXT)
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["2:13", "user.name"], ["2:38", "user.contact.email"]]
    assert lines[0].endswith("Xxxxx Xxxxxx")
    assert done.exit_code == 0


def test_json_has_offsets_of_characters():
    found = spans(TEXT, "--language", "en")
    assert [TEXT[s["start"] : s["end"]] for s in found] == FOUND
    assert {s["language"] for s in found} == {"en"}


def test_the_text_form_puts_categories_in_the_place_of_values():
    shown = run(TEXT, "-f", "text").stdout
    assert shown == TEXT.replace(FOUND[0], "[user.name]").replace(FOUND[1], "[user.contact.email]")


@pytest.mark.parametrize("form", ["table", "json", "text"])
def test_no_value_is_shown_unless_asked_for(form):
    shown = run(TEXT, "-f", form).output
    assert not any(value in shown or value.lower() in shown.lower() for value in (*FOUND, "Jensen"))
    if form != "text":
        assert all(value in run(TEXT, "-f", form, "--show").stdout for value in FOUND)


def test_fail_is_for_hooks():
    assert run(TEXT, "--fail").exit_code == 1
    assert run("The parcel is on its way to us again.\n", "--fail").exit_code == 0


def test_what_is_less_sure_is_left_out():
    assert run(TEXT, "--min-confidence", "1").stdout == ""
    assert run(TEXT, "--min-confidence", "1.5").exit_code == 2


@pytest.mark.parametrize("form", ["table", "text"])
def test_an_empty_input_gives_nothing(form):
    done = run("", "-f", form)
    assert (done.exit_code, done.stdout) == (0, "")
    assert spans("") == []


def fails(*arguments: str, text: str | bytes = "", folder) -> str:
    """What the program says on its way out with exit code 2."""
    from tests.commands import run as process

    (folder / "input.txt").write_bytes(text.encode() if isinstance(text, str) else text)
    done = process(folder, "detect", "input.txt", *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("data", ["Zoë Müller".encode("latin-1"), bytes(range(256)) * 40, b"\xff\xfe\x00ab"])
def test_what_is_no_text_is_told_in_one_line(tmp_path, data):
    said = fails(text=data, folder=tmp_path)
    assert "--encoding" in said
    assert "Müller" not in said


def test_other_encodings_are_read_when_named(tmp_path):
    text = "Please call Zoë Müller about the invoice of last week.\n"
    assert spans(text.encode("latin-1"), "--encoding", "latin-1", "--show")[0]["text"] == "Zoë Müller"
    marked = codecs.BOM_UTF8 + text.encode()
    assert spans(marked)[0]["start"] == text.index("Zoë")
    assert spans(text.encode("utf-16"), "--encoding", "utf-16")[0]["start"] == text.index("Zoë")
    assert "no encoding" in fails("--encoding", "klingon", folder=tmp_path)


def test_a_language_that_is_not_read_is_refused(tmp_path):
    said = fails("-l", "xx", folder=tmp_path)
    assert "texts in 'xx' are not read" in said
    assert "en, fr" in said


def test_a_missing_file_is_a_usage_error(tmp_path):
    from tests.commands import run as process

    done = process(tmp_path, "detect", "nowhere.txt")
    assert done.returncode == 2
    assert "nowhere.txt" in done.stderr


class Words:
    """A spotter that finds one word, to look at blocks alone."""

    def __init__(self, *_):
        self.sizes = []

    def spot(self, texts, language=None):
        self.sizes += map(len, texts)
        return [Spotted("en", tuple(_each(text, "Ines"))) for text in texts]


def _each(text, word):
    start = text.find(word)
    while start >= 0:
        yield Span(start, start + len(word), "user.name", "words", 0.9)
        start = text.find(word, start + 1)


@pytest.mark.parametrize("break_", ["\n", "\r\n", " "], ids=["lines", "windows lines", "one huge line"])
def test_places_hold_across_blocks(monkeypatch, break_):
    monkeypatch.setattr(use, "Spotter", Words)
    monkeypatch.setattr(use, "_BLOCK", 64)
    text = break_.join(f"Zoë € 𝒳 and Ines {n}" for n in range(60))
    found = spans(text)
    assert [text[s["start"] : s["end"]] for s in found] == ["Ines"] * 60
    for one in found:
        line = text.split("\n")[one["line"] - 1]
        assert line[one["column"] - 1 :].startswith("Ines")
    assert run(text, "-f", "text").stdout_bytes.decode() == text.replace("Ines", "[user.name]")


def test_the_confidence_that_help_shows_is_the_detectors():
    option = next(p for p in detect.params if p.name == "min_confidence")
    assert option.default == SURE
