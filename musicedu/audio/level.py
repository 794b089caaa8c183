"""How loud a sound is, and another level for it: by its peak, its root mean square, or its loudness as heard."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from musicedu.audio.mixing import Sound

_BLOCK_SEC, _HOP_SEC = 0.4, 0.1
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
_OFFSET = -0.691
_SURROUND = 1.41  # weight of the fourth channel on, as in the standard's table 3 for Ls and Rs
_LOUDEST = 1e-12

Floats = npt.NDArray[np.float64]


def peak_db(y: Sound) -> float:
    """The largest sample in decibels below full scale (dBFS); -inf for silence."""
    return _decibels(float(np.max(np.abs(y), initial=0.0)))


def rms_db(y: Sound) -> float:
    """The root mean square of all samples in decibels below full scale; a sine has 3.01 less than its peak."""
    return _decibels(float(np.sqrt(np.mean(np.square(y, dtype=np.float64)))) if np.size(y) else 0.0)


def loudness_lufs(y: Sound, sr: int) -> float:
    """Integrated loudness in LUFS, as broadcasters measure it; -inf for silence.

    y: mono, or (n_channels, n_samples) in the order left, right, centre, and then surround without a low-frequency
    channel; sr: hertz, more than 3,400. After ITU-R BS.1770-5: each channel is K-weighted, the mean square of blocks of
    0.4 s (a new one every 0.1 s) is summed over channels, and quiet blocks are left out: those below -70 LUFS, then
    those more than 10 LU below the mean of the rest. Sound shorter than a block is one block, which the standard leaves
    open. A 997 Hz sine of full scale in one channel has -3.01 LUFS.
    """
    channels = np.atleast_2d(np.asarray(y, dtype=np.float64))
    if channels.shape[1] == 0:
        return -np.inf
    weights = np.where(np.arange(len(channels)) < 3, 1.0, _SURROUND)
    power = weights @ np.stack([_block_power(k_weighted(channel, sr), sr) for channel in channels])
    for gate in (_ABSOLUTE_GATE, None):
        level = _lufs(float(power.mean())) + _RELATIVE_GATE if gate is None else gate
        power = power[_OFFSET + 10 * np.log10(np.maximum(power, _LOUDEST)) > level]
        if not len(power):
            return -np.inf
    return _lufs(float(power.mean()))


def k_weighted(y: Floats, sr: int) -> Floats:
    """A channel as the standard's model of head and ear passes it on: treble raised by 4 dB, deep bass removed."""
    for b, a in k_weighting(sr):
        y = lfilter(b, a, y)
    return y


def k_weighting(sr: int) -> tuple[tuple[Floats, Floats], ...]:
    """The two filters of the K weighting, each as (b, a), for any sample rate.

    The standard tabulates them for 48 kHz; here the analogue filters behind the tables are made digital at `sr` by the
    bilinear transform (their parameters: De Man 2018, "Evaluation of implementations of the EBU R128 loudness
    measurement"), which gives the tables back at 48 kHz.
    """
    if sr <= 3400:
        raise ValueError(f"loudness needs a sample rate above 3400 Hz, not {sr}")
    k, q = np.tan(np.pi * 1681.974450955533 / sr), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    shelf = np.array([high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k])
    poles = np.array([1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k])
    first = (shelf / poles[0], poles / poles[0])
    k, q = np.tan(np.pi * 38.13547087602444 / sr), 0.5003270373238773
    poles = np.array([1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k])
    return first, (np.array([1.0, -2.0, 1.0]), poles / poles[0])


def normalise(
    y: Sound,
    sr: int | None = None,
    *,
    by: Literal["peak", "rms", "loudness"] = "peak",
    level_db: float = -1.0,
    ceiling_db: float = 0.0,
) -> Sound:
    """The same sound at another level: float32, one gain for all samples and channels.

    by: what shall be at `level_db`: the peak (dBFS), the root mean square (dBFS) or the loudness (LUFS, which needs
    `sr`; -23 in broadcasting, -14 on most streaming services). The gain is never so great that a sample would pass
    `ceiling_db`: a sound with high peaks then stays below the level that was asked for, and is not clipped. Silence
    stays silence. `ValueError` for a `by` that is none of the three.
    """
    match by:
        case "peak":
            now_db = peak_db(y)
        case "rms":
            now_db = rms_db(y)
        case "loudness":
            if sr is None:
                raise ValueError("loudness depends on the sample rate: give sr")
            now_db = loudness_lufs(y, sr)
        case _:
            raise ValueError(f"by must be 'peak', 'rms' or 'loudness', not {by!r}")
    if not np.isfinite(now_db):
        return np.asarray(y, dtype=np.float32)
    gain_db = min(level_db - now_db, ceiling_db - peak_db(y))
    return np.asarray(y, dtype=np.float32) * np.float32(10 ** (gain_db / 20))


def _block_power(y: Floats, sr: int) -> Floats:
    n_block, hop = min(round(_BLOCK_SEC * sr), len(y)), round(_HOP_SEC * sr)
    total = np.concatenate([[0.0], np.cumsum(np.square(y))])
    first = np.arange(0, len(y) - n_block + 1, hop)
    power: Floats = np.maximum(total[first + n_block] - total[first], 0) / n_block
    return power


def _lufs(power: float) -> float:
    return _OFFSET + 10 * float(np.log10(max(power, _LOUDEST)))


def _decibels(amplitude: float) -> float:
    return 20 * float(np.log10(amplitude)) if amplitude > 0 else -np.inf
