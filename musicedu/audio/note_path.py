"""From what each frame may be to notes: the likeliest course of silence, attacks and sustained notes.

Every pitch has two states. In its *attack* a note has begun, whatever the frame seems to be: the sound is still noise,
or the note before it still rings. In its *sustain* the frame has to be of that pitch. To begin a note costs something,
which a clear attack in the sound pays back, and its peak more than that; so a repeated note is told by its attack, a
slurred one by its pitch, and a doubtful one has to show both. After the note model of Mauch et al. (2015, Tony), which
knows no attacks in the sound; solved exactly (Viterbi). The constants were tuned on takes of the validation split.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d

from musicedu.audio.periodicity import Candidates

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.signedinteger]

_IN_TUNE = 0.3  # semitones: the spread of a sustained note around its pitch
_ANY_PITCH = 0.05  # the least likelihood of a frame in a sustained note
_ATTACK = 0.65 * np.exp(-0.2)  # the likelihood of a frame in an attack, whatever it seems to be
_ATTACK_LASTS = 0.2  # a frame of attack costs so much even if the pitch is right
_COST_OF_A_NOTE = 2.6  # a clear attack pays it back
_GAIN_OF_A_PEAK, _PEAK_FRAMES = 0.8, 3  # more than that, where the attack is clearest within so many frames
_COST_OF_SILENCE = 1.0
_LEAST_SILENT = 0.01
_AS_GOOD_AS_NONE = 0.05  # candidates less probable do not widen the compass
_IMPOSSIBLE = -1e9
_SILENCE = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A note in frames: from `first` to before `end`."""

    first: int
    end: int
    pitch: int


def likeliest_notes(candidates: Candidates, attacks: Floats, *, tuning: float = 0.0) -> tuple[Segment, ...]:
    """The notes in order, none sounding into the next.

    attacks: (n_frames,), how clearly a note begins: 0 not at all, 1 and more without doubt; tuning: by how many
    semitones the sound is too high.
    """
    midi = 69 + 12 * np.log2(np.where(candidates.prob > 0, candidates.f0_hz, 440.0) / 440) - tuning
    heard = midi[candidates.prob > _AS_GOOD_AS_NONE]
    if not len(heard):
        return ()
    pitches = np.arange(int(np.round(heard.min())), int(np.round(heard.max())) + 1)
    sustained = _sustained(midi, candidates.prob, pitches)
    silent = np.log(np.maximum(1 - candidates.voiced_prob, _LEAST_SILENT))
    states = _viterbi(silent, sustained, _beginning(np.asarray(attacks, dtype=np.float64)))
    return _segments(states, pitches)


def _sustained(midi: Floats, prob: Floats, pitches: Ints) -> Floats:
    """The log likelihood of each frame in a sustained note of each pitch: (n_frames, n_pitches)."""
    likelihood = np.zeros((len(midi), len(pitches)))
    for column in range(midi.shape[1]):
        away = (midi[:, column : column + 1] - pitches) / _IN_TUNE
        likelihood += prob[:, column : column + 1] * np.exp(-0.5 * away**2)
    logs: Floats = np.log(_ANY_PITCH + (1 - _ANY_PITCH) * np.minimum(likelihood, 1))
    return logs


def _beginning(attacks: Floats) -> Floats:
    """What it adds to begin a note in each frame: less than 0 nearly everywhere, more at a clear peak."""
    clear = np.minimum(attacks, 1)
    is_peak = attacks >= maximum_filter1d(attacks, 2 * _PEAK_FRAMES + 1)
    gain: Floats = _COST_OF_A_NOTE * (clear - 1) + _GAIN_OF_A_PEAK * clear * is_peak
    return gain


def _viterbi(silent: Floats, sustained: Floats, begin: Floats) -> Ints:
    """The state of each frame: 0 for silence, then the attacks of all pitches, then their sustained parts."""
    n_frames, n = sustained.shape
    attack = np.maximum(sustained - _ATTACK_LASTS, np.log(_ATTACK))
    came_from = np.zeros((n_frames, 2 * n + 1), dtype=np.int16)
    in_attack, in_sustain = 1 + np.arange(n), 1 + n + np.arange(n)
    score = np.concatenate([silent[:1], attack[0] + begin[0], np.full(n, _IMPOSSIBLE)])
    for t in range(1, n_frames):
        attacked, held = score[1 : n + 1], score[n + 1 :]
        loudest = int(held.argmax())
        rests = score[_SILENCE] >= held[loudest] - _COST_OF_SILENCE
        # A note begins after silence, or after any held note, which may be of the same pitch.
        before = _SILENCE if score[_SILENCE] >= held[loudest] else int(in_sustain[loudest])
        begins = score[before] + begin[t] > attacked
        goes_on = held > attacked
        came_from[t, _SILENCE] = _SILENCE if rests else in_sustain[loudest]
        came_from[t, in_attack] = np.where(begins, before, in_attack)
        came_from[t, in_sustain] = np.where(goes_on, in_sustain, in_attack)
        silence = score[_SILENCE] if rests else held[loudest] - _COST_OF_SILENCE
        score = np.concatenate(
            [
                [silence + silent[t]],
                np.where(begins, score[before] + begin[t], attacked) + attack[t],
                np.where(goes_on, held, attacked) + sustained[t],
            ]
        )
    return _traced(came_from, int(score.argmax()))


def _traced(came_from: Ints, last: int) -> Ints:
    states = np.empty(len(came_from), dtype=int)
    states[-1] = last
    for t in range(len(came_from) - 1, 0, -1):
        states[t - 1] = came_from[t, states[t]]
    return states


def _segments(states: Ints, pitches: Ints) -> tuple[Segment, ...]:
    """A note begins where an attack does, and lasts until the next one or silence."""
    n, segments, first = len(pitches), [], None
    for t, state in enumerate([*states.tolist(), _SILENCE]):
        begins = 1 <= state <= n and (t == 0 or states[t - 1] != state)
        if first is not None and (begins or state == _SILENCE):
            segments.append(Segment(first, t, int(pitches[(states[first] - 1)])))
            first = None
        if begins:
            first = t
    return tuple(segments)
