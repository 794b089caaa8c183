"""What tests measure on sound: fundamental frequency and onsets, with numpy alone."""

import numpy as np


def estimate_f0_hz(y, sr, *, fmin_hz=60.0, fmax_hz=2500.0):
    """Fundamental frequency by the normalised difference function (de Cheveigne and Kawahara 2002, steps 2 to 5)."""
    window = min(len(y) // 2, round(0.1 * sr))
    longest = min(round(sr / fmin_hz), len(y) - window)
    energy = np.cumsum(np.concatenate(([0.0], y.astype(float) ** 2)))
    lags = np.arange(longest)
    products = np.correlate(y[: window + longest].astype(float), y[:window].astype(float), mode="valid")[:longest]
    difference = energy[window] + energy[lags + window] - energy[lags] - 2 * products
    normalised = difference * np.maximum(lags, 1) / np.maximum(np.cumsum(difference), 1e-12)
    shortest = round(sr / fmax_hz)
    below = np.flatnonzero(normalised[shortest:] < 0.1) + shortest
    lag = int(below[0]) if len(below) else int(np.argmin(normalised[shortest:])) + shortest
    while lag + 1 < longest and normalised[lag + 1] < normalised[lag]:
        lag += 1
    before, here, after = normalised[lag - 1 : lag + 2]
    return sr / (lag + (before - after) / (2 * (before - 2 * here + after)))


def cents_apart(estimated_hz, reference_hz):
    return 1200 * np.log2(estimated_hz / reference_hz)


def level(y, sr, first_sec, last_sec):
    """Root mean square between two times."""
    return float(np.sqrt(np.mean(y[round(first_sec * sr) : round(last_sec * sr)] ** 2)))
