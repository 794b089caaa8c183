"""The trained VAE without its framework: the same arithmetic as `musicedu.models.vae`, in NumPy.

A test holds both equal. What does not change during a phrase (the latent, the condition, the grid) is multiplied
once; a step is then a few look-ups and one small matrix product.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Window
from musicedu.encoding.features import N_PLACE, place_features
from musicedu.encoding.vocabulary import FIRST_PITCH, N_PITCHES, N_TOKENS, N_VALUES, VALUES
from musicedu.generation.decoding import Ints, Logits, Prefix
from musicedu.generation.engine import NetworkEngine
from musicedu.grid import Grid
from musicedu.weights import Weights

Floats = NDArray[np.float64]
_COLUMNS = np.arange(N_PITCHES)


class NumpyVae(NetworkEngine):
    """Encoder, prior and decoder of trained weights."""

    name = "vae"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._projected = _Projected(self._arrays)

    def prior(self, conditions: Floats) -> tuple[Floats, Floats]:
        """Mean and log variance of p(z given condition): (rows, latent_dim) each."""
        both = self._dense("prior", np.tanh(self._dense("prior_hidden", conditions)))
        mean, log_var = np.split(both, 2, axis=-1)
        return mean, np.clip(log_var, -8.0, 4.0)

    def draw_latents(self, conditions: Floats, rng: np.random.Generator) -> Floats:
        """Latents drawn from the prior of each condition."""
        mean, log_var = self.prior(conditions)
        drawn: Floats = mean + np.exp(0.5 * log_var) * rng.standard_normal(mean.shape)
        return drawn

    def encode(self, window: Window, condition: Floats) -> tuple[Floats, Floats]:
        """The posterior of a window: mean and log variance, (latent_dim,) each."""
        values = np.array([value for value, _ in window.events])
        tokens = np.array([token for _, token in window.events])
        durations = np.array(VALUES)[values]
        place = place_features(window.grid)[np.cumsum(durations) - durations]
        told = np.broadcast_to(condition, (len(values), len(condition)))
        arrays = self._arrays
        x = np.concatenate(
            [arrays["value_embedding.embeddings"][values], arrays["token_embedding.embeddings"][tokens], place, told],
            axis=1,
        )
        for index in range(3):
            x = np.maximum(self._convolution(f"convolution_{index}", x), 0.0)
        mean, log_var = np.split(self._dense("posterior", np.concatenate([x.mean(axis=0), x.max(axis=0)])), 2)
        return mean, np.clip(log_var, -8.0, 4.0)

    def decoder(self, z: Floats, conditions: Floats, grid: Grid) -> Decoder:
        """What comes next in phrases with these latents (rows, latent_dim) and conditions (rows, condition)."""
        return Decoder(self._arrays, self._projected, z, conditions, grid)


class _Projected:
    """What the decoder's matrices make of each value, token and pitch: the same for every phrase."""

    def __init__(self, arrays: Mapping[str, Floats]) -> None:
        values, tokens = arrays["value_embedding.embeddings"], arrays["token_embedding.embeddings"]
        last = arrays["last_embedding.embeddings"]
        widths = np.cumsum([values.shape[1], tokens.shape[1], last.shape[1], N_PLACE])
        by_value, by_token, by_last, self.by_place, self.by_told = np.split(arrays["recurrent.kernel"], widths)
        self.value, self.token, self.last = values @ by_value, tokens @ by_token, last @ by_last
        units = arrays["recurrent.recurrent_kernel"].shape[0]
        self.state_to_value, self.place_to_value = np.split(arrays["value_logits.kernel"], [units])
        by_state, by_value, by_place = np.split(arrays["hidden.kernel"], [units, units + values.shape[1]])
        self.state_to_hidden, self.place_to_hidden = by_state, by_place
        self.value_to_hidden = values @ by_value + arrays["hidden.bias"]


class Decoder:
    """`next_logits` of a VAE: keeps the recurrent state, so prefixes must grow by one event at a time."""

    def __init__(
        self, arrays: Mapping[str, Floats], projected: _Projected, z: Floats, conditions: Floats, grid: Grid
    ) -> None:
        self._arrays, self._projected = arrays, projected
        told = np.concatenate([z, conditions], axis=1)
        place = place_features(grid).astype(np.float64)
        self._place = place @ projected.by_place
        self._told = told @ projected.by_told + arrays["recurrent.bias"][0]
        self._h = np.tanh(told @ arrays["initial.kernel"] + arrays["initial.bias"])
        self._place_to_value = place @ projected.place_to_value + arrays["value_logits.bias"]
        self._place_to_hidden = place @ projected.place_to_hidden
        self._n_events = -1

    def __call__(self, prefix: Prefix) -> Logits:
        """Logits of the next value, or of the next token once the value is chosen."""
        if prefix.value is None:
            self._step(prefix)
            return self._h @ self._projected.state_to_value + self._place_to_value[prefix.positions]
        hidden = self._h @ self._projected.state_to_hidden
        hidden = np.maximum(
            hidden + self._projected.value_to_hidden[prefix.value] + self._place_to_hidden[prefix.positions], 0.0
        )
        logits: Logits = hidden @ self._arrays["pitch_logits.kernel"] + self._arrays["pitch_logits.bias"]
        intervals = hidden @ self._arrays["interval_logits.kernel"] + self._arrays["interval_logits.bias"]
        columns = _COLUMNS[None] - prefix.last[:, None] + N_PITCHES - 1
        logits[:, FIRST_PITCH:] += np.take_along_axis(intervals, columns, axis=1)
        return logits

    def _step(self, prefix: Prefix) -> None:
        n_events = prefix.values.shape[1]
        if n_events != self._n_events + 1:
            raise ValueError(f"a prefix must grow by one event at a time: {self._n_events} events, then {n_events}")
        self._n_events = n_events
        value, token = self._before(prefix.values, N_VALUES), self._before(prefix.tokens, N_TOKENS)
        known = self._projected
        x = known.value[value] + known.token[token] + known.last[prefix.last]
        x = x + self._place[prefix.positions] + self._told
        self._h = _gru(self._h, x, self._arrays["recurrent.recurrent_kernel"], self._arrays["recurrent.bias"][1])

    @staticmethod
    def _before(events: Ints, start: int) -> Ints:
        return events[:, -1] if events.shape[1] else np.full(len(events), start)


def _gru(h: Floats, x: Floats, kernel: Floats, bias: Floats) -> Floats:
    """One step of Keras' GRU (`reset_after=True`): gates in the order update, reset, candidate."""
    units = h.shape[1]
    inner = h @ kernel + bias
    gates = 1.0 / (1.0 + np.exp(-(x[:, : 2 * units] + inner[:, : 2 * units])))
    update, reset = gates[:, :units], gates[:, units:]
    candidate = np.tanh(x[:, 2 * units :] + reset * inner[:, 2 * units :])
    mixed: Floats = update * h + (1.0 - update) * candidate
    return mixed
