"""Small fitted networks: a layer of tanh over standardised signs, a few of them averaged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import msgspec
import numpy as np


class Network(msgspec.Struct, frozen=True):
    """A layer of tanh over the standardised signs, and what it is summed by."""

    hidden: list[list[float]]  # (units, signs)
    hidden_bias: list[float]
    out: list[float]
    out_bias: float


class Networks(msgspec.Struct, frozen=True, dict=True):
    """A few small networks over the same signs, their probabilities averaged."""

    means: list[float]
    deviations: list[float]
    networks: list[Network]

    @cached_property
    def _layers(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, float]]:
        return [
            (np.array(n.hidden), np.array(n.hidden_bias), np.array(n.out), n.out_bias) for n in self.networks
        ]

    def probability(self, signs: Sequence[float]) -> float:
        """Return the probability of these signs."""
        return float(self.probabilities(self.standardised(signs)[None])[0])

    def standardised(self, signs: Sequence[float]) -> np.ndarray:
        """Return float64 (signs,) by which `probabilities` goes."""
        return (np.array(signs) - self.means) / self.deviations

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Return (n,) from standardised (n, signs)."""
        found = [
            1 / (1 + np.exp(-(np.tanh(rows @ hidden.T + bias) @ out + last)))
            for hidden, bias, out, last in self._layers
        ]
        return np.mean(found, axis=0)
