"""Attributes of when there is sound, measured on exact times."""

from __future__ import annotations

from musicedu.melody import Melody


def rest_share(melody: Melody) -> float:
    """The share (0-1) of the melody's duration that is silent; 1 without notes."""
    return 1 - float(sum(note.duration for note in melody.notes) / melody.duration)


def syncopated_share(melody: Melody) -> float:
    """The share (0-1) of notes that begin off the beat and sound on past the next one; 0 without notes."""
    if not melody.notes:
        return 0.0
    count = 0
    for note in melody.notes:
        measure = melody.measure_at(note.onset)
        position = note.onset - measure.onset + measure.shift
        beats = [*measure.metre.beat_onsets, measure.metre.duration]
        if measure.is_irregular:
            beats = [beat - measure.onset for beat in (*measure.beat_onsets, measure.offset)]
        following = [beat for beat in beats if beat > position]
        count += position not in beats and bool(following) and note.duration > following[0] - position
    return count / len(melody.notes)
