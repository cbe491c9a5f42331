"""The key: made once, private, and never shown."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pii_scan.core.errors import ConfigError
from pii_scan.core.keyed import Key
from pii_scan.store.keys import load_or_create

HEX = "00112233445566778899aabbccddeeff" * 2


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_a_missing_key_is_made_private(tmp_path, umask):
    before = os.umask(umask)
    try:
        key = load_or_create("${file:secrets/deep/key}", tmp_path)
    finally:
        os.umask(before)
    path = tmp_path / "secrets" / "deep" / "key"
    assert path.read_text() == f"{key.secret.hex()}\n"
    assert mode(path) == 0o600
    assert mode(path.parent) == mode(path.parent.parent) == 0o700
    assert load_or_create("${file:secrets/deep/key}", tmp_path) == key


def test_the_default_lies_in_the_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    key = load_or_create(None, Path("/nowhere"))
    assert (tmp_path / "pii-scan" / "key").read_text().strip() == key.secret.hex()
    assert mode(tmp_path / "pii-scan") == 0o700


def test_two_keys_differ(tmp_path):
    assert load_or_create("${file:a}", tmp_path) != load_or_create("${file:b}", tmp_path)


def test_processes_that_start_together_agree_on_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: load_or_create("${file:new/key}", tmp_path), range(32)))
    assert len({key.id for key in keys}) == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["key"]


def test_a_variable_holds_the_key(tmp_path, monkeypatch):
    monkeypatch.setenv("PII_KEY", f" {HEX.upper()}\n")
    assert load_or_create("${env:PII_KEY}", tmp_path) == Key(bytes.fromhex(HEX))


@pytest.mark.parametrize("bits", [0o644, 0o604, 0o660, 0o602])
def test_a_key_that_others_can_read_is_refused(tmp_path, bits):
    path = tmp_path / "key"
    path.write_text(HEX)
    path.chmod(bits)
    with pytest.raises(ConfigError) as caught:
        load_or_create("${file:key}", tmp_path)
    assert str(caught.value) == f"the key file {path} is open to others; make it private: chmod 600 {path}"


def test_a_key_may_be_shared_with_a_group_that_only_reads(tmp_path):
    path = tmp_path / "key"
    path.write_text(HEX)
    path.chmod(0o440)
    assert load_or_create("${file:key}", tmp_path).secret.hex() == HEX


@pytest.mark.parametrize("content", ["", "abc", HEX[:-2], HEX + "00", HEX[:-1] + "g", "\xff" * 64])
def test_a_malformed_key_is_refused_and_not_quoted(tmp_path, content):
    path = tmp_path / "key"
    path.write_bytes(content.encode("latin-1"))
    path.chmod(0o600)
    with pytest.raises(ConfigError) as caught:
        load_or_create("${file:key}", tmp_path)
    assert str(caught.value) == (
        f"the key file {path} holds no key of 64 hex digits; "
        "put back the right one; pii-scan key new makes a new one for a new inventory"
    )
    assert path.read_bytes() == content.encode("latin-1")


@pytest.mark.parametrize("reference", [HEX, "key", "x${env:PII_KEY}", "${keyring:a/b}", ""])
def test_only_a_file_or_a_variable_is_taken(tmp_path, reference):
    with pytest.raises(ConfigError) as caught:
        load_or_create(reference, tmp_path)
    assert str(caught.value) == (
        "the key is neither a file nor a variable; write ${file:PATH} or ${env:NAME}"
    )


def test_an_unset_variable_is_named(tmp_path, monkeypatch):
    monkeypatch.delenv("PII_KEY", raising=False)
    with pytest.raises(ConfigError) as caught:
        load_or_create("${env:PII_KEY}", tmp_path)
    assert str(caught.value) == ("the environment variable 'PII_KEY' holds no key; set it to 64 hex digits")


def test_a_folder_is_no_key(tmp_path):
    (tmp_path / "key").mkdir(mode=0o700)
    with pytest.raises(ConfigError, match=r"can't be read or made \(IsADirectoryError 21\)"):
        load_or_create("${file:key}", tmp_path)
