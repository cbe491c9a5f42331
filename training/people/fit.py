"""Fits the weights of values and of columns: multinomial logistic regression, Adam over all rows at once."""

from __future__ import annotations

import numpy as np

ROUNDS = 400


def softmax(raw: np.ndarray) -> np.ndarray:
    parts = np.exp(raw - raw.max(axis=1, keepdims=True))
    return parts / parts.sum(axis=1, keepdims=True)


def fitted(
    rows: np.ndarray, labels: np.ndarray, kinds: int, decay: float, importance: np.ndarray
) -> np.ndarray:
    """Weights, a row a feature and a column a kind; `decay`: the L2 penalty; the bias (last) has none."""
    weights = np.zeros((rows.shape[1], kinds))
    means, squares = np.zeros_like(weights), np.zeros_like(weights)
    truth = np.eye(kinds)[labels]
    penalty = np.full((rows.shape[1], 1), decay)
    penalty[-1] = 0
    scaled = importance[:, None] / importance.sum()
    for step in range(1, ROUNDS + 1):
        slope = rows.T @ ((softmax(rows @ weights) - truth) * scaled) + penalty * weights
        means = 0.9 * means + 0.1 * slope
        squares = 0.99 * squares + 0.01 * slope**2
        rate = 0.2 * (1 - step / (ROUNDS + 1))
        weights -= rate * (means / (1 - 0.9**step)) / (np.sqrt(squares / (1 - 0.99**step)) + 1e-8)
    return weights
