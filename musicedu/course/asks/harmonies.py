"""What a task may ask of harmony: templates, a cost of change, a finder of tonics, and chords under a tune."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from musicedu.audio.harmony import best_chord_path, sounding_chords
from musicedu.audio.takes import SoundingChord, Take, record_take
from musicedu.course.asks.functions import outcome
from musicedu.course.checks import Requirement, asked_first
from musicedu.display.harmony_view import PITCH_CLASS_NAMES
from musicedu.evaluation.listening.harmony import score_chords
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Measure, Melody

Values = npt.NDArray[np.floating]


def marks_minor_chords(answer: Any) -> str | None:
    """The function gives, for every root, twelve numbers with a 1 for each note of the minor chord."""
    for root in range(12):
        row, fault = outcome(answer, root)
        if fault:
            return f"{fault} That was for the root {PITCH_CLASS_NAMES[root]} = {root}. After B comes C again."
        fault = _fault_of_template(row, root)
        if fault:
            return fault
    return None


@asked_first
def is_cost(answer: Any) -> str | None:
    """The answer is a number of seconds, 0 or more."""
    if isinstance(answer, int | float) and not isinstance(answer, bool) and answer >= 0:
        return None
    return "A cost is a number of seconds, 0 or more: write it without quotes."


def hears_steadily(
    fits: Values, times_sec: Values, truth: Sequence[SoundingChord], *, right: float, at_most: int
) -> Requirement:
    """With this cost the best row is right for a share of the time, in no more than so many chords."""

    def hears_without_flicker(answer: Any) -> str | None:
        path = best_chord_path(np.asarray(fits, dtype=float), float(answer) / float(times_sec[1] - times_sec[0]))
        heard = sounding_chords(path, np.asarray(times_sec, dtype=float))
        share = score_chords(truth, heard)
        found = f"With a cost of {answer} s, {len(heard)} chords are heard, right for {share:.0%} of the time."
        if len(heard) > at_most:
            return f"{found} No guitarist changes so often: it still flickers."
        if share < right:
            return f"{found} Short chords are swallowed by their neighbours: changing has become too dear."
        return None

    return hears_without_flicker


def finds_tonics(weights: Values, profile: Values, tonic: int) -> Requirement:
    """The function finds the tonic of a piece, wherever it is transposed."""

    def follows_the_music(answer: Any) -> str | None:
        for semitones in (0, 5, 2, 11):
            found, fault = outcome(answer, np.roll(weights, semitones), np.asarray(profile))
            if fault:
                return fault
            fault = _fault_of_tonic(found, (tonic + semitones) % 12, tonic, semitones)
            if fault:
                return fault
        return None

    return follows_the_music


@asked_first
def is_list_of_chords(answer: Any) -> str | None:
    """The answer is a list of chord names."""
    if isinstance(answer, str):
        return "This is one text. Put square brackets around it, and quotes around each chord."
    if not isinstance(answer, list | tuple) or not answer:
        return 'This is not a list of chords. Write it as in ["C", "Am"].'
    for name in answer:
        if not _is_triad(name):
            return f"{name!r} is not a chord of this lesson. Write a letter, # or b if need be, and m for minor: 'F#m'."
    return None


def _is_triad(name: Any) -> bool:
    """Whether this names a major or minor chord."""
    try:
        return Chord.parse(name).quality in ("major", "minor")
    except (ValueError, AttributeError):
        return False


def one_chord_a_measure(tune: Melody) -> Requirement:
    """There are as many chords as measures."""

    def has_one_a_measure(answer: Any) -> str | None:
        wanted, found = len(tune.measures), len(answer)
        return None if wanted == found else f"The tune has {wanted} measures; you give {found} chords."

    return has_one_a_measure


def carries(tune: Melody) -> Requirement:
    """Half of the time of every measure, or more, the tune stands on a note of the chord."""

    def carries_the_tune(answer: Any) -> str | None:
        faults = []
        for measure, name in zip(tune.measures, answer, strict=False):
            chord = Chord.parse(name)
            if _share_inside(tune, measure, chord) < 0.5:
                inside = ", ".join(PITCH_CLASS_NAMES[at] for at in chord.pitch_classes)
                faults.append(
                    f"Measure {measure.number}: {name} holds {inside}; the tune is elsewhere most of the time."
                )
        return " ".join(faults) or None

    return carries_the_tune


def comes_home(tune: Melody) -> Requirement:
    """The last chord is the tonic chord."""
    tonic = Chord(tune.key.tonic_pitch_class, "minor" if tune.key.is_minor else "major")

    def ends_at_home(answer: Any) -> str | None:
        if Chord.parse(answer[-1]) == tonic:
            return None
        return f"It ends on {answer[-1]}, and the ear still waits: {tune.key.name} is at home on its tonic chord."

    return ends_at_home


def n_different_chords(least: int) -> Requirement:
    """So many different chords occur."""

    def varies(answer: Any) -> str | None:
        count = len({Chord.parse(name) for name in answer})
        return None if count >= least else f"You use {count} different chords; the task asks for {least} or more."

    return varies


def take_with(tune: Melody, names: Sequence[str], *, program: int = 73) -> Take:
    """A recording of a tune with a chord of this name under each of its measures."""
    chords = [ChordAt(measure.onset, Chord.parse(name)) for measure, name in zip(tune.measures, names, strict=True)]
    return record_take(tune, program=program, room="room", chords=chords)


def _fault_of_template(row: Any, root: int) -> str | None:
    name = PITCH_CLASS_NAMES[root]
    try:
        values = np.asarray(row, dtype=float)
    except (TypeError, ValueError):
        return f"For {name} it gives {row!r}. A template is a list of twelve numbers."
    if values.shape != (12,):
        return f"For {name} it gives {values.size} numbers. There are twelve pitch classes, from C to B."
    marked = frozenset(np.flatnonzero(values).tolist())
    if marked == frozenset(Chord(root, "minor").pitch_classes):
        return None if set(values[list(marked)]) == {1.0} else f"For {name} the marked notes are not all 1."
    said = ", ".join(PITCH_CLASS_NAMES[at] for at in sorted(marked)) or "nothing"
    if marked == frozenset(Chord(root, "major").pitch_classes):
        return f"For {name} you mark {said}: that is the major chord. The third of a minor chord is a semitone lower."
    if root and marked == frozenset(Chord(0, "minor").pitch_classes):
        return f"For {name} you mark {said}, as for C. Every note of the chord must move with its root."
    return f"For {name} you mark {said}. Count from {name} upwards, and go round: after B comes C."


def _fault_of_tonic(found: Any, expected: int, tonic: int, semitones: int) -> str | None:
    if not isinstance(found, int | np.integer) or isinstance(found, bool):
        return f"It gives {found!r}. A tonic is a whole number from 0 (C) to 11 (B): which tonic, not how well it fits."
    if found == expected:
        return None
    heard, moved = PITCH_CLASS_NAMES[found % 12], f"moved up by {semitones} semitones"
    if semitones == 0:
        if found == (-tonic) % 12:
            return f"It hears {heard} as the tonic: the profile is turned the wrong way round."
        return (
            f"It hears {heard} as the tonic of a piece that is at home elsewhere. Does it take the best of all twelve?"
        )
    if found == tonic:
        return (
            f"The same piece {moved} has a new tonic, and it still says {heard}. Does it use the weights it is given?"
        )
    return f"The same piece {moved} should move its tonic as far; it says {heard}."


def _share_inside(tune: Melody, measure: Measure, chord: Chord) -> float:
    """The share of the sounding time of a measure in which the tune is on a note of the chord; 1 for silence."""
    inside = total = 0.0
    for note in tune.notes:
        sounding = float(min(note.offset, measure.offset) - max(note.onset, measure.onset))
        if sounding > 0:
            total += sounding
            inside += sounding * (note.pitch % 12 in chord.pitch_classes)
    return inside / total if total else 1.0
