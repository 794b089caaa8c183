"""How high a sound is, moment by moment: the fundamental frequency of one voice or instrument, and where there is one.

Of the candidates of each moment (`musicedu.audio.periodicity`) a path is chosen in which leaps, and changes between
pitch and no pitch, cost something (Viterbi, as Boersma 1993 has it). Unlike `librosa.pyin`, whose path leads over a
grid of all pitches, this one leads over the few candidates, which makes it many times as fast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from musicedu.audio.periodicity import FMAX_HZ, FMIN_HZ, Candidates, Samples, extract_candidates

Floats = npt.NDArray[np.float64]

_COST_OF_AN_OCTAVE, _DEAREST_LEAP = 6.0, 4.0
_COST_OF_A_CHANGE = 6.0  # from pitch to none, or back
_LEAST_PROB = 1e-4
_IMPOSSIBLE = -1e9


@dataclass(frozen=True, eq=False)
class PitchTrack:
    """A pitch every 11.6 ms.

    times_sec: (n_frames,); f0_hz: NaN where there is no pitch; voiced_flag: whether there is one; voiced_prob: how
    probable that is by the frame alone, 0 to 1.
    """

    times_sec: Floats
    f0_hz: Floats
    voiced_flag: npt.NDArray[np.bool_]
    voiced_prob: Floats

    @property
    def pitch(self) -> Floats:
        """Fractional MIDI numbers, NaN where there is no pitch."""
        midi: Floats = 69 + 12 * np.log2(self.f0_hz / 440)
        return midi


def estimate_f0(y: Samples, sr: int, *, fmin_hz: float = FMIN_HZ, fmax_hz: float = FMAX_HZ) -> PitchTrack:
    """The pitch of a sound in which one note sounds at a time.

    y: mono, shape (n_samples,), at least one sample; sr: hertz; fmin_hz, fmax_hz: the lowest and the highest pitch
    looked for, C2 and C7 if not given. `ValueError` for sound that is not one row of finite samples.
    """
    return best_pitch_path(extract_candidates(y, sr, fmin_hz=fmin_hz, fmax_hz=fmax_hz))


def best_pitch_path(candidates: Candidates) -> PitchTrack:
    """The likeliest row of candidates, one or none a frame."""
    is_one = candidates.prob > 0
    octaves = np.log2(np.where(is_one, candidates.f0_hz, 1.0))
    evidence = np.where(is_one, np.log(np.where(is_one, candidates.prob, 1.0)), _IMPOSSIBLE)
    none = np.log(np.maximum(1 - candidates.voiced_prob, _LEAST_PROB))
    states = _viterbi(octaves, np.column_stack([evidence, none]))
    n_candidates = candidates.prob.shape[1]
    voiced = states < n_candidates
    chosen = np.take_along_axis(candidates.f0_hz, np.minimum(states, n_candidates - 1)[:, None], axis=1)[:, 0]
    return PitchTrack(candidates.times_sec, np.where(voiced, chosen, np.nan), voiced, candidates.voiced_prob)


def _viterbi(octaves: Floats, evidence: Floats) -> npt.NDArray[np.int_]:
    """The best state of every frame: a candidate's number, or the last for no pitch."""
    n_frames, n_states = evidence.shape
    came_from = np.zeros((n_frames, n_states), dtype=np.int8)
    steps = np.full((n_states, n_states), -_COST_OF_A_CHANGE)
    steps[-1, -1] = 0
    score = evidence[0]
    for t in range(1, n_frames):
        leaps = np.abs(octaves[t - 1][:, None] - octaves[t][None, :])
        steps[:-1, :-1] = -np.minimum(_COST_OF_AN_OCTAVE * leaps, _DEAREST_LEAP)
        reached = score[:, None] + steps
        came_from[t] = reached.argmax(axis=0)
        score = reached.max(axis=0) + evidence[t]
    states = np.empty(n_frames, dtype=int)
    states[-1] = int(score.argmax())
    for t in range(n_frames - 1, 0, -1):
        states[t - 1] = came_from[t, states[t]]
    return states
