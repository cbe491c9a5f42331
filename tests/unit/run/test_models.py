"""Models of the user's own: used where they are installed, one clear line where they are not."""

from __future__ import annotations

import json

import pytest

from pii_scan.config.load import load
from pii_scan.core.errors import ConfigError
from pii_scan.run.models import models, readers
from tests.commands import run

TEXT = "Yesterday Zorblax Quuxley told us that the parcel has not arrived at all."
#: Fails whatever opens a socket, or looks up a name; put in the way of every process through its path.
NO_NETWORK = """
import socket
def refuse(*arguments, **named):
    open(%r, "a").write("asked\\n")
    raise OSError("no network in this test")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
socket.create_connection = refuse
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A table with a text, and a model that finds one word in it that no other finds."""
    import spacy

    made = tmp_path_factory.mktemp("models")
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Zorblax Quuxley"}])
    nlp.to_disk(made / "own")
    rows = "".join(f"{n},{TEXT}\n" for n in range(5))
    (made / "tickets.csv").write_text(f"id,body\n{rows}")
    (made / "note.txt").write_text(f"{TEXT}\n")
    guard = made / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(NO_NETWORK % str(made / "asked"))
    return made


def configured(folder, detect: str):
    path = folder / "pii-scan.yaml"
    path.write_text(f"sources:\n  - {{name: own, path: tickets.csv}}\ndetect:\n  {detect}\n")
    return path


def guarded(folder, *arguments):
    import os

    path = os.pathsep.join(filter(None, (str(folder / "guard"), os.environ.get("PYTHONPATH"))))
    done = run(folder, *arguments, env={"PYTHONPATH": path})
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (folder / "asked").exists()
    return done.stdout


def test_a_model_in_a_folder_reads_a_whole_scan_and_nothing_asks_the_network(folder):
    configured(folder, "models: {en: own}")
    guarded(folder, "scan", "--quiet")
    found = json.loads(guarded(folder, "inventory", "export"))
    detections = [d for f in found["fields"] if f["path"] == ["body"] for d in f["detections"]]
    assert "spacy:own" in json.dumps([d for d in detections if d["category"] == "user.name"])


def test_detect_uses_it_and_none_switches_a_language_off(folder):
    path = configured(folder, "models: {en: own}")
    assert "spacy:own" in guarded(folder, "detect", "-c", path.name, "-l", "en", "note.txt")
    path = configured(folder, "models: {en: none}")
    assert guarded(folder, "detect", "-c", path.name, "-l", "en", "note.txt") == ""


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("en: klingon:x", "no engine is named 'klingon'"),
        ("en: absent_model_lg", "python -m spacy download absent_model_lg"),
        ("fr: stanza:fr", "install the package stanza"),
        ("en: transformers:org/ner", "install the package transformers"),
        ("en: gliner:org/ner", "install the package gliner"),
        ("sv: some_model", "texts in 'sv' are not read"),
    ],
)
def test_what_is_not_installed_is_one_line_with_its_place_and_cure(folder, named, told, monkeypatch):
    monkeypatch.setattr("pii_scan.detect.prose.installed.find_spec", lambda n: n == "spacy" or None)
    loaded = load(configured(folder, f"models: {{{named}}}"))
    with pytest.raises(ConfigError) as error:
        models(loaded)
    assert told in str(error.value)
    assert "pii-scan.yaml:4" in str(error.value)
    assert "\n" not in str(error.value)


def test_readers_are_the_shipped_models_unless_others_are_named():
    found = readers({"fr": "stanza:fr", "de": "none"})
    assert found["en"] == "ner_en (shipped)"
    assert found["fr"] == "stanza:fr"
    assert found["de"] == found["it"] == ""


def test_doctor_says_which_model_reads_each_language(folder):
    configured(folder, "models: {en: own, de: none}")
    said = guarded(folder, "doctor")
    assert "own" in next(line for line in said.splitlines() if "texts in en" in line)
    assert "ner_fr (shipped)" in said
    assert "texts in de: no model" in said
    configured(folder, "models: {en: absent_model_lg}")
    done = run(folder, "doctor")
    assert done.returncode == 2
    assert "python -m spacy download absent_model_lg" in done.stdout
    configured(folder, "texts: false")
    assert "texts are not read" in guarded(folder, "doctor")
