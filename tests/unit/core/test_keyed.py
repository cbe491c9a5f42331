"""Keyed hashing: stable with the key, worthless without it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii_scan.core.keyed import KEY_BYTES, Key

KEY = Key(bytes(range(32)))


def test_known_answers():
    """Fixed for ever: a change would cut every inventory off from its own history."""
    assert KEY.id == "e127f529"
    assert KEY.digest("anna@example.com").hex() == "833aa150222e6de8"
    assert KEY.derive("names").id == "fdfade0d"


@given(st.text())
def test_a_number_is_the_digest_in_64_bits(value):
    assert KEY.number(value) == int.from_bytes(KEY.digest(value, 8), "big") < 1 << 64


@given(st.text(), st.integers(1, 32))
def test_digests_have_the_size_asked_for(value, size):
    assert len(KEY.digest(value, size)) == size


def test_keys_and_purposes_are_independent():
    keys = [KEY, Key.new(), KEY.derive("names"), KEY.derive("values")]
    assert len({key.digest("anna") for key in keys}) == len(keys)
    assert len({key.id for key in keys}) == len(keys)
    assert KEY.derive("names") == KEY.derive("names")


def test_the_secret_is_never_shown():
    assert KEY.secret.hex() not in f"{KEY!r}{KEY}"
    assert "secret" not in repr(KEY)


@pytest.mark.parametrize("size", [0, 16, KEY_BYTES + 1])
def test_a_short_key_is_refused(size):
    with pytest.raises(ValueError, match="32 bytes"):
        Key(bytes(size))
