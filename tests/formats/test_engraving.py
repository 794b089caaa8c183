"""Engraved pages: every symbol is there, sizes are millimetres, bytes repeat."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings

from musicedu.errors import FileProblem
from musicedu.formats.engraving import FONTS, engrave
from musicedu.formats.musicxml import render_musicxml
from musicedu.melody import Melody
from musicedu.notation import write
from tests.strategies import melodies

SCALE = Melody.from_text(" ".join(f"{step}4:1 {step}4:1/2 {step}4:1/2" for step in "CDEFGAB" * 3))


def size_mm(svg: str) -> tuple[float, float]:
    width, height = re.search(r'<svg width="([\d.]+)mm" height="([\d.]+)mm" viewBox', svg).groups()
    return float(width), float(height)


def ids_of(svg: str, kind: str) -> list[str]:
    return re.findall(rf'<g id="(\w+)" class="{kind}"', svg)


@settings(max_examples=20)
@given(melodies(max_measures=3))
def test_every_symbol_is_engraved(melody: Melody) -> None:
    file = render_musicxml(melody)
    picture = "".join(engrave(file))
    symbols = [symbol for _, measure in write(melody) for symbol in measure]
    assert len(ids_of(picture, "note")) == sum(not symbol.is_rest for symbol in symbols)
    assert len(ids_of(picture, "rest")) + len(ids_of(picture, "mRest")) == sum(symbol.is_rest for symbol in symbols)


def test_the_same_score_gives_the_same_bytes() -> None:
    assert engrave(render_musicxml(SCALE)) == engrave(render_musicxml(SCALE))


def test_any_thread_engraves_and_several_at_once_do_not_disturb_each_other() -> None:
    scores = [render_musicxml(Melody.from_text("C4:1 E4:1/2 G4:1/2 " * length)) for length in range(1, 13)]
    pages = [engrave(score, height_mm=40) for score in scores]
    with ThreadPoolExecutor(6) as threads:
        pages_there = list(threads.map(lambda score: engrave(score, height_mm=40), scores * 4))
    assert pages_there == pages * 4


@pytest.mark.parametrize("staff_mm", [4.0, 7.0, 9.0, 12.0])
def test_pages_are_as_wide_as_asked_and_higher_with_a_larger_staff(staff_mm: float) -> None:
    (page,) = engrave(render_musicxml(SCALE), width_mm=170, staff_mm=staff_mm)
    (normal,) = engrave(render_musicxml(SCALE), width_mm=170, staff_mm=3.0)
    assert size_mm(page)[0] == pytest.approx(170, abs=0.5)
    assert size_mm(page)[1] > size_mm(normal)[1]


def test_staff_lines_lie_as_far_apart_as_asked() -> None:
    (page,) = engrave(render_musicxml(Melody.from_text("C4:4")), width_mm=100, staff_mm=8.0)
    lines = [int(y) for y in re.findall(r'<path d="M\d+ (\d+) L\d+ \1" stroke-width="\d+" />', page)[:5]]
    units = [int(side) for side in re.findall(r'viewBox="0 0 (\d+) \d+"', page)]
    assert (lines[4] - lines[0]) * 100 / units[1] == pytest.approx(8.0, abs=0.1)


def test_a_page_height_divides_the_music_into_pages() -> None:
    pages = engrave(render_musicxml(SCALE), width_mm=120, height_mm=60)
    assert len(pages) > 1
    assert all(size_mm(page)[1] == pytest.approx(60, abs=0.5) for page in pages)


@pytest.mark.parametrize("font", FONTS)
def test_every_font_engraves(font: str) -> None:
    assert "notehead" in engrave(render_musicxml(SCALE), font=font)[0]


def test_what_cannot_be_engraved_is_named() -> None:
    file = render_musicxml(SCALE)
    with pytest.raises(FileProblem, match="the score cannot be engraved"):
        engrave(b"<html/>")
    with pytest.raises(ValueError, match="font must be one of Leland"):
        engrave(file, font="Comic Sans")
    with pytest.raises(ValueError, match="no page has staves of 7 mm and a width of 20 mm"):
        engrave(file, width_mm=20, staff_mm=7)
    with pytest.raises(ValueError, match="cannot be 10 mm high"):
        engrave(file, height_mm=10)
