"""The kit for authors of connectors holds for its own hostile connector."""

import pytest

from pii_scan.core.model import LOCATOR, Batch, Plan
from pii_scan.testing.contract import ConnectorContract
from pii_scan.testing.factories import make_batch, make_dataset
from pii_scan.testing.hostile import NAMES, HostileConnector


class TestHostile(ConnectorContract):
    @pytest.fixture
    def make(self):
        return lambda: HostileConnector(rows=9)

    def canaries(self):
        return ("canary.",)


def test_the_contract_catches_a_sample_that_is_not_bounded():
    class Greedy(HostileConnector):
        def read(self, shard):
            from dataclasses import replace

            return HostileConnector.read(self, replace(shard, plan=Plan(mode="full")))

    with pytest.raises(AssertionError):
        ConnectorContract().test_a_sample_is_bounded_and_says_so(lambda: Greedy(rows=9))


def test_the_contract_catches_an_unstable_listing():
    class Unstable(HostileConnector):
        def datasets(self):
            listed = list(HostileConnector.datasets(self))
            self.names = self.names[1:]
            return iter(listed)

    with pytest.raises(AssertionError):
        ConnectorContract().test_lists_the_same_again(Unstable)


def test_a_batch_is_made_from_columns():
    dataset = make_dataset("users", {"email": "string"})
    batch = make_batch(dataset, {"email": ["a@example.org", None], "address/city": ["x", "y"]}, first=5)
    assert isinstance(batch, Batch)
    assert batch.columns == (("email",), ("address", "city"))
    assert batch.table.column(LOCATOR).to_pylist() == [5, 6]
    assert batch.bytes == len("a@example.org") + 2
    assert dataset.path == ("main", "users")


def test_hostile_names_differ_and_fit_the_usual_limit():
    assert len({name.casefold() for name in NAMES}) == len(NAMES)
    assert max(len(name.encode()) for name in NAMES) == 63
