"""From a melody to an arrangement: chords, then players who each make their part of them.

A bass strikes roots and fifths, repeats roots, or walks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import replace
from fractions import Fraction

from musicedu.arrangement import Arrangement, Hit, Part, blank, with_tempo
from musicedu.errors import Unsatisfiable
from musicedu.generation.accompaniment.patterns import drum_hits, ending_of, places_of
from musicedu.generation.accompaniment.styles import Groove, find_style
from musicedu.generation.accompaniment.voicing import lead_pad, lead_voices
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.harmony.hidden_chords import find_chords
from musicedu.harmony.stretches import phrase_closes
from musicedu.melody import Melody, Note

_CHORDS_LEVEL, _BASS_LEVEL, _VOICE_LEVEL = 0.55, 0.8, 0.8
_VOICE_NAMES, _VOICE_PROGRAMS = ("Alto", "Tenor", "Bass"), (40, 41, 42)  # violin, viola, cello
LOWEST, HIGHEST = 28, 52
"""The range of a bass: E1, its lowest string, to E3."""

_MIDDLE = 38


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


def bass_line(melody: Melody, chords: Sequence[ChordAt], pattern: str, kind: str = "root-fifth") -> Melody:
    """A bass under chords, struck where the pattern says.

    kind: `root-fifth` (the root where a chord begins, then fifth and root in turn), `roots`, or `walking` (a step a
    stroke: from root to root over notes of the chord, the last one a step from where the next chord begins). An empty
    pattern gives every chord one long root. The last chord is one long root. `ValueError` for another kind.

    >>> tune = Melody.from_text("C4:2 E4:2 D4:2 B3:2 C4:4")
    >>> chords = [ChordAt(Fraction(4 * number), Chord.parse(name)) for number, name in enumerate(("C", "G", "C"))]
    >>> [str(note.spelling) for note in bass_line(tune, chords, "x.x.").notes]
    ['C2', 'G1', 'G1', 'D2', 'C2']
    """
    if kind not in ("root-fifth", "roots", "walking"):
        raise ValueError(f"kind must be root-fifth, roots or walking, not {kind!r}")
    if not chords:
        return blank(melody, ())
    places = _strokes(melody, chords, pattern)
    pitches: list[int] = []
    for index, (onset, _) in enumerate(places):
        own = _chord_at(chords, onset)
        begins = index == 0 or _chord_at(chords, places[index - 1][0]).chord != own.chord
        if kind == "walking":
            pitches.append(_walked(chords, places, pitches, index, melody.key_at(onset).scale))
        elif begins or kind == "roots":
            pitches.append(_near(own.chord.root, _MIDDLE if not pitches else round((pitches[-1] + _MIDDLE) / 2)))
        else:
            pitches.append(_fifth_or_root(own.chord, pitches[-1]))
    notes = tuple(
        Note(onset, duration, melody.key_at(onset).spell(pitch))
        for (onset, duration), pitch in zip(places, pitches, strict=True)
    )
    return blank(melody, notes)


def _strokes(melody: Melody, chords: Sequence[ChordAt], pattern: str) -> list[tuple[Fraction, Fraction]]:
    """Onset and duration of every stroke, from the first chord on."""
    if not pattern:
        ends = [one.onset for one in chords[1:]] + [melody.duration]
        return [(one.onset, end - one.onset) for one, end in zip(chords, ends, strict=True)]
    places = places_of(melody, pattern, ending_of(melody, chords))
    return [(onset, offset - onset) for onset, offset, _ in places if onset >= chords[0].onset]


def _chord_at(chords: Sequence[ChordAt], onset: Fraction) -> ChordAt:
    return chords[max(0, bisect_right(chords, onset, key=lambda one: one.onset) - 1)]


def _near(pitch_class: int, pitch: int) -> int:
    """The pitch of a class nearest to another, in the range of the bass."""
    inside = [at for at in range(LOWEST, HIGHEST + 1) if at % 12 == pitch_class]
    return min(inside, key=lambda at: (abs(at - pitch), at))


def _fifth_or_root(chord: Chord, before: int) -> int:
    if before % 12 != chord.root:
        return _near(chord.root, before)
    fifth = chord.pitch_classes[2]
    below = before - (before - fifth) % 12
    return below if below >= LOWEST else _near(fifth, before)


def _walked(
    chords: Sequence[ChordAt],
    places: Sequence[tuple[Fraction, Fraction]],
    pitches: Sequence[int],
    index: int,
    scale: frozenset[int],
) -> int:
    """The next step of a walking bass."""
    own = _chord_at(chords, places[index][0])
    if index == 0:
        return _near(own.chord.root, _MIDDLE)
    before = pitches[-1]
    if _chord_at(chords, places[index - 1][0]).chord != own.chord or index == len(places) - 1:
        return _near(own.chord.root, round((before + _MIDDLE) / 2))
    after = _chord_at(chords, places[min(index + 1, len(places) - 1)][0])
    if after.chord != own.chord:  # a step from the next root, from the side the line comes from
        goal = _near(after.chord.root, round((before + _MIDDLE) / 2))
        sides = [goal + step for step in (-1, 1, 2, -2)]
        inside = [pitch for pitch in sides if LOWEST <= pitch <= HIGHEST and pitch != before]
        return min(inside, key=lambda pitch: (abs(pitch - before) > 5, pitch % 12 not in scale, abs(pitch - before)))
    members = [pitch for pitch in range(LOWEST, HIGHEST + 1) if pitch % 12 in own.chord.pitch_classes]
    others = [pitch for pitch in members if pitch != before]
    return min(others, key=lambda pitch: (abs(pitch - before) + 0.3 * abs(pitch - _MIDDLE), pitch))
