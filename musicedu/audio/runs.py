"""The plain way from pitch to notes: what stays the same is one note.

It hears a repeated note as one long one, and a slide as many short ones: `musicedu.audio.transcribe` is the way to go,
and this is what it is measured against.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from musicedu.audio.pitch import PitchTrack
from musicedu.played import PlayedNote


def notes_of_runs(track: PitchTrack, *, shortest_sec: float = 0.05) -> tuple[PlayedNote, ...]:
    """A note for every run of frames of one pitch, to the nearest semitone, that lasts `shortest_sec` or more."""
    if not len(track.times_sec):
        return ()
    pitch = np.where(track.voiced_flag, np.round(np.nan_to_num(track.pitch)), -1).astype(int)
    hop_sec = float(track.times_sec[1] - track.times_sec[0]) if len(pitch) > 1 else 0.0
    edges = [0, *(np.flatnonzero(np.diff(pitch)) + 1).tolist(), len(pitch)]
    runs = (PlayedNote(first * hop_sec, end * hop_sec, int(pitch[first])) for first, end in pairwise(edges))
    return tuple(run for run in runs if run.pitch >= 0 and run.duration_sec >= shortest_sec - 1e-9)
