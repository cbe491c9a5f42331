"""Weights of highest posterior of a logistic model whose weights are drawn to their priors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
STEPS: Final = 50


def newton(
    matrix: Array,
    target: Array,
    counts: Array,
    mean: Array,
    draw: float,
    low: Any,
    high: Any,
    base: Any = 0.0,
) -> Array:
    """By Newton's method: a weight a column of `matrix`, between `low` and `high`, drawn to `mean`.

    `target` is 0 or 1 a row, `counts` what each row counts, `base` what is not weighed, in log-odds.
    """
    weights = mean.copy()
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(base + matrix @ weights)))
        slope = matrix.T @ (counts * (target - chance)) - draw * (weights - mean)
        bend = (matrix * (counts * chance * (1 - chance))[:, None]).T @ matrix + draw * np.eye(len(mean))
        moved = np.clip(weights + np.linalg.solve(bend, slope), low, high)
        done, weights = np.abs(moved - weights).max() < 1e-9, moved
        if done:
            break
    return weights


def rounded(names: Sequence[str], weights: Array) -> dict[str, float]:
    """The weights by name, to two decimals."""
    return {name: round(float(weight), 2) + 0.0 for name, weight in zip(names, weights, strict=True)}


def counts(groups: Sequence[str], shares: Sequence[float]) -> Array:
    """What each example counts: groups by the square root of their size, all together as the shares."""
    sizes = Counter(groups)
    found = np.array([share * sizes[group] ** -0.5 for group, share in zip(groups, shares, strict=True)])
    scaled: Array = found * (sum(shares) / max(found.sum(), 1e-9))
    return scaled


def write(file: Sequence[str], weights: Mapping[tuple[str, str], float]) -> None:
    """Writes weights, by part and name, into a shipped file, whose other parts stay as they are."""
    from ruamel.yaml import YAML

    path = Path(str(resources.files("pii_scan.data").joinpath(*file)))
    yaml = YAML()
    yaml.width = 110
    data: Any = yaml.load(path.read_text(encoding="utf-8"))
    for (part, name), weight in weights.items():
        data[part][name]["weight"] = weight
    with path.open("w", encoding="utf-8") as target:
        yaml.dump(data, target)
