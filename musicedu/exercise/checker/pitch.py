"""Rules of pitch: range, leaps and spelling; which notes outside the signature there may be."""

from __future__ import annotations

from itertools import pairwise

from musicedu.exercise.checker.checked import Checked, Faults, degree, twelfths
from musicedu.melody import Key, Note
from musicedu.pitch import Spelling

_PERFECT_SEMITONES = {1: 0, 4: 5, 5: 7}
_MAJOR_SEMITONES = {2: 2, 3: 4, 6: 9, 7: 11}
_CHROMATIC = ("neighbour", "modulation", "double")


def diatonic_number(before: Spelling, after: Spelling) -> int:
    """The number of an interval by its letters: 1 for the same letter, 2 for a step, 3 for a third."""
    return abs(after.diatonic - before.diatonic) + 1


def alteration(before: Spelling, after: Spelling) -> int:
    """How far an interval is from perfect or major/minor: 0 neither, 1 augmented, -1 diminished, 2 doubly and so on.

    >>> alteration(Spelling.parse("F4"), Spelling.parse("B4")), alteration(Spelling.parse("B4"), Spelling.parse("F4"))
    (1, 1)
    """
    low, high = sorted((before, after), key=lambda note: (note.diatonic, note.pitch))
    octaves, simple = divmod(high.diatonic - low.diatonic, 7)
    semitones = high.pitch - low.pitch - 12 * octaves
    number = simple + 1
    if number in _PERFECT_SEMITONES:
        return semitones - _PERFECT_SEMITONES[number]
    above_major = semitones - _MAJOR_SEMITONES[number]
    return above_major if above_major > 0 else min(0, above_major + 1)


def is_step(before: Spelling, after: Spelling) -> bool:
    """Whether two notes are a minor or major second apart."""
    return diatonic_number(before, after) == 2 and 1 <= abs(after.pitch - before.pitch) <= 2


def compass(piece: Checked) -> Faults:
    """Every note lies in the window planned and in the instrument's compass at the level."""
    plan = piece.plan
    number = plan.level.number
    low = max(plan.lowest.pitch, plan.instrument.lowest[number - 1].pitch)
    high = min(plan.highest.pitch, plan.instrument.highest[number - 1].pitch)
    for note in piece.melody.notes:
        if not low <= note.pitch <= high:
            where = piece.number_at(twelfths(note.onset))
            yield where, f"{note.spelling} is outside {plan.lowest} to {plan.highest}"


def span(piece: Checked) -> Faults:
    """From the lowest to the highest note is no more than the level's range."""
    size = piece.plan.level.range
    positions = [note.spelling.diatonic for note in piece.melody.notes]
    if size and positions and max(positions) - min(positions) + 1 > size:
        yield 1, f"the range is {max(positions) - min(positions) + 1} notes of the staff; the level has {size}"


def _moves(piece: Checked) -> list[tuple[Note, Note, Key, int]]:
    """Each note and the next, the key at the second and its measure."""
    return [
        (before, after, piece.key_at(twelfths(after.onset)), piece.number_at(twelfths(after.onset)))
        for before, after in pairwise(piece.melody.notes)
    ]


def largest_leap(piece: Checked) -> Faults:
    """No leap larger than planned."""
    for before, after, _, number in _moves(piece):
        size = diatonic_number(before.spelling, after.spelling)
        if size > piece.plan.largest_leap:
            yield number, f"{before.spelling} to {after.spelling} is a leap of {size}"


def kind_of_skip(piece: Checked) -> Faults:
    """Only skips of the level's kind; never an augmented second, nor anything doubly augmented or diminished."""
    policy = piece.plan.skips
    for before, after, key, number in _moves(piece):
        size, altered = diatonic_number(before.spelling, after.spelling), alteration(before.spelling, after.spelling)
        words = f"{before.spelling} to {after.spelling}"
        if size == 1:
            if abs(after.pitch - before.pitch) > 1:
                yield number, f"{words} is a doubly augmented unison"
        elif size == 2:
            if altered != 0:
                yield number, f"{words} is an augmented or diminished second"
        elif abs(altered) > 1:
            yield number, f"{words} is doubly augmented or diminished"
        elif policy == "consonant" and altered != 0:
            yield number, f"{words} is an augmented or diminished skip"
        elif policy == "tonic triad" and not all(_is_in_tonic_triad(note, key) for note in (before, after)):
            yield number, f"{words} is a skip outside the tonic triad"


def _is_in_tonic_triad(note: Note, key: Key) -> bool:
    return degree(note.spelling, key) in (1, 3, 5) and key.has(note.spelling)


def sung_skips(piece: Checked) -> Faults:
    """A singer's skips are among those named for the level."""
    named = piece.plan.instrument.skips
    number_of_level = piece.plan.level.number
    if not named or number_of_level >= piece.plan.instrument.free_skips_from:
        return
    allowed = {(skip.from_degree, skip.to_degree, skip.steps) for skip in named if skip.level <= number_of_level}
    for before, after, key, number in _moves(piece):
        steps = after.spelling.diatonic - before.spelling.diatonic
        if abs(steps) >= 2 and (degree(before.spelling, key), degree(after.spelling, key), steps) not in allowed:
            yield number, f"{before.spelling} to {after.spelling} is not a skip a singer of this level meets"


def leaps_in_sixteenths(piece: Checked) -> Faults:
    """Where the instrument forbids it, no leap to or from a sixteenth."""
    if not piece.plan.instrument.no_leap_in_sixteenths:
        return
    for before, after, _, number in _moves(piece):
        if diatonic_number(before.spelling, after.spelling) > 2 and min(before.duration, after.duration) * 4 <= 1:
            yield number, f"{before.spelling} to {after.spelling} leaps in sixteenths"


def landing_of_skips(piece: Checked) -> Faults:
    """Where values are named for it, a skip leads to a note of one of them."""
    allowed = piece.plan.skips_land_on
    for before, after, _, number in _moves(piece):
        is_skip = diatonic_number(before.spelling, after.spelling) > 2
        if allowed and is_skip and twelfths(after.duration) not in allowed:
            yield number, f"{before.spelling} to {after.spelling} skips to a note of {after.duration} quarters"


def spelling(piece: Checked) -> Faults:
    """Notes of the key are spelled as in its signature; double accidentals only where the level has them."""
    for note in piece.melody.notes:
        key, number = piece.key_at(twelfths(note.onset)), piece.number_at(twelfths(note.onset))
        if note.pitch % 12 in key.scale and not key.has(note.spelling):
            yield number, f"{note.spelling} is not how {key.name} spells that note"
        if abs(note.spelling.alter) > 1 and piece.plan.accidentals != "double":
            yield number, f"{note.spelling} has a double accidental"


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
