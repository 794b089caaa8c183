"""Every `Attribute` by name, each with its unit, its words and its source, and `measure`, which asks for several.

Most go back to the features of FANTASTIC (Müllensiefen 2009) and of score difficulty (Sébastien et al. 2012). Unlike
there, times are quarter notes and not seconds, so that no attribute but `tempo` depends on the tempo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType

from musicedu.attributes import on_grid, on_melody, on_page
from musicedu.errors import UnknownName
from musicedu.grid import GridLine, line_of
from musicedu.melody import Melody
from musicedu.notation import Symbol

_SHARE = "share (0-1)"
_FANTASTIC = "Müllensiefen 2009, FANTASTIC"
_DIFFICULTY = "Sébastien et al. 2012, Score Analyzer"
_NOTATION = "convention of notation (Gould 2011, Behind Bars)"

# A melody is laid out once for all that is measured on it; four, so that a pair can be compared.
_line_of: Callable[[Melody], GridLine] = lru_cache(maxsize=4)(line_of)
_symbols_of: Callable[[Melody], tuple[Symbol, ...]] = lru_cache(maxsize=4)(on_page.symbols_of)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One number about a melody, with what it takes to read it.

    name: as in `musicedu.attributes.catalogue.ATTRIBUTES`; unit: of the number, `share (0-1)` for a proportion;
    words: what it says, for people; source: the paper or the convention it follows; measure: defined on every melody
    that can be written, 0 on one without notes unless `words` say otherwise.
    """

    name: str
    unit: str
    words: str
    source: str
    measure: Callable[[Melody], float]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit}): {self.words}"


def _of_line(function: Callable[[GridLine], float], melody: Melody) -> float:
    return function(_line_of(melody))


def _of_symbols(function: Callable[[tuple[Symbol, ...]], float], melody: Melody) -> float:
    return function(_symbols_of(melody))


def _grid(name: str, unit: str, words: str, source: str) -> Attribute:
    return Attribute(name, unit, words, source, partial(_of_line, on_grid.GRID_ATTRIBUTES[name]))


def _page(function: Callable[[tuple[Symbol, ...]], float], unit: str, words: str, source: str) -> Attribute:
    return Attribute(function.__name__, unit, words, source, partial(_of_symbols, function))


def _melody(function: Callable[[Melody], float], unit: str, words: str, source: str) -> Attribute:
    return Attribute(function.__name__, unit, words, source, function)


_PITCH = (
    _grid("range", "semitones", "from the lowest note to the highest", f"{_FANTASTIC} (p.range)"),
    _grid("register", "MIDI number", "the mean pitch", "McKay et al. 2018, jSymbolic (Mean Pitch)"),
    _grid("mean_interval", "semitones", "the mean size of the melodic intervals", f"{_FANTASTIC} (i.abs.mean)"),
    _grid("largest_interval", "semitones", "the largest melodic interval", "convention: by size, up or down"),
    _grid("leap_share", _SHARE, "melodic intervals that are leaps", "convention: more than a whole tone is a leap"),
    _melody(on_melody.accidental_share, _SHARE, "notes outside the key signature", f"{_DIFFICULTY} (altered notes)"),
    _melody(on_melody.double_accidental_share, _SHARE, "notes with a double sharp or flat", _NOTATION),
    _melody(on_melody.mean_ledger_lines, "lines a note", "mean number of ledger lines, treble clef", _NOTATION),
    _melody(on_melody.most_ledger_lines, "lines", "ledger lines of the farthest note, treble clef", _NOTATION),
)
_RHYTHM = (
    _grid("note_density", "notes a quarter note", "how close the notes come", f"{_FANTASTIC} (note.dens)"),
    _grid("rhythm_entropy", "bits", "how mixed the times from note to note are", "Shannon 1948"),
    _grid("syncopation", "metrical weights a note", "how far notes go against the metre", "Longuet-Higgins & Lee 1984"),
    _melody(on_melody.syncopated_share, _SHARE, "notes begun off the beat and held past the next", "own definition"),
    _page(on_page.note_values, "values", "how many different note values are used", _NOTATION),
    _page(on_page.rest_values, "values", "how many different rest values are used", _NOTATION),
    _melody(on_melody.rest_share, _SHARE, "time that is silent; 1 without notes", "convention: of the whole duration"),
    _page(on_page.eighth_share, _SHARE, "written notes that are eighths", _NOTATION),
    _page(on_page.sixteenth_share, _SHARE, "written notes that are sixteenths or shorter", _NOTATION),
    _page(on_page.dotted_share, _SHARE, "written notes with a dot, from the quarter down", _NOTATION),
    _page(on_page.tuplet_share, _SHARE, "written notes in a triplet or other tuplet", _NOTATION),
    _page(on_page.tie_share, _SHARE, "written notes tied to the one before", _NOTATION),
)
_FRAME = (
    _melody(
        on_melody.key_distance, "sharps or flats", "the most in a key signature", "convention: the circle of fifths"
    ),
    _melody(on_melody.is_minor, "0 or 1", "whether a key is minor, or a mode with a minor third", _NOTATION),
    _melody(
        on_melody.felt_beats, "beats a measure", "beats felt in a measure", "London 2012, Hearing in Time (tactus)"
    ),
    _melody(on_melody.compound_share, _SHARE, "measures whose beats divide by three", _NOTATION),
    _melody(on_melody.uneven_share, _SHARE, "measures of unequal groups, such as 5/8", "London 2012 (unequal metres)"),
    _melody(on_melody.anacrusis, "quarter notes", "how long the upbeat is", _NOTATION),
    _melody(on_melody.tempo, "quarter notes a minute", "the first tempo marked, 0 if none", f"{_DIFFICULTY} (speed)"),
    _melody(on_melody.mark_kinds, "kinds", "how many different marks there are to observe", _NOTATION),
    _melody(on_melody.changes, "changes", "how often metre or key change", _NOTATION),
)
_PATTERNS = (
    _melody(on_melody.rhythm_pattern_share, _SHARE, "measures whose rhythm came before", "convention: equal measures"),
    _melody(
        on_melody.interval_pattern_share, _SHARE, "measures whose staff steps came before", "convention: equal measures"
    ),
)

ATTRIBUTES: Mapping[str, Attribute] = MappingProxyType(
    {attribute.name: attribute for attribute in (*_PITCH, *_RHYTHM, *_FRAME, *_PATTERNS)}
)
"""Every attribute by name."""


def measure(melody: Melody, names: Iterable[str] | None = None) -> dict[str, float]:
    """Measure the attributes of these names, all by default; `UnknownName` lists them.

    >>> measure(Melody.from_text("C4:1 E4:1 G4:2"), ["range", "leap_share", "note_values"])
    {'range': 7.0, 'leap_share': 1.0, 'note_values': 2.0}
    """
    wanted = tuple(ATTRIBUTES) if names is None else tuple(names)
    for name in wanted:
        if name not in ATTRIBUTES:
            raise UnknownName(f"there is no attribute {name!r}", remedy=f"Choose from: {', '.join(ATTRIBUTES)}")
    return {name: ATTRIBUTES[name].measure(melody) for name in wanted}
