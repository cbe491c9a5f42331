"""Trains the classifier of letters: multinomial logistic regression over hashed n-grams, with Adam."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pii_scan.detect.ngrams import BITS, CLASSES, Grams, Ngrams, grams

from .strings import Texts

ROUNDS, BATCH, RATE, DECAY = 5, 2048, 0.02, 2e-6


def trained(texts: Texts, seed: int) -> Ngrams:
    """The classifier, its weights rounded to int8."""
    rng = np.random.default_rng(seed)
    labels = np.array([CLASSES.index(label) for _, label in texts])
    found = grams([text for text, _ in texts])
    share = np.bincount(labels, minlength=len(CLASSES)) / len(labels)
    importance = np.sqrt(1 / (len(CLASSES) * share))[labels]
    table = np.zeros((1 << BITS, len(CLASSES)))
    bias = np.zeros(len(CLASSES))
    means, squares, step = np.zeros_like(table), np.zeros_like(table), 0
    for _ in range(ROUNDS):
        for rows in np.array_split(rng.permutation(len(labels)), max(1, len(labels) // BATCH)):
            step += 1
            part = _taken(found, rows)
            error = _error(part, table, bias, labels[rows]) * importance[rows][:, None]
            slope = _slope(part, error) / len(rows) + DECAY * table
            means += 0.1 * (slope - means)
            squares += 0.001 * (slope**2 - squares)
            table -= RATE * (means / (1 - 0.9**step)) / (np.sqrt(squares / (1 - 0.999**step)) + 1e-8)
            bias -= RATE * error.mean(axis=0)
    return _rounded(table, bias)


def _taken(found: Grams, rows: Sequence[int] | np.ndarray) -> Grams:
    """The n-grams of some texts."""
    ends, counts = found.ends[rows], found.counts[rows]
    starts = ends - counts
    total = np.cumsum(counts)
    index = np.arange(total[-1]) - np.repeat(total - counts, counts) + np.repeat(starts, counts)
    return Grams(found.hashes[index], total)


def _error(part: Grams, table: np.ndarray, bias: np.ndarray, labels: np.ndarray) -> np.ndarray:
    sums = np.add.reduceat(table[part.hashes], np.append(0, part.ends[:-1]), axis=0)
    raw = sums / np.sqrt(part.counts)[:, None] + bias
    raw = np.exp(raw - raw.max(axis=1, keepdims=True))
    error = raw / raw.sum(axis=1, keepdims=True)
    error[np.arange(len(labels)), labels] -= 1
    return error


def _slope(part: Grams, error: np.ndarray) -> np.ndarray:
    spread = np.repeat(error / np.sqrt(part.counts)[:, None], part.counts, axis=0)
    columns = [np.bincount(part.hashes, spread[:, k], minlength=1 << BITS) for k in range(len(CLASSES))]
    return np.stack(columns, axis=1)


def _rounded(table: np.ndarray, bias: np.ndarray) -> Ngrams:
    """Weights beyond the 99.95th percentile are cut, so that the others keep more of their figures."""
    scale = float(np.quantile(np.abs(table), 0.9995)) / 127
    whole = np.clip(np.round(table / scale), -127, 127).astype(np.int8)
    return Ngrams(whole, round(scale, 8), np.round(bias, 4))
