"""Rhythm: from sound to onsets, to a tempo, to beats.

`onsets` says when notes begin and which of them weigh most, `tempo` how fast the beats follow each other, and `beats`
where they fall. Times are seconds, tempi beats a minute.
"""

from musicedu.audio.rhythm.beats import BeatEstimate, estimate_beats, follow_beats
from musicedu.audio.rhythm.onsets import estimate_onsets, onset_envelope, pick_peaks, spectral_flux
from musicedu.audio.rhythm.tempo import TempoEstimate, autocorrelation, estimate_tempo, tempogram

__all__ = [
    "BeatEstimate",
    "TempoEstimate",
    "autocorrelation",
    "estimate_beats",
    "estimate_onsets",
    "estimate_tempo",
    "follow_beats",
    "onset_envelope",
    "pick_peaks",
    "spectral_flux",
    "tempogram",
]
