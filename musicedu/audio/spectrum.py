"""What a sound is made of, frame after frame: its spectrum, and the quantities that describe it, with times in seconds.

A frame is a short stretch of sound around its time; the first is centred on the first sample, and what a frame sees
beyond the ends of the sound is silence. `extract_spectrum` comes first, and all else is made from its magnitudes: one
transform serves all. Frames of silence give 0 in every quantity, flatness 1.

Values are those of librosa 0.11 with its defaults (tests hold them together), chroma excepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.fft import dct, rfft
from scipy.signal import get_window

from musicedu.audio.mixing import Sound

N_FFT, HOP_LENGTH = 2048, 512
_TINY = 1e-10
_TOP_DB = 80.0
_FRAMES_AT_ONCE = 2048
_BREAK_HZ, _MEL_AT_BREAK = 1000.0, 15.0
_CHROMA_HZ = (55.0, 5000.0)

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Frames:
    """A quantity measured frame after frame.

    values: shape (n_frames,), or (n_rows, n_frames), the lowest row first; sr: hertz of the sound; hop_length: samples
    from one frame to the next; unit: of the values; rows: what the rows are, such as their frequencies in hertz
    (n_rows,), empty for a single row.
    """

    values: Floats
    sr: int
    hop_length: int
    unit: str
    rows: Floats

    @property
    def n_frames(self) -> int:
        return int(self.values.shape[-1])

    @property
    def times_sec(self) -> npt.NDArray[np.float64]:
        """The centre of each frame, shape (n_frames,)."""
        return np.arange(self.n_frames, dtype=np.float64) * (self.hop_length / self.sr)

    @property
    def mean(self) -> Floats:
        """Over all frames: one value, or one for each row."""
        average: Floats = np.mean(self.values, axis=-1)
        return average


def extract_spectrum(
    y: Sound, sr: int, *, n_fft: int = N_FFT, hop_length: int = HOP_LENGTH, window: str = "hann"
) -> Frames:
    """Magnitudes of the short-time Fourier transform: rows from 0 Hz to `sr / 2`, `1 + n_fft // 2` of them.

    y: mono, shape (n_samples,); n_fft: samples in a frame; window: one that scipy knows by name. A sine of amplitude a
    on a row's frequency gives a * sum(window) / 2 there. `ValueError` for sound that is not one row of finite samples.
    """
    frames, taps = framed(y, n_fft, hop_length), get_window(window, n_fft).astype(np.float32)
    values = np.empty((1 + n_fft // 2, len(frames)), dtype=np.float32)
    for first in range(0, len(frames), _FRAMES_AT_ONCE):
        part = frames[first : first + _FRAMES_AT_ONCE]
        values[:, first : first + len(part)] = np.abs(rfft(part * taps, axis=1)).T
    return Frames(values, sr, hop_length, "amplitude", np.fft.rfftfreq(n_fft, 1 / sr))


def framed(y: Sound, frame_length: int, hop_length: int) -> Sound:
    """Frames of shape (n_frames, frame_length), the k-th centred on sample k * hop_length, zeros beyond the ends."""
    y = np.asarray(y, dtype=np.float32)
    if y.ndim != 1 or not np.all(np.isfinite(y)):
        raise ValueError(f"y must be one row of finite samples, not of shape {y.shape}")
    if frame_length < 2 or frame_length % 2 or hop_length < 1:
        raise ValueError(f"frames need an even length and a hop of 1 or more, not {frame_length} and {hop_length}")
    padded = np.pad(y, frame_length // 2)
    return np.lib.stride_tricks.sliding_window_view(padded, frame_length)[::hop_length]


def amplitude_to_db(values: Floats, *, top_db: float = _TOP_DB) -> Floats:
    """Decibels, 0 for the loudest value and never lower than `-top_db`, which is what silence is."""
    loudest = float(np.max(values, initial=0.0)) or 1.0
    decibels: Floats = np.maximum(20 * np.log10(np.maximum(values / loudest, _TINY)), -top_db)
    return decibels


def extract_centroid(spectrum: Frames) -> Frames:
    """Where the spectrum balances, in hertz: the mean frequency, weighted by magnitude. High is bright."""
    return _row(spectrum, spectrum.rows @ _shares(spectrum), "Hz")


def extract_bandwidth(spectrum: Frames) -> Frames:
    """How far the spectrum spreads around its centroid, in hertz: the standard deviation, weighted by magnitude."""
    shares = _shares(spectrum)
    away = spectrum.rows[:, None] - (spectrum.rows @ shares)[None, :]
    return _row(spectrum, np.sqrt(np.sum(shares * away**2, axis=0)), "Hz")


def extract_rolloff(spectrum: Frames, *, share: float = 0.85) -> Frames:
    """The frequency below which that share of the magnitude lies, in hertz."""
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1, not {share}")
    below = np.cumsum(spectrum.values, axis=0, dtype=np.float64)
    index = np.argmax(below >= share * below[-1], axis=0)
    return _row(spectrum, spectrum.rows[index], "Hz")


def extract_flatness(spectrum: Frames) -> Frames:
    """How noise-like the spectrum is: geometric mean over mean of the power, near 0 for a tone, 1 for perfect noise."""
    power = np.maximum(spectrum.values.astype(np.float64) ** 2, _TINY)
    return _row(spectrum, np.exp(np.mean(np.log(power), axis=0)) / np.mean(power, axis=0), "1")


def extract_zero_crossings(y: Sound, sr: int, *, frame_length: int = N_FFT, hop_length: int = HOP_LENGTH) -> Frames:
    """The share of samples at which the sign changes: twice the frequency over `sr` for a sine."""
    signs = framed(y, frame_length, hop_length) < 0
    rate = np.mean(signs[:, 1:] != signs[:, :-1], axis=1)
    return Frames(rate, sr, hop_length, "per sample", np.zeros(0))


def extract_rms(y: Sound, sr: int, *, frame_length: int = N_FFT, hop_length: int = HOP_LENGTH) -> Frames:
    """The root of the mean square of each frame: how strong the sound is."""
    frames = framed(y, frame_length, hop_length)
    return Frames(np.sqrt(np.mean(frames**2, axis=1)), sr, hop_length, "amplitude", np.zeros(0))


def hz_to_mel(hz: Floats | float) -> Floats:
    """The mel scale, on which equal steps sound about equally far apart: even up to 1,000 Hz, even in octaves above.

    Slaney's (1998, Auditory Toolbox): 15 mel at 1,000 Hz, and 27 more for each factor of 6.4.
    """
    hz = np.asarray(hz, dtype=np.float64)
    bent = _MEL_AT_BREAK + 27 * np.log(np.maximum(hz, _BREAK_HZ) / _BREAK_HZ) / np.log(6.4)
    mel: Floats = np.where(hz < _BREAK_HZ, _MEL_AT_BREAK * hz / _BREAK_HZ, bent)
    return mel


def mel_to_hz(mel: Floats | float) -> Floats:
    """The inverse of `hz_to_mel`."""
    mel = np.asarray(mel, dtype=np.float64)
    bent = _BREAK_HZ * 6.4 ** ((np.maximum(mel, _MEL_AT_BREAK) - _MEL_AT_BREAK) / 27)
    hz: Floats = np.where(mel < _MEL_AT_BREAK, mel * _BREAK_HZ / _MEL_AT_BREAK, bent)
    return hz


@lru_cache(maxsize=16)
def mel_filters(sr: int, n_fft: int, n_mels: int) -> Floats:
    """Triangles of area 1, evenly spaced in mel from 0 to `sr / 2`: shape (n_mels, 1 + n_fft // 2), read-only."""
    corners = mel_to_hz(np.linspace(0, hz_to_mel(sr / 2), n_mels + 2))
    rows = np.fft.rfftfreq(n_fft, 1 / sr)
    low, middle, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    triangles = np.minimum((rows - low) / (middle - low), (high - rows) / (high - middle))
    filters: Floats = (np.maximum(triangles, 0) * 2 / (high - low)).astype(np.float32)
    filters.setflags(write=False)
    return filters


def extract_mel(spectrum: Frames, *, n_mels: int = 128) -> Frames:
    """Power in `n_mels` bands that are evenly spaced as the ear hears; rows are their middles in hertz."""
    n_fft = 2 * (len(spectrum.rows) - 1)
    values = mel_filters(spectrum.sr, n_fft, n_mels) @ np.square(spectrum.values)
    middles = mel_to_hz(np.linspace(0, hz_to_mel(spectrum.sr / 2), n_mels + 2))[1:-1]
    return Frames(values, spectrum.sr, spectrum.hop_length, "power", middles)


def extract_mfcc(spectrum: Frames, *, n_mfcc: int = 20, n_mels: int = 128) -> Frames:
    """Mel-frequency cepstral coefficients: the shape of the mel spectrum in decibels, coarse to fine; timbre in short.

    A type 2 cosine transform over the bands, of decibels that go down to 80 below the loudest (Davis and Mermelstein
    1980 took logarithms of 20 bands). Rows are the numbers of the coefficients from 0, which is loudness.
    """
    decibels = 10 * np.log10(np.maximum(extract_mel(spectrum, n_mels=n_mels).values, _TINY))
    decibels = np.maximum(decibels, decibels.max(initial=-_TOP_DB) - _TOP_DB)
    values = dct(decibels, type=2, axis=0, norm="ortho")[:n_mfcc]
    return Frames(values, spectrum.sr, spectrum.hop_length, "dB", np.arange(n_mfcc, dtype=np.float64))


def extract_chroma(spectrum: Frames, *, tuning_cents: float = 0.0) -> Frames:
    """How strongly each pitch class sounds, from C (row 0) to B: the largest of each frame is 1, silence is 0.

    The power of every row from 55 to 5,000 Hz goes to the pitch class of the nearest semitone, with A4 at 440 Hz and
    `tuning_cents`. Frames of 4,096 samples at 22,050 Hz tell semitones apart from 180 Hz up. Overtones count with
    their own pitch class: `musicedu.audio.harmony` takes them away.
    """
    counted = (spectrum.rows >= _CHROMA_HZ[0]) & (spectrum.rows <= _CHROMA_HZ[1])
    pitches = 69 + 12 * np.log2(spectrum.rows[counted] / 440) - tuning_cents / 100
    folding = np.round(pitches).astype(int) % 12 == np.arange(12)[:, None]
    power = folding.astype(np.float64) @ np.square(spectrum.values[counted], dtype=np.float64)
    loudest = power.max(axis=0, initial=0.0)
    values = np.where(loudest > _TINY, power / np.maximum(loudest, _TINY), 0.0)
    return Frames(values, spectrum.sr, spectrum.hop_length, "share of the strongest", np.arange(12, dtype=np.float64))


def _shares(spectrum: Frames) -> Floats:
    values = spectrum.values.astype(np.float64)
    shares: Floats = values / np.maximum(values.sum(axis=0), _TINY)
    return shares


def _row(spectrum: Frames, values: Floats, unit: str) -> Frames:
    return Frames(values, spectrum.sr, spectrum.hop_length, unit, np.zeros(0))
