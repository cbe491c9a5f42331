"""The bound on accidents is held against the binomial distribution itself."""

from __future__ import annotations

from math import comb, log

import pytest

from pii_scan.lineage.chance import UNKNOWN, accident, agreement


def tail(met: int, told: int, chance: float) -> float:
    """P(X >= met), summed up."""
    return sum(comb(told, k) * chance**k * (1 - chance) ** (told - k) for k in range(met, told + 1))


@pytest.mark.parametrize("chance", [0.01, 0.1, 0.3, 0.7])
@pytest.mark.parametrize("told", [1, 9, 60, 120])
def test_no_chance_is_larger_than_its_bound_nor_much_smaller(told: int, chance: float) -> None:
    for met in range(told + 1):
        exact, bound = tail(met, told, chance), accident(met, told, chance)
        assert bound >= exact * (1 - 1e-9)
        # The bound loses a factor of about sqrt(2 pi n), not an order of magnitude in the exponent.
        assert log(bound) <= log(exact) + log(3 * (told + 1))


def test_the_chance_of_agreement_is_that_of_most_strangers() -> None:
    assert agreement([(10, 100), (12, 100), (100, 100)]) == pytest.approx(13 / 102)
    assert agreement([(0, 98)]) == pytest.approx(0.01)
    assert agreement([]) == agreement([(0, 0)]) == UNKNOWN
