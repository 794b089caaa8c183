"""Render an arrangement as a MusicXML score: a part for every player, chord symbols over the tune, a drum staff."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement

from musicedu.arrangement import DRUM_CHANNEL, DRUM_SOUNDS, Arrangement, Hit, Part
from musicedu.formats.musicxml.document import closed_score, legible, opened_score
from musicedu.formats.musicxml.writing import Clef, PartWriter, choose_clef
from musicedu.harmony.chord import ChordAt
from musicedu.melody import Key, KeyAt, Measure, Melody, Note
from musicedu.notation import Accidental, Symbol
from musicedu.notation.writing import accidentals_of_chords
from musicedu.pitch import Spelling

_KINDS = {
    "major": ("major", ""), "minor": ("minor", "m"), "diminished": ("diminished", "dim"), "seventh": ("dominant", "7"),
}  # fmt: skip
_SYMBOL_AGAIN = 4
_PERCUSSION = Clef("percussion", 2, 0, 30, 38)


def render_lead_sheet(melody: Melody, chords: Sequence[ChordAt], *, name: str = "") -> bytes:
    """Write a tune with chord symbols over it, as MusicXML of one part.

    A symbol stands where the chord changes, and once more at the beginning of every fourth measure.
    """
    root = opened_score(melody.title)
    part_list = SubElement(root, "part-list")
    score_part = SubElement(part_list, "score-part", id="P1")
    SubElement(score_part, "part-name").text = legible(name)
    again = frozenset(measure.onset for measure in melody.measures if measure.number % _SYMBOL_AGAIN == 1)
    writer = ScoreWriter((melody,), choose_clef(melody), changes_of(chords, melody.key, again))
    writer.fill(SubElement(root, "part", id="P1"))
    return closed_score(root)


def render_score(arrangement: Arrangement) -> bytes:
    """Write an arrangement as MusicXML 4.0; the same arrangement gives the same bytes.

    The tempo and the chord symbols stand over the first part. A part of several voices is written as chords. Drums
    stand on a percussion staff, each sound with its General MIDI key. Raises what `render_musicxml` does.
    """
    root = opened_score(arrangement.melody.title)
    part_list = SubElement(root, "part-list")
    for number, part in enumerate(arrangement.parts, start=1):
        _instrument(part_list, f"P{number}", part, channel=number if number <= DRUM_CHANNEL else number + 1)
    drums = f"P{len(arrangement.parts) + 1}"
    if arrangement.drums:
        _drum_instruments(part_list, drums, arrangement.drums)
    for number, part in enumerate(arrangement.parts, start=1):
        voices = part.voices if number == 1 else tuple(replace(voice, tempos=()) for voice in part.voices)
        chords = changes_of(arrangement.chords, arrangement.melody.key) if number == 1 else ()
        clef = choose_clef(voices[len(voices) // 2])
        ScoreWriter(voices, clef, chords).fill(SubElement(root, "part", id=f"P{number}"))
    if arrangement.drums:
        DrumWriter(arrangement.melody, arrangement.drums, drums).fill(SubElement(root, "part", id=drums))
    return closed_score(root)


def changes_of(
    chords: Sequence[ChordAt], key: Key, again: Collection[Fraction] = ()
) -> tuple[tuple[ChordAt, Spelling], ...]:
    """The chords that differ from the one before, or begin at an onset of `again`; their roots spelled in a key."""
    found: list[tuple[ChordAt, Spelling]] = []
    for one in chords:
        if not found or found[-1][0].chord != one.chord or one.onset in again:
            found.append((one, one.chord.root_in(key)))
    return tuple(found)


class ScoreWriter(PartWriter):
    """Writes voices of one rhythm as chords on one staff, with chord symbols over them."""

    def __init__(self, voices: Sequence[Melody], clef: str, chords: Sequence[tuple[ChordAt, Spelling]] = ()) -> None:
        super().__init__(voices[0], clef)
        self.voices, self.chords = voices, chords
        signs = accidentals_of_chords(voices, self.written)
        self.accidentals = {(row, column): sign for (row, column, voice), sign in signs.items() if voice == 0}
        self.lower_signs = {key: sign for key, sign in signs.items() if key[2]}
        self.count_in(one.onset for one, _ in chords)

    def _directions(self, parent: Element, begins: Fraction, ends: Fraction, measure: Measure) -> None:
        for one, root in self.chords:
            if begins <= one.onset < ends:
                parent.append(self._harmony(one, root, one.onset - begins))
        super()._directions(parent, begins, ends, measure)

    def _harmony(self, one: ChordAt, spelled: Spelling, late: Fraction) -> Element:
        kind, text = _KINDS[one.chord.quality]
        harmony = Element("harmony")
        root = SubElement(harmony, "root")
        SubElement(root, "root-step").text = spelled.step
        if spelled.alter:
            SubElement(root, "root-alter").text = str(spelled.alter)
        SubElement(harmony, "kind", text=text).text = kind
        if late:
            SubElement(harmony, "offset").text = self._steps(late)
        return harmony

    def _others(self, parent: Element, symbol: Symbol, row: int, column: int) -> None:
        if symbol.note is None:
            return
        bare = replace(symbol, beams=(), tuplet_begins=False, tuplet_ends=False)
        for number, voice in enumerate(self.voices[1:], start=1):
            element = self._note_of(voice.notes[symbol.note], bare, self.lower_signs.get((row, column, number)))
            element.insert(0, Element("chord"))
            parent.append(element)

    def _note_of(self, note: Note, symbol: Symbol, accidental: Accidental | None) -> Element:
        whole = self.melody
        self.melody = Melody(
            (replace(note, marks=frozenset()),),
            whole.duration,
            whole.metres,
            whole.keys,
            whole.anacrusis,
            irregular=whole.irregular,
        )
        element = self._note(replace(symbol, note=0), accidental, {})
        self.melody = whole
        return element


class DrumWriter(PartWriter):
    """Writes drum strokes on a percussion staff, those of one moment on one stem."""

    def __init__(self, melody: Melody, drums: Sequence[Hit], part: str) -> None:
        self.strokes: dict[Fraction, list[Hit]] = {}
        for hit in drums:
            self.strokes.setdefault(hit.onset, []).append(hit)
        super().__init__(_rhythm(melody, sorted(self.strokes)), "treble")
        self.clef, self.part = _PERCUSSION, part
        self.accidentals = {}

    def _note(self, symbol: Symbol, accidental: Accidental | None, tuplet: dict[str, str]) -> Element:
        element = super()._note(symbol, None, tuplet)
        if symbol.note is not None:
            self._unpitched(element, self._hits(symbol)[0])
        return element

    def _others(self, parent: Element, symbol: Symbol, row: int, column: int) -> None:
        if symbol.note is None:
            return
        bare = replace(symbol, beams=(), tuplet_begins=False, tuplet_ends=False)
        for hit in self._hits(symbol)[1:]:
            element = super()._note(bare, None, {})
            self._unpitched(element, hit)
            element.insert(0, Element("chord"))
            parent.append(element)

    def _hits(self, symbol: Symbol) -> list[Hit]:
        hits = self.strokes[self.melody.notes[symbol.note or 0].onset]
        return sorted(hits, key=lambda hit: -Spelling.parse(DRUM_SOUNDS[hit.sound].staff).diatonic)

    def _unpitched(self, element: Element, hit: Hit) -> None:
        sound = DRUM_SOUNDS[hit.sound]
        place = Spelling.parse(sound.staff)
        pitch = element.find("pitch")
        if pitch is None:
            raise ValueError("a stroke needs a note to stand for it")
        index = list(element).index(pitch)
        element.remove(pitch)
        unpitched = Element("unpitched")
        SubElement(unpitched, "display-step").text = place.step
        SubElement(unpitched, "display-octave").text = str(place.octave)
        element.insert(index, unpitched)
        after = next(i for i, child in enumerate(element) if child.tag == "voice")
        element.insert(after, Element("instrument", id=_drum_id(self.part, hit.sound)))
        if sound.notehead != "normal":
            before_head = ("type", "dot", "accidental", "time-modification", "stem")
            last = max(i for i, child in enumerate(element) if child.tag in before_head)
            head = Element("notehead")
            head.text = sound.notehead
            element.insert(last + 1, head)


def _rhythm(melody: Melody, onsets: Sequence[Fraction]) -> Melody:
    """Notes that stand for strokes: each lasts to the next, or to the end of its beat."""
    notes = []
    for index, onset in enumerate(onsets):
        measure = melody.measure_at(onset)
        edges = [*measure.beat_onsets, measure.offset]
        end = next(edge for edge in edges if edge > onset)
        if index + 1 < len(onsets):
            end = min(end, onsets[index + 1])
        notes.append(Note(onset, end - onset, Spelling("C", 0, 5)))
    keys = (KeyAt(Fraction(0), Key(0)),)
    return Melody(tuple(notes), melody.duration, melody.metres, keys, melody.anacrusis, irregular=melody.irregular)


def _instrument(part_list: Element, name: str, part: Part, *, channel: int) -> None:
    score_part = SubElement(part_list, "score-part", id=name)
    SubElement(score_part, "part-name").text = legible(part.name)
    SubElement(SubElement(score_part, "score-instrument", id=f"{name}-I1"), "instrument-name").text = legible(part.name)
    midi = SubElement(score_part, "midi-instrument", id=f"{name}-I1")
    SubElement(midi, "midi-channel").text = str(channel)
    SubElement(midi, "midi-program").text = str(part.program + 1)
    SubElement(midi, "volume").text = str(round(80 * part.level))


def _drum_instruments(part_list: Element, name: str, drums: Sequence[Hit]) -> None:
    score_part = SubElement(part_list, "score-part", id=name)
    SubElement(score_part, "part-name").text = "Drums"
    sounds = [sound for sound in DRUM_SOUNDS if any(hit.sound == sound for hit in drums)]
    for sound in sounds:
        instrument = SubElement(score_part, "score-instrument", id=_drum_id(name, sound))
        SubElement(instrument, "instrument-name").text = DRUM_SOUNDS[sound].title
    for sound in sounds:
        midi = SubElement(score_part, "midi-instrument", id=_drum_id(name, sound))
        SubElement(midi, "midi-channel").text = str(DRUM_CHANNEL + 1)
        SubElement(midi, "midi-unpitched").text = str(DRUM_SOUNDS[sound].pitch + 1)


def _drum_id(part: str, sound: str) -> str:
    return f"{part}-I{DRUM_SOUNDS[sound].pitch}"
