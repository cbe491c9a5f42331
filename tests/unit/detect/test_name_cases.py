"""Names of columns and what they are told to be, in every language, as data: `tests/cases/names`."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pii_scan.core.model import Dataset, Field, Store
from pii_scan.data.load import taxonomy
from pii_scan.detect.names import Names
from pii_scan.detect.options import Options
from pii_scan.detect.verdict import Judge
from pii_scan.detect.vocabulary import shipped

FOLDER = Path(__file__).resolve().parents[2] / "cases" / "names"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
NAMES = Names(taxonomy(), shipped(), Options())
JUDGE = Judge(NAMES, Options(), ())


def groups(language: str) -> list[dict]:
    """Groups of cases: `table`, columns `beside`, the `kind` of all; `told` by category, and `nothing`."""
    text = (FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    return YAML(typ="safe").load(text)


def names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def told(group: dict, name: str) -> str:
    """What is told of a column of this name in the group's table; empty for nothing."""
    bare = Dataset(Store("test", "sample"), (group["table"],))
    columns = [name, *names(group.get("beside", ""))]
    fields = [Field(bare.urn, tuple(c.split("/")), group.get("kind", "string")) for c in columns]
    found = JUDGE.judge(bare.with_fields(*fields), fields, {})
    return next((d.category for d in found if d.field == fields[0].urn and d.verdict == "type"), "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_persons_are_told(language):
    wrong = {
        (group["table"], name): (told(group, name), category)
        for group in groups(language)
        for category, text in group.get("told", {}).items()
        for name in names(text)
        if told(group, name) != category
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_things_are_told_to_be_nothing(language):
    wrong = {
        (group["table"], name): said
        for group in groups(language)
        for name in names(group.get("nothing", ""))
        if (said := told(group, name))
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_as_many_traps_as_names(language):
    found = groups(language)
    personal = sum(len(names(text)) for group in found for text in group.get("told", {}).values())
    assert personal >= 30
    assert sum(len(names(group.get("nothing", ""))) for group in found) >= personal


def test_all_seven_languages_have_cases():
    assert {"en", "fr", "de", "es", "it", "nl", "pt"} <= set(LANGUAGES)


@pytest.mark.parametrize(
    "name",
    [
        "version",
        "app_version",
        "clientVersion",
        "AppVersion",
        "release",
        "build",
        "build_number",
        "os_version",
        "sdkVersion",
        "VERSION_NAME",
        "firmware",
        "version2",
    ],
)
def test_versions_of_programs(name):
    assert NAMES.version((name,))


@pytest.mark.parametrize(
    "name",
    [
        "ip",
        "ip_address",
        "release_date",
        "build_host",
        "remote_addr",
        "conversion",
        "released_at",
        "version_author",
    ],
)
def test_no_versions(name):
    assert not NAMES.version((name,))
