"""Round trips on 500 tunes of music21's shipped collections, taken evenly from all of them."""

from functools import cache

import pytest

from musicedu.corpus.collections import collection_files, find_collections
from musicedu.errors import MusicEduError
from musicedu.formats.abc import parse_abc, read_tune, render_abc
from musicedu.formats.abc_book import tunes_of
from musicedu.formats.midi import parse_midi, render_midi
from musicedu.formats.musicxml import parse_musicxml, render_musicxml
from musicedu.notation import write

N_TUNES = 500


@cache
def tunes():
    """500 melodies by name: every so many, or the next that is a single line in note values that can be written."""
    texts = [
        (f"{path.name} {reference}", text)
        for collection in find_collections()
        if not collection.part
        for path in collection_files(collection)
        for reference, text in tunes_of(path.read_text(encoding="utf-8", errors="replace"))
    ]
    found = {}
    for rank in range(N_TUNES):
        for name, text in texts[rank * len(texts) // N_TUNES :]:
            try:
                melody = read_tune(text, name).melody
                write(melody)
            except MusicEduError:
                continue
            found[name] = melody
            break
    return found


@pytest.mark.parametrize(
    ("render", "parse"),
    [(render_musicxml, parse_musicxml), (render_abc, parse_abc)],
    ids=["musicxml", "abc"],
)
def test_tunes_come_back_note_for_note(render, parse):
    changed = [name for name, melody in tunes().items() if parse(render(melody), name) != melody]
    assert (len(tunes()), changed) == (N_TUNES, [])


def test_tunes_come_back_from_midi_as_they_sound():
    def heard(melody):
        notes = [(note.onset, note.duration, note.pitch) for note in melody.notes]
        keys = [(change.onset, change.key.fifths) for change in melody.keys]
        metres = [(change.onset, change.metre) for change in melody.metres]
        if melody.anacrusis and metres[1:] and metres[1][0] == melody.anacrusis:
            metres[:2] = [(0, metres[1][1])]  # MIDI gives an anacrusis the metre that follows it
        return notes, keys, metres, melody.anacrusis, melody.duration, [t.tempo_bpm for t in melody.tempos]

    changed = [
        name for name, melody in tunes().items() if heard(parse_midi(render_midi(melody), name)) != heard(melody)
    ]
    assert (len(tunes()), changed) == (N_TUNES, [])
