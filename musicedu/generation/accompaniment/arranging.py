"""From a melody to an arrangement: chords, then players who each make their part of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import replace
from fractions import Fraction

from musicedu.arrangement import Arrangement, Hit, Part, blank, with_tempo
from musicedu.errors import Unsatisfiable
from musicedu.generation.accompaniment.bass import bass_line
from musicedu.generation.accompaniment.patterns import drum_hits, ending_of, places_of
from musicedu.generation.accompaniment.styles import Groove, find_style
from musicedu.generation.accompaniment.voicing import lead_pad, lead_voices
from musicedu.harmony.chord import ChordAt
from musicedu.harmony.hidden_chords import find_chords
from musicedu.harmony.stretches import phrase_closes
from musicedu.melody import Melody, Note

_CHORDS_LEVEL, _BASS_LEVEL, _VOICE_LEVEL = 0.55, 0.8, 0.8
_VOICE_NAMES, _VOICE_PROGRAMS = ("Alto", "Tenor", "Bass"), (40, 41, 42)  # violin, viola, cello


def arrange(
    melody: Melody,
    style: str | None = None,
    *,
    chords: Sequence[ChordAt] | None = None,
    tempo_bpm: int | None = None,
    with_chords: bool = True,
    with_bass: bool = True,
    with_drums: bool = True,
) -> Arrangement:
    """Arrange a melody in a style.

    style: a key of `STYLES`, by default the usual one of the metre. chords: what to play, by default what
    `find_chords` finds at the style's pace. tempo_bpm: quarter notes a minute, by default the style's. A melody in
    several metres is played in the style `plain`.

    Raises `Unsatisfiable` for a style that the metre does not have or a melody without notes, `UnknownName` for one
    that does not exist.
    """
    if not melody.notes:
        raise Unsatisfiable("there is no melody to arrange", remedy="Give it notes")
    chosen = find_style("plain" if style is None and len(melody.metres) > 1 else style, melody.metre)
    groove = chosen.groove(melody.metre)
    tune = with_tempo(melody, chosen.tempo_bpm if tempo_bpm is None else tempo_bpm)
    closes = phrase_closes(tune)
    if chords is None:
        chords = chords_in_style(tune, chosen.name)
    parts = [Part("Melody", chosen.melody_program, (tune,))]
    if chosen.is_voiced:
        parts += _voices(tune, chords) if with_chords else []
    else:
        if with_chords:
            parts.append(Part("Chords", chosen.chords_program, _comped(tune, chords, groove), _CHORDS_LEVEL))
        if with_bass:
            line = bass_line(tune, chords, groove.bass, chosen.bass_kind)
            parts.append(Part("Bass", chosen.bass_program, (line,), _BASS_LEVEL))
    drums = _drums(tune, chords, groove, closes) if with_drums else ()
    return Arrangement(tune, tuple(chords), tuple(parts), drums, chosen.name, chosen.swing)


def chords_in_style(melody: Melody, style: str | None = None) -> tuple[ChordAt, ...]:
    """The chords that `find_chords` puts under a melody at the pace of a style, plain where it is no chorale."""
    chosen = find_style(style, melody.metre)
    pace = chosen.groove(melody.metre).chords_per_measure or None
    return find_chords(melody, chords_per_measure=pace, plain=not chosen.is_voiced)


def phrase_ends(melody: Melody, closes: Collection[Fraction] | None = None) -> frozenset[int]:
    """The numbers of the measures in which a phrase closes."""
    found = phrase_closes(melody) if closes is None else closes
    return frozenset(melody.measure_at(onset).number for onset in found)


def _drums(melody: Melody, chords: Sequence[ChordAt], groove: Groove, closes: Collection[Fraction]) -> tuple[Hit, ...]:
    ends = phrase_ends(melody, closes)
    return drum_hits(melody, groove.drums, groove.fill, ends=ends, ending=ending_of(melody, chords))


def _voices(melody: Melody, chords: Sequence[ChordAt]) -> list[Part]:
    lines = lead_voices(melody, chords)
    return [
        Part(name, program, (line,), _VOICE_LEVEL)
        for name, program, line in zip(_VOICE_NAMES, _VOICE_PROGRAMS, lines, strict=True)
    ]


def _comped(melody: Melody, chords: Sequence[ChordAt], groove: Groove) -> tuple[Melody, ...]:
    """The chords as the pattern strikes or breaks them; the last measure is held."""
    pad = lead_pad(melody, chords)
    if not groove.comp or not pad:
        return pad
    if groove.comp.isdigit():
        return (_broken(melody, chords, pad, groove.comp),)
    places = places_of(melody, groove.comp, ending_of(melody, chords))
    return tuple(blank(melody, tuple(_struck(voice, places))) for voice in pad)


def _struck(voice: Melody, places: Sequence[tuple[Fraction, Fraction, int]]) -> list[Note]:
    """The notes of a held voice, struck again at places; a note ends where the next chord begins."""
    found = []
    for onset, offset, _ in places:
        index = bisect_right(voice.notes, onset, key=lambda note: note.onset) - 1
        if index >= 0:
            end = offset if index + 1 == len(voice.notes) else min(offset, voice.notes[index].offset)
            found.append(replace(voice.notes[index], onset=onset, duration=end - onset))
    return found


def _broken(melody: Melody, chords: Sequence[ChordAt], pad: Sequence[Melody], digits: str) -> Melody:
    """One note of the chord after another, as the digits say: 1 for its lowest."""
    places = places_of(melody, "x" * len(digits), ending_of(melody, chords))
    barlines = {measure.onset for measure in melody.measures}
    notes, turn = [], 0
    for place in places:
        turn = 0 if place[0] in barlines else turn + 1
        struck = _struck(pad[len(pad) - int(digits[turn % len(digits)])], [place])
        notes += struck
    return blank(melody, tuple(notes))
