"""URNs: every name, however odd, comes back; two places never share one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii_scan.core import urn
from pii_scan.core.model import Dataset, Field, Store

from .strategies import names, paths


@given(names, paths, paths)
def test_round_trip(store, path, field):
    base = urn.store_urn("postgresql", store)
    made = urn.join(urn.join(base, path), field, "#")
    assert urn.split(made) == (base, path, field)
    assert urn.dataset_of(made) == urn.join(base, path)


@given(names, paths, paths, paths, paths)
def test_different_places_have_different_urns(store, path, field, other_path, other_field):
    base = urn.store_urn("sqlite", store)
    first, second = ((path, field), (other_path, other_field))
    made = [urn.join(urn.join(base, p), f, "#") for p, f in (first, second)]
    assert (made[0] == made[1]) == (first == second)


@given(st.text())
def test_any_text_at_all_can_be_quoted(text):
    quoted = urn.quote_part(text)
    assert not set(quoted) & set("/#?%\n\r\t\0") - {"%"}
    assert quoted.isprintable()


def test_a_urn_reads_well():
    dataset = Dataset(Store("postgresql", "shop"), ("public", "order.items"))
    field = Field(dataset.urn, ("shipping", "e-mail"))
    assert field.urn == "postgresql://shop/public/order.items#shipping/e-mail"
    assert Dataset(Store("files", "in/out"), ("a/b#c",)).urn == "files://in%2Fout/a%2Fb%23c"


def test_a_text_without_a_scheme_is_no_urn():
    with pytest.raises(ValueError, match="not a URN"):
        urn.split("users.email")
