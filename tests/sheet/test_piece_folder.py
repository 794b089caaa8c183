"""A lead sheet as a page: the tune, and over it chords that can be read."""

from fractions import Fraction
from io import BytesIO

import pytest
from pypdf import PdfReader

from musicedu.arrangement import Arrangement, Part
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Melody
from musicedu.sheet.piece_folder import render_lead_sheet_pdf


@pytest.mark.parametrize(("name", "printed"), [("Bb", "B♭"), ("F#m", "F♯m"), ("Eb7", "E♭7"), ("G", "G")])
def test_accidentals_of_chords_are_as_large_as_their_letters(name: str, printed: str) -> None:
    tune = Melody.from_text("C4:2 D4:2")
    song = Arrangement(tune, (ChordAt(Fraction(0), Chord.parse(name)),), (Part("Melody", 73, (tune,)),))
    (page,) = PdfReader(BytesIO(render_lead_sheet_pdf(song))).pages
    assert printed in page.extract_text().replace(" ", "").replace("\n", "")
