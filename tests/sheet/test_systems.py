import pytest
from hypothesis import HealthCheck, given, settings

from musicedu.formats.engraving import FONTS, engrave
from musicedu.formats.musicxml import render_musicxml
from musicedu.melody import Melody
from musicedu.sheet.content import choose_breaks, engraved_systems, with_breaks
from musicedu.sheet.systems import read_systems
from tests.sheet.examples import BUSY, PHRASE
from tests.strategies import melodies

SCALE = "C4:1 D4:1 E4:1 F4:1 "


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(melodies())
def test_any_melody_becomes_systems_of_the_width_asked(melody):
    systems = engraved_systems(melody, clef="treble", width_mm=178, staff_mm=7)
    assert systems
    assert max(system.width_mm for system in systems) == pytest.approx(178)
    assert all(system.height_mm >= 7 for system in systems)


@pytest.mark.parametrize("font", FONTS)
def test_every_music_font_can_be_read(font):
    melody = Melody.from_text(PHRASE, key="D")
    (page,) = engrave(render_musicxml(melody), width_mm=178, staff_mm=7, font=font)
    assert all(system.shapes for system in read_systems(page, 178))


def test_what_is_no_engraving_is_refused():
    with pytest.raises(ValueError, match="expected an SVG page engraved by verovio"):
        read_systems("<svg/>", 100)


@pytest.mark.parametrize(
    ("n_measures", "expected"),
    [(1, ()), (4, ()), (5, (4,)), (6, (4,)), (8, (5,)), (9, (4, 7)), (12, (5, 9))],
)
def test_measures_are_shared_out_evenly_four_to_a_line_at_most(n_measures, expected):
    melody = Melody.from_text(SCALE * n_measures)
    assert choose_breaks(melody, width_mm=178, staff_mm=7) == expected


def test_full_measures_get_shorter_lines():
    melody = Melody.from_text("C4:1/4 " * 16 * 4)
    assert choose_breaks(melody, width_mm=178, staff_mm=7) == (3,)
    assert choose_breaks(melody, width_mm=178, staff_mm=12) == (2, 3, 4)


def test_an_anacrusis_stays_with_the_first_line():
    melody = Melody.from_text("G4:1 " + SCALE * 8, anacrusis=1)
    assert choose_breaks(melody, width_mm=178, staff_mm=7) == (5,)
    assert len(engraved_systems(melody, clef="treble", width_mm=178, staff_mm=7)) == 2


def test_breaks_stand_in_the_score_at_their_measures_only():
    musicxml = with_breaks(render_musicxml(Melody.from_text(SCALE * 3)), (3,))
    assert musicxml.count(b"new-system") == 1
    assert b'<measure number="3"><print new-system="yes" />' in musicxml


def test_busy_music_is_not_squeezed():
    systems = engraved_systems(Melody.from_text(BUSY * 6, key="D"), clef="treble", width_mm=178, staff_mm=7)
    assert len(systems) >= 3
