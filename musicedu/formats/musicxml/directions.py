"""What stands beside the notes: dynamics, hairpins and tempos, each at its place in the measure."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement

from musicedu.formats.musicxml.document import legible
from musicedu.melody import Melody, Metre, Slur, TempoAt
from musicedu.notation.symbols import value_of

_MOST_NUMBERS = 16  # how many slurs or wedges MusicXML tells apart
# Words after which the tempo moves or returns: they stand alone, without a metronome mark.
_WORDS_ALONE = frozenset(
    {
        "accel.",
        "accelerando",
        "rall.",
        "rallentando",
        "rit.",
        "ritardando",
        "ritenuto",
        "riten.",
        "a tempo",
        "tempo primo",
    }
)


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction at `onset` as an element; one that `closes` a hairpin belongs to what came before."""

    onset: Fraction
    content: Element
    closes: bool = False


def directions(melody: Melody) -> list[Direction]:
    """Every direction of a melody in order: at one place hairpins close first, then tempo, dynamic, new hairpins."""
    found: list[Direction] = []
    wedges = numbered([(hairpin.onset, hairpin.offset) for hairpin in melody.hairpins])
    for hairpin, number in zip(melody.hairpins, wedges, strict=True):
        found.append(Direction(hairpin.offset, _wedge("stop", number), closes=True))
    found += [Direction(tempo.onset, _tempo(melody, tempo)) for tempo in melody.tempos]
    for dynamic in melody.dynamics:
        element, kind = _direction("below")
        SubElement(SubElement(kind, "dynamics"), dynamic.mark)
        found.append(Direction(dynamic.onset, element))
    for hairpin, number in zip(melody.hairpins, wedges, strict=True):
        found.append(Direction(hairpin.onset, _wedge(hairpin.kind, number)))
    return sorted(found, key=lambda direction: direction.onset)


def numbered(stretches: list[tuple[Fraction, Fraction]]) -> list[int]:
    """Number stretches (slurs, hairpins) from 1 so that two that overlap never share a number."""
    ends: list[Fraction] = []
    numbers = []
    for begins, stops in stretches:
        free = next((place for place, end in enumerate(ends) if end <= begins), len(ends))
        ends[free : free + 1] = [stops]
        numbers.append(free % _MOST_NUMBERS + 1)
    return numbers


def slur_ends(slurs: tuple[Slur, ...]) -> tuple[dict[Fraction, list[int]], dict[Fraction, list[int]]]:
    """The numbers of the slurs that begin, and that end, on the note of each onset."""
    begin: dict[Fraction, list[int]] = {}
    end: dict[Fraction, list[int]] = {}
    for slur, number in zip(slurs, numbered([(slur.onset, slur.last_onset) for slur in slurs]), strict=True):
        begin.setdefault(slur.onset, []).append(number)
        end.setdefault(slur.last_onset, []).append(number)
    return begin, end


def _direction(placement: str) -> tuple[Element, Element]:
    element = Element("direction", placement=placement)
    return element, SubElement(element, "direction-type")


def _wedge(kind: str, number: int) -> Element:
    element, content = _direction("below")
    SubElement(content, "wedge", type=kind, number=str(number))
    return element


def _tempo(melody: Melody, tempo: TempoAt) -> Element:
    element, content = _direction("above")
    alone = tempo.text.strip().lower() in _WORDS_ALONE
    if tempo.text:
        font = {"font-style": "italic"} if alone else {"font-weight": "bold"}
        SubElement(content, "words", font).text = legible(tempo.text) + ("" if alone else " ")
    if not alone:
        if tempo.text:
            content = SubElement(element, "direction-type")
        metre = melody.metres[bisect_right([change.onset for change in melody.metres], tempo.onset) - 1].metre
        beat = _beat_unit(metre)
        value, dots = value_of(beat) or ("quarter", 0)
        metronome = SubElement(content, "metronome", parentheses="no")
        SubElement(metronome, "beat-unit").text = value
        for _ in range(dots):
            SubElement(metronome, "beat-unit-dot")
        SubElement(metronome, "per-minute").text = _decimal(tempo.tempo_bpm / beat, 1)
    SubElement(element, "sound", tempo=_decimal(tempo.tempo_bpm))
    return element


def _beat_unit(metre: Metre) -> Fraction:
    """What a metronome counts: the beat where all are alike, else the metre's unit, in quarter notes.

    >>> _beat_unit(Metre(6, 8)), _beat_unit(Metre(2, 2)), _beat_unit(Metre(7, 8))
    (Fraction(3, 2), Fraction(2, 1), Fraction(1, 2))
    """
    beats = set(metre.beats)
    beat = metre.beats[0]
    return beat if len(beats) == 1 and value_of(beat) is not None else metre.unit


def _decimal(number: Fraction, places: int = 12) -> str:
    """Write a fraction as a _decimal, without trailing zeros."""
    whole, remainder = divmod(round(number * 10**places), 10**places)
    digits = f"{remainder:0{places}d}".rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)
