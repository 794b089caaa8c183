"""What a sheet says: the words and the music of one page, before anything is laid out.

A line of music ends after about four measures, and earlier where they are full of notes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from musicedu.exercise.exercise import Exercise
from musicedu.exercise.reasons import Measured, Reason
from musicedu.formats.engraving import engrave
from musicedu.formats.musicxml import render_musicxml
from musicedu.melody import Key, Melody
from musicedu.notation import write
from musicedu.sheet.systems import System, fitted, read_systems
from musicedu.syllabus.levels import Level
from musicedu.wording.english import compared_to_grade, in_words

LARGE_STAFF_MM = 10.0
_NOTE_VALUES = {
    Fraction(1, 2): "♪", Fraction(1): "♩", Fraction(3, 2): "♩.", Fraction(2): "half note", Fraction(3, 4): "♪.",
    Fraction(4): "whole note", Fraction(3): "dotted half note",
}  # fmt: skip
_MOST_TERMS = 6
_FLAT, _SHARP = re.compile(r"(?<=\b[A-G])b(?=\d|\b)"), re.compile(r"(?<=\b[A-G])#")
MEASURES_PER_SYSTEM = 4
_SYMBOL_PITCH = 0.6  # least distance from symbol to symbol, in staff heights
_FRONT = 3.2  # clef, key and time signature
_MEASURE = 0.4  # barline and the space around it


@dataclass(frozen=True, slots=True)
class Sheet:
    """One exercise as it will be printed.

    facts: instrument, key, metre, tempo and length in words; systems: the lines of music; reasons: why it fits;
    difficulty: a heading and its terms; recipe: the line that makes it again; pupil: a name, empty for none.
    """

    title: str
    facts: tuple[str, ...]
    systems: tuple[System, ...]
    reasons: tuple[str, ...]
    difficulty: tuple[str, ...]
    recipe: str
    pupil: str = ""


def sheet_of(exercise: Exercise, *, width_mm: float, pupil: str = "", large_print: bool = False) -> Sheet:
    """The sheet of an exercise, its music engraved `width_mm` wide.

    Staves are as high as the level says, 10 mm in large print.
    """
    melody, player, level = exercise.score, exercise.plan.instrument, exercise.plan.level
    return Sheet(
        title=with_signs(exercise.title),
        facts=(
            level_words(level),
            with_signs(player.title),
            key_words(melody.key) + (" as written" if melody.transposition % 12 else ""),
            str(melody.metre),
            *filter(None, (tempo_words(melody),)),
            measures_words(melody),
        ),
        systems=engraved_systems(
            melody, clef=player.clef, width_mm=width_mm, staff_mm=LARGE_STAFF_MM if large_print else level.staff_mm
        ),
        reasons=tuple(map(_said, filter(_stands_in_text, exercise.reasons))),
        difficulty=(
            f"Difficulty {exercise.difficulty.score:.1f} on the level scale",
            *map(_said, exercise.difficulty.reasons[:_MOST_TERMS]),
        ),
        recipe=exercise.recipe,
        pupil=pupil,
    )


def _said(reason: Reason) -> str:
    return with_signs(in_words(reason))


def _stands_in_text(reason: Reason) -> bool:
    """Not so what the second column says."""
    return not isinstance(reason, Measured)


def engraved_systems(melody: Melody, *, clef: str, width_mm: float, staff_mm: float) -> tuple[System, ...]:
    """The lines of music of a melody, about four measures each, `width_mm` wide."""
    breaks = choose_breaks(melody, width_mm=width_mm, staff_mm=staff_mm)
    musicxml = with_breaks(render_musicxml(melody, clef=clef), breaks)
    pages = engrave(musicxml, width_mm=width_mm, staff_mm=staff_mm, breaks="encoded")
    return fitted(tuple(system for page in pages for system in read_systems(page, width_mm)), width_mm)


def level_words(level: Level) -> str:
    """A level, and what it is comparable to.

    >>> from musicedu.syllabus.levels import level
    >>> level_words(level(3)), level_words(level(1))
    ('Level 3, comparable to grade 1', 'Level 1, before grade 1')
    """
    return f"Level {level.number}, {compared_to_grade(level.comparable_grade)}"


def key_words(key: Key) -> str:
    """The name of a key with its accidental as a sign.

    >>> key_words(Key.parse("Bb major"))
    'B♭ major'
    """
    return with_signs(key.name)


def with_signs(text: str) -> str:
    """A text with flats and sharps after note names as signs.

    >>> with_signs("Clarinet in Bb, F# minor")
    'Clarinet in B♭, F♯ minor'
    """
    return _FLAT.sub("♭", _SHARP.sub("♯", text))


def tempo_words(melody: Melody) -> str:
    """The first tempo mark, counted in felt beats, empty without one."""
    if not melody.tempos:
        return ""
    mark, beat = melody.tempos[0], melody.metre.beats[0]
    even = len(set(melody.metre.beats)) == 1 and beat in _NOTE_VALUES
    value = beat if even else Fraction(1)
    word = f"{mark.text} " if mark.text else ""
    return f"{word}{_NOTE_VALUES[value]} = {round(mark.tempo_bpm / value)}"


def measures_words(melody: Melody) -> str:
    """How many measures there are, an anacrusis named.

    >>> measures_words(Melody.from_text("G4:1 C5:4", anacrusis=1))
    '1 measure and an upbeat'
    """
    count = sum(measure.number > 0 for measure in melody.measures)
    return f"{count} measure{'s' if count != 1 else ''}" + (" and an upbeat" if melody.anacrusis else "")


def choose_breaks(melody: Melody, *, width_mm: float, staff_mm: float) -> tuple[int, ...]:
    """The numbers of the measures that begin a new system, evenly shared out.

    A short last measure and an anacrusis count as belonging to their neighbours.

    >>> scale = Melody.from_text("C4:1 D4:1 E4:1 F4:1 " * 6)
    >>> choose_breaks(scale, width_mm=180, staff_mm=7)
    (4,)
    """
    widths = {measure.number: _MEASURE + _SYMBOL_PITCH * len(symbols) for measure, symbols in write(melody)}
    numbers = [number for number in widths if number > 0]
    room = width_mm / staff_mm - _FRONT - widths.get(0, 0.0)
    for n_systems in range(-(-len(numbers) // MEASURES_PER_SYSTEM), len(numbers) + 1):
        systems = _shared_out(numbers, n_systems)
        if all(sum(widths[number] for number in system) <= room for system in systems):
            return tuple(system[0] for system in systems[1:])
    return tuple(numbers[1:])


def with_breaks(musicxml: bytes, breaks: tuple[int, ...]) -> bytes:
    """The same score with a new system asked for at the measures of these numbers."""
    wanted = {str(number).encode() for number in breaks}

    def broken(match: re.Match[bytes]) -> bytes:
        return match[0] + b'<print new-system="yes" />' if match[1] in wanted else match[0]

    return re.sub(rb'<measure number="(\d+)"[^>]*>', broken, musicxml)


def _shared_out(numbers: list[int], n_systems: int) -> list[list[int]]:
    """The measures in `n_systems` rows as even as can be, the longer rows first."""
    least, more = divmod(len(numbers), max(n_systems, 1))
    rows, first = [], 0
    for row in range(n_systems):
        length = least + (row < more)
        rows.append(numbers[first : first + length])
        first += length
    return rows
