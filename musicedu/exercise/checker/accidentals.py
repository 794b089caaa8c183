"""Rules of accidentals: which notes outside the signature there may be, how they move, and how many."""

from __future__ import annotations

from musicedu.exercise.checker.checked import Checked, Faults, degree, twelfths
from musicedu.melody import Key, Note
from musicedu.pitch import Spelling

_CHROMATIC = ("neighbour", "modulation", "double")


def _chromatic_notes(piece: Checked) -> list[tuple[int, Note, Key]]:
    """The notes outside the signature of their phrase's key: (index, note, key)."""
    found = []
    for index, note in enumerate(piece.melody.notes):
        key = piece.key_at(twelfths(note.onset))
        if not key.has(note.spelling):
            found.append((index, note, key))
    return found


def _neighbours(piece: Checked, index: int) -> list[Spelling]:
    notes = piece.melody.notes
    return [notes[other].spelling for other in (index - 1, index + 1) if 0 <= other < len(notes)]


def accidentals_allowed(piece: Checked) -> Faults:
    """Notes outside the signature only of the kind the level has."""
    policy = piece.plan.accidentals
    for _, note, key in _chromatic_notes(piece):
        number = piece.number_at(twelfths(note.onset))
        if policy == "none":
            yield number, f"{note.spelling} has an accidental where none is allowed"
        elif policy not in _CHROMATIC and not key.is_leading_note(note.spelling):
            yield number, f"{note.spelling} is not the leading note of a minor key"


def leading_note(piece: Checked) -> Faults:
    """A raised seventh goes to the tonic by step or comes from it; chromatic neighbours below."""
    for index, note, key in _chromatic_notes(piece):
        if key.is_leading_note(note.spelling) and not _touches_tonic(piece, index, note, key):
            if piece.plan.accidentals in _CHROMATIC and _is_passing(piece, index, note):
                continue
            number = piece.number_at(twelfths(note.onset))
            yield number, f"the leading note {note.spelling} neither goes to the tonic nor comes from it"


def _touches_tonic(piece: Checked, index: int, note: Note, key: Key) -> bool:
    return any(
        degree(other, key) == 1 and other.diatonic == note.spelling.diatonic + 1 and other.pitch == note.pitch + 1
        for other in _neighbours(piece, index)
    )


def _is_passing(piece: Checked, index: int, note: Note) -> bool:
    around = _neighbours(piece, index)
    return len(around) == 2 and all(
        abs(other.diatonic - note.spelling.diatonic) <= 1 and 1 <= abs(other.pitch - note.pitch) <= 2
        for other in around
    )


def chromatic_notes(piece: Checked) -> Faults:
    """A chromatic note is reached and left by step."""
    if piece.plan.accidentals not in _CHROMATIC:
        return
    for index, note, key in _chromatic_notes(piece):
        if not key.is_leading_note(note.spelling) and not _is_passing(piece, index, note):
            number = piece.number_at(twelfths(note.onset))
            yield number, f"the chromatic note {note.spelling} is not reached and left by step"


def number_of_accidentals(piece: Checked) -> Faults:
    """No phrase has more notes outside its signature than the level allows."""
    counts = [0] * len(piece.phrases)
    for _, note, _ in _chromatic_notes(piece):
        counts[piece.phrase_index_at(twelfths(note.onset))] += 1
    for phrase, count in zip(piece.phrases, counts, strict=True):
        if count > piece.plan.max_accidentals:
            most = piece.plan.max_accidentals
            yield phrase.first_measure, f"the phrase has {count} accidentals; the level has {most} at most"


def count_of_accidentals(piece: Checked) -> int:
    """How many notes are outside the signature of their phrase's key."""
    return len(_chromatic_notes(piece))
