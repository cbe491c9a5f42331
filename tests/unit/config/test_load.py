"""The configuration file: what is taken, and what is said, with its place, when it is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pii_scan.config.load import default, find, load
from pii_scan.core.errors import ConfigError

DOCS = Path(__file__).resolve().parents[3] / "docs" / "configuration.md"
FULL = DOCS.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]

SUPPRESS = "detect:\n  suppress:\n    - {match: a/b#c, category: user.contact.email, owner: dpo, reason:"


def written(folder: Path, text: str, name: str = "pii-scan.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    """What is said of the file, without the folder."""
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value).replace(f"{path.parent}/", "")


def test_the_documented_example(tmp_path):
    loaded = load(written(tmp_path, FULL))
    config = loaded.config
    assert (loaded.path, loaded.base) == (tmp_path / "pii-scan.yaml", tmp_path)
    assert loaded.inventory == str(tmp_path / ".pii-scan" / "inventory.db")
    assert config.key == "${file:.pii-scan/key}"
    assert config.sharing == str(tmp_path / "sharing.yaml")
    assert (config.scan.mode, config.scan.rows, config.scan.seed) == ("sample", 10_000, 0)
    assert config.scan.as_of == date(2026, 1, 31)
    app, logs, exports = config.sources
    assert (app.name, app.url, app.path) == ("app", f"sqlite:///{tmp_path}/app.db", None)
    assert (app.owner, app.region, app.purpose) == ("platform", "us-east-1", "service")
    assert (app.role, app.include, app.exclude) == ("own", ["*"], ["schema_migrations"])
    assert (logs.path, logs.kind) == (str(tmp_path / "logs"), "logs")
    assert exports.path == str(tmp_path / "exports")
    assert [(e.match, e.recipient) for e in config.exports] == [("exports/stripe*", "stripe")]
    assert config.detect.presidio


def test_an_empty_file_is_the_defaults(tmp_path):
    loaded = load(written(tmp_path, ""))
    assert loaded.config == default(tmp_path).config
    assert loaded.config.scan.rows == 10_000
    assert default(tmp_path).path is None
    assert default(tmp_path).inventory == str(tmp_path / ".pii-scan" / "inventory.db")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "version: 1\nscan:\n  row: 5\n",
            "pii-scan.yaml:3:3: unknown key 'scan.row'; did you mean 'rows'?",
        ),
        (
            "sources:\n  - name: a\n    ulr: sqlite:///a.db\n",
            "pii-scan.yaml:3:5: unknown key 'sources.0.ulr'; did you mean 'url'?",
        ),
        (
            f"{SUPPRESS} ours, expires: 2025-02-30}}\n",
            "pii-scan.yaml:3:87: no day of the calendar; write it as YYYY-MM-DD",
        ),
        (
            f"{SUPPRESS} ' ', expires: 2027-02-20}}\n",
            "pii-scan.yaml:3:64: 'detect.suppress.0.reason': String should have at least 1 character",
        ),
        (
            "checks: {nonsense: 1}\n",
            "pii-scan.yaml:1:10: unknown key 'checks.nonsense'; known here: disable",
        ),
        (
            "scan:\n  rows: '5'\n",
            "pii-scan.yaml:2:3: 'scan.rows': Input should be a valid integer",
        ),
        (
            "scan:\n  rows: 0\n",
            "pii-scan.yaml:2:3: 'scan.rows': Input should be greater than 0",
        ),
        (
            "scan: {mode: all}\n",
            "pii-scan.yaml:1:8: 'scan.mode': Input should be 'sample' or 'full'",
        ),
        ("version: 2\n", "pii-scan.yaml:1:1: 'version': Input should be 1"),
        (
            "sources:\n  - url: sqlite:///a.db\n",
            "pii-scan.yaml:2:5: 'sources.0.name' is missing; add it",
        ),
        (
            "sources:\n  - name: a\n",
            "pii-scan.yaml:2:5: 'sources.0': a source has either a url or a path",
        ),
        (
            "sources:\n  - {name: a, url: x, path: y}\n",
            "pii-scan.yaml:2:5: 'sources.0': a source has either a url or a path",
        ),
        (
            "sources:\n  - {name: a b, path: y}\n",
            "pii-scan.yaml:2:6: 'sources.0.name': String should match pattern '^[A-Za-z0-9_.-]+$'",
        ),
        (
            "sources:\n  - {name: a, path: x}\n  - {name: a, path: y}\n",
            "pii-scan.yaml:3:6: two sources are named 'a'; give each a name of its own",
        ),
        (
            "detect: {countries: [fr]}\n",
            "pii-scan.yaml:1:22: 'detect.countries.0': String should match pattern '^[A-Z]{2}$'",
        ),
        (
            "exports:\n  - {match: x}\n",
            "pii-scan.yaml:2:5: 'exports.0.recipient' is missing; add it",
        ),
        (
            "sources:\n  - name: a\n    url: postgresql://u:${evn:PW}@h/d\n",
            "pii-scan.yaml:3:5: a reference of an unknown kind; did you mean '${env:…}'?",
        ),
        (
            "sharing: a\nscan: {}\nsharing: b\n",
            "pii-scan.yaml:3:1: a key stands twice; keep one of them",
        ),
        ("detect: {presidio: 1}\n", "pii-scan.yaml:1:10: 'detect.presidio': Input should be a valid boolean"),
        ("a: [1\n", "pii-scan.yaml:2:1: not valid YAML; check indentation, colons and quotes here"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path, text, message):
    assert refusal(written(tmp_path, text)) == message


SECRETS = [
    (
        "inventory: postgresql://u:hunter2@h/d\n",
        "pii-scan.yaml:1:1: a password stands in the text of a URL; "
        "write ${env:NAME} or ${file:PATH} in its place, or set allow_plaintext_passwords: true",
    ),
    (
        "sources:\n  - name: a\n    url: mysql://u@h/d?password=hunter2\n",
        "pii-scan.yaml:3:5: a password stands in the text of a URL; "
        "write ${env:NAME} or ${file:PATH} in its place, or set allow_plaintext_passwords: true",
    ),
    (
        "sources:\n  - name: a\n    path: x\n    options:\n      api_key: hunter2\n",
        "pii-scan.yaml:5:7: 'api_key' is written out; "
        "write ${env:NAME} or ${file:PATH}, or set allow_plaintext_passwords: true",
    ),
    (
        "key: hunter2\n",
        "pii-scan.yaml:1:1: the key must not stand in the file; "
        "write ${file:PATH} or ${env:NAME}; pii-scan key new makes a file",
    ),
]


@pytest.mark.parametrize(("text", "message"), SECRETS)
def test_a_secret_in_the_file_is_refused_and_not_quoted(tmp_path, text, message):
    said = refusal(written(tmp_path, text))
    assert said == message
    assert "hunter2" not in said


@pytest.mark.parametrize("text", [text for text, _ in SECRETS])
def test_unless_it_is_allowed_and_even_then_it_is_not_shown(tmp_path, text):
    loaded = load(written(tmp_path, f"{text}allow_plaintext_passwords: true\n"))
    config = loaded.config
    assert "hunter2" not in f"{loaded!r} {config!r} {config} {config.model_dump()} {config.model_dump_json()}"
    assert "hunter2" in repr([config.inventory, config.key, *((s.url, s.options) for s in config.sources)])


def test_switches_are_taken(tmp_path):
    config = load(written(tmp_path, "detect: {presidio: false}\nallow_plaintext_passwords: true\n")).config
    assert (config.detect.presidio, config.allow_plaintext_passwords) == (False, True)


def test_references_are_shown_as_they_are(tmp_path):
    source = "{name: a, url: 'mysql://u:${env:PW}@h/d', options: {token: '${env:T}'}}"
    text = f"key: ${{env:KEY}}\nsources: [{source}]\n"
    dumped = load(written(tmp_path, text)).config.model_dump()
    assert dumped["key"] == "${env:KEY}"
    assert dumped["sources"][0]["url"] == "mysql://u:${env:PW}@h/d"
    assert dumped["sources"][0]["options"] == {"token": "${env:T}"}


def test_the_inventory_may_come_from_the_environment(tmp_path, monkeypatch):
    loaded = load(written(tmp_path, "inventory: ${env:INVENTORY}\n"))
    monkeypatch.setenv("INVENTORY", "postgresql://u:hunter2@h/d")
    assert loaded.inventory == "postgresql://u:hunter2@h/d"
    assert "hunter2" not in repr(loaded)
    monkeypatch.delenv("INVENTORY")
    with pytest.raises(ConfigError) as caught:
        _ = loaded.inventory
    assert str(caught.value) == (
        f"{tmp_path}/pii-scan.yaml:1:1: the environment variable 'INVENTORY' is not set; export INVENTORY=…"
    )


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("sqlite:///app.db", "sqlite:///{base}/app.db"),
        ("sqlite:///data/app.db?x=1", "sqlite:///{base}/data/app.db?x=1"),
        ("sqlite:////var/app.db", "sqlite:////var/app.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite:///${env:DB}", "sqlite:///${env:DB}"),
        ("postgresql://h/app.db", "postgresql://h/app.db"),
    ],
)
def test_file_databases_lie_beside_the_file(tmp_path, url, place):
    loaded = load(written(tmp_path, f"sources: [{{name: a, url: '{url}'}}]\n"))
    assert loaded.config.sources[0].url == place.replace("{base}", str(tmp_path))


@pytest.mark.parametrize("path", ["../logs", "logs/*.log", "/var/log", "${env:LOGS}"])
def test_paths_start_at_the_file(tmp_path, path):
    folder = tmp_path / "etc"
    folder.mkdir()
    loaded = load(written(folder, f"sources: [{{name: a, path: '{path}'}}]\n"))
    expected = {
        "../logs": f"{tmp_path}/logs",
        "logs/*.log": f"{folder}/logs/*.log",
        "/var/log": "/var/log",
        "${env:LOGS}": "${env:LOGS}",
    }
    assert loaded.config.sources[0].path == expected[path]


def test_a_missing_file(tmp_path):
    said = refusal(tmp_path / "pii-scan.yaml")
    assert said == "pii-scan.yaml: can't be read (FileNotFoundError 2); check the path and its permissions"


def test_the_file_is_found_in_the_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("PII_SCAN_CONFIG", raising=False)
    assert find(tmp_path) is None
    toml = written(tmp_path, "", "pii-scan.toml")
    assert find(tmp_path) == toml
    yaml = written(tmp_path, "")
    assert find(tmp_path) == yaml
    assert find(tmp_path / "deeper") is None


def test_the_variable_comes_first(tmp_path, monkeypatch):
    written(tmp_path, "")
    other = written(tmp_path, "", "other.yaml")
    monkeypatch.setenv("PII_SCAN_CONFIG", str(other))
    assert find(tmp_path) == other
    other.unlink()
    with pytest.raises(ConfigError, match="PII_SCAN_CONFIG names a file that does not exist; correct it or"):
        find(tmp_path)


TOML = """\
version = 1
sharing = "sharing.yaml"

[scan]
as_of = 2026-01-31

[[sources]]
name = "app"
url = "sqlite:///app.db"

[[sources]]
name = "logs"
path = "logs"
options.format = "json"
"""


def test_toml_is_taken_as_well(tmp_path):
    yaml = """\
    sharing: sharing.yaml
    scan: {as_of: 2026-01-31}
    sources:
      - {name: app, url: "sqlite:///app.db"}
      - {name: logs, path: logs, options: {format: json}}
    """
    toml = load(written(tmp_path, TOML, "pii-scan.toml"))
    assert toml.config == load(written(tmp_path, yaml)).config


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[scan]", "[scam]", "pii-scan.toml:4:1: unknown key 'scam'; did you mean 'scan'?"),
        ("as_of", "as_off", "pii-scan.toml:5:1: unknown key 'scan.as_off'; did you mean 'as_of'?"),
        (
            '"logs"\npath',
            '"app"\npath',
            "pii-scan.toml:12:1: two sources are named 'app'; give each a name of its own",
        ),
        ("path =", "pth =", "pii-scan.toml:13:1: unknown key 'sources.1.pth'; did you mean 'path'?"),
        (
            'options.format = "json"',
            "options.token = 'x'",
            "pii-scan.toml:14:1: 'token' is written out; "
            "write ${env:NAME} or ${file:PATH}, or set allow_plaintext_passwords: true",
        ),
        (
            "[scan]",
            "[scan",
            "pii-scan.toml:4:6: not valid TOML; check quotes, brackets and repeated keys here",
        ),
        (
            "version = 1",
            "version = 1\nversion = 1",
            "pii-scan.toml:2:12: not valid TOML; check quotes, brackets and repeated keys here",
        ),
    ],
)
def test_toml_errors_have_places_too(tmp_path, old, new, message):
    assert refusal(written(tmp_path, TOML.replace(old, new), "pii-scan.toml")) == message


def test_what_is_no_text_of_yaml_is_named(tmp_path):
    assert refusal(written(tmp_path, "version: 1\nname: a\x01b\n")).startswith(
        "pii-scan.yaml: not valid YAML"
    )


def test_a_file_that_holds_itself_ends(tmp_path):
    path = written(tmp_path, "a: &a [*a]\nb: 2025-02-30\n")
    assert refusal(path) == "pii-scan.yaml:2:4: no day of the calendar; write it as YYYY-MM-DD"
