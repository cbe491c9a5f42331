"""References to secrets: resolved late, encoded where a URL needs it, never shown."""

from __future__ import annotations

import re
import sys
from types import ModuleType

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from pii_scan.config.passwords import shown, spans
from pii_scan.config.secrets import resolve, resolve_all
from pii_scan.core.errors import ConfigError

ODD = "p@ss:/#%!é?&= ${x}"


def test_a_whole_text_may_be_a_reference(tmp_path, monkeypatch):
    monkeypatch.setenv("DB_URL", "postgresql://u:hunter2@h/d")
    assert resolve("${env:DB_URL}", tmp_path) == "postgresql://u:hunter2@h/d"


@pytest.mark.parametrize("password", [ODD, "plain", "a%40b", "'; --", "名前"])
def test_a_password_may_hold_any_character(tmp_path, monkeypatch, password):
    monkeypatch.setenv("PW", password)
    url = sa.make_url(resolve("postgresql://reader:${env:PW}@host:5432/shop?sslmode=require", tmp_path))
    assert (url.username, url.password, url.host, url.port) == ("reader", password, "host", 5432)
    assert (url.database, dict(url.query)) == ("shop", {"sslmode": "require"})


def test_user_and_password_may_both_be_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("DB_USER", "a@b")
    (tmp_path / "pw").write_text(f"{ODD}\n", encoding="utf-8")
    url = sa.make_url(resolve("mysql://${env:DB_USER}:${file:pw}@h/d", tmp_path))
    assert (url.username, url.password) == ("a@b", ODD)


def test_outside_of_the_password_nothing_is_encoded(tmp_path, monkeypatch):
    monkeypatch.setenv("FOLDER", "data/a b")
    assert resolve("sqlite:///${env:FOLDER}/x.db", tmp_path) == "sqlite:///data/a b/x.db"


def test_a_file_is_relative_to_the_base_and_loses_its_last_line_break(tmp_path):
    (tmp_path / "secret").write_text("s3cret \r\n", encoding="utf-8")
    assert resolve("${file:secret}", tmp_path) == "s3cret "
    assert resolve(f"${{file:{tmp_path}/secret}}", tmp_path / "elsewhere") == "s3cret "


def test_options_are_resolved_in_depth(tmp_path, monkeypatch):
    monkeypatch.setenv("T", "secret")
    options = {"token": "${env:T}", "list": ["${env:T}", 5], "deep": {"x": "a${env:T}", "on": True}}
    assert resolve_all(options, tmp_path) == {
        "token": "secret",
        "list": ["secret", 5],
        "deep": {"x": "asecret", "on": True},
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${env:NOT_SET}", "f:1:2: the environment variable 'NOT_SET' is not set; export NOT_SET=…"),
        (
            "${file:gone}",
            "f:1:2: the secret file 'gone' can't be read (FileNotFoundError 2); "
            "check the path and its permissions",
        ),
        ("${file:empty}", "f:1:2: the secret file 'empty' is empty; write the secret into it"),
        (
            "${file:binary}",
            "f:1:2: the secret file 'binary' can't be read (UnicodeDecodeError); "
            "check the path and its permissions",
        ),
        (
            "${keyring:pii-scan/db}",
            "f:1:2: secrets of the keyring need the package keyring; "
            "install it: pip install 'pii-scan[keyring]'",
        ),
    ],
)
def test_what_is_missing_is_named(tmp_path, monkeypatch, text, message):
    monkeypatch.delenv("NOT_SET", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"hunter2\xff")
    with pytest.raises(ConfigError) as caught:
        resolve(text, tmp_path, where="f:1:2")
    assert str(caught.value) == message


def test_an_empty_variable_is_not_set(tmp_path, monkeypatch):
    monkeypatch.setenv("PW", "")
    with pytest.raises(ConfigError, match="is not set"):
        resolve("${env:PW}", tmp_path)


class Keyring(ModuleType):
    """A keyring with the interface of the real package, and one secret."""

    class errors:
        class KeyringError(Exception):
            pass

    def get_password(self, service: str, user: str) -> str | None:
        if service == "locked":
            raise self.errors.KeyringError("hunter2")
        return {("pii-scan", "db/main"): "s3cret"}.get((service, user))


def test_the_keyring(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", Keyring("keyring"))
    assert resolve("${keyring:pii-scan/db/main}", tmp_path) == "s3cret"
    with pytest.raises(ConfigError) as caught:
        resolve("${keyring:pii-scan/other}", tmp_path)
    assert str(caught.value) == "the keyring holds no secret 'pii-scan/other'; keyring set pii-scan other"
    with pytest.raises(ConfigError) as caught:
        resolve("${keyring:locked/x}", tmp_path)
    assert str(caught.value) == (
        "the keyring can't be read (KeyringError); unlock the keyring, or use ${env:…}"
    )


WRITTEN_OUT = [
    ("postgresql://u:pw@h/d", "postgresql://u:***@h/d"),
    ("postgresql://u:p@ss/w?rd#x@h/d", "postgresql://u:***@h/d"),
    ("mysql://u:12/34@h/d", "mysql://u:***@h/d"),
    ("mysql://user@corp:pw@h/d", "mysql://user@corp:***@h/d"),
    ("postgresql://u:a${env:X}b@h/d", "postgresql://u:***@h/d"),
    ("postgresql://h/d?user=u&password=pw", "postgresql://h/d?user=u&password=***"),
    ("mysql://h/d?ssl_key_passphrase=pw&x=1", "mysql://h/d?ssl_key_passphrase=***&x=1"),
    ("host=h user=u password=pw dbname=d", "host=h user=u password=*** dbname=d"),
    ("jdbc:sqlserver://h;user=u;Password=pw;x=1", "jdbc:sqlserver://h;user=u;Password=***;x=1"),
    ("s3://b/k?AWS_SECRET_ACCESS_KEY=pw", "s3://b/k?AWS_SECRET_ACCESS_KEY=***"),
]
CLEAN = [
    "postgresql://u@h:5432/d",
    "postgresql://u:${env:PW}@h/d?application_name=a@b",
    "postgresql://${env:U}:${file:/run/secrets/pw}@h:5432/d",
    "postgresql://h:5432/d?options=a@b",
    "postgresql://[::1]:5432/d?x=a@b",
    "postgresql://h/d?password=${env:PW}",
    "sqlite:///a@b:c.db",
    "exports/stripe*",
]


@pytest.mark.parametrize(("text", "masked"), WRITTEN_OUT)
def test_passwords_written_out_are_refused_and_masked(tmp_path, text, masked):
    assert shown(text) == masked
    with pytest.raises(ConfigError) as caught:
        resolve(text, tmp_path)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("text", CLEAN)
def test_what_holds_no_password_passes(text):
    assert spans(text) == ()
    assert shown(text) == text


PASSWORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0$@"), min_size=1)


@given(PASSWORDS.filter(lambda text: not re.match(r"[0-9]+[/?#].*=", text, re.DOTALL)))
def test_any_password_is_found(password):
    """But for those that read as a port and a query; a person should encode them in any case."""
    masked = shown(f"postgresql://reader:{password}@host/shop")
    assert masked == "postgresql://reader:***@host/shop"
