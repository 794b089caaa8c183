import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.lib.units import mm

from musicedu.melody import Key, Melody
from musicedu.sheet import page as page_module
from musicedu.sheet.content import key_words, level_words, measures_words, tempo_words
from musicedu.sheet.page import PAPERS_MM, render_pdf, render_sheets, share_out, sheet_on
from musicedu.syllabus.levels import level
from musicedu.wording.english import in_words
from tests.sheet.examples import BUSY, PHRASE, REASONS, exercise


def text_of(pdf):
    return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_sheet_says_what_it_is_why_it_fits_and_how_to_make_it_again():
    made = exercise()
    text = text_of(render_pdf(made, pupil="Zoë Łukaszewicz"))
    assert "Violin, level 3" in text
    assert "Level 3, comparable to grade 1" in text
    assert "D major" in text
    assert "4/4" in text
    assert "Andante ♩ = 72" in text
    assert "4 measures" in text
    assert "Zoë Łukaszewicz" in text
    assert f"Recipe: {made.recipe}" in text
    assert "official" not in text.lower()
    assert f"Difficulty {made.difficulty.score:.1f}" in text
    plain = re.sub(r"[\s•]", "", text)
    assert all(re.sub(r"\s", "", in_words(reason)) in plain for reason in REASONS)
    assert all(re.sub(r"\s", "", in_words(reason)) in plain for reason in made.difficulty.reasons[:3])


def test_the_recipe_is_in_the_file_for_machines_too():
    made = exercise()
    metadata = PdfReader(io.BytesIO(render_pdf(made))).metadata
    assert metadata.title == "Violin, level 3"
    assert metadata.subject == made.recipe


def test_the_same_exercise_gives_the_same_bytes():
    assert render_pdf(exercise(), pupil="李") == render_pdf(exercise(), pupil="李")


@pytest.mark.parametrize(
    ("text", "level", "options", "n_pages"),
    [
        (PHRASE, 3, {}, 1),
        (PHRASE * 2, 2, {}, 1),
        (PHRASE * 8, 10, {}, 1),
        (BUSY * 32, 10, {}, 2),
        (PHRASE * 8, 10, {"large_print": True}, 2),
        (PHRASE * 2, 3, {"paper": "letter"}, 1),
    ],
)
def test_everything_stands_on_the_page_and_nothing_overlaps(monkeypatch, text, level, options, n_pages):
    placed, texts = [], []
    draw_system, draw_text = page_module.draw_system, page_module.draw_text

    def record_system(canvas, system, left_mm, top_mm):
        placed.append((canvas.getPageNumber(), left_mm, top_mm, system))
        draw_system(canvas, system, left_mm, top_mm)

    def record_text(canvas, words, x, y, typeface, size, *, align_right=False):
        left = x - page_module.text_width(words, typeface, size) * align_right
        texts.append((canvas.getPageNumber(), left / mm, y / mm, words, typeface, size))
        draw_text(canvas, words, x, y, typeface, size, align_right=align_right)

    monkeypatch.setattr(page_module, "draw_system", record_system)
    monkeypatch.setattr(page_module, "draw_text", record_text)
    pdf = render_pdf(exercise(text, level, "violin"), pupil="Bartholomäus Maximilian zu Hohenlohe", **options)
    width_mm, height_mm = PAPERS_MM[options.get("paper", "A4")]
    assert len(PdfReader(io.BytesIO(pdf)).pages) == n_pages
    floors = {}
    for number, left_mm, top_mm, system in placed:
        assert left_mm >= 10
        assert left_mm + system.width_mm <= width_mm - 10
        assert top_mm <= floors.get(number, height_mm - 10)
        floors[number] = top_mm - system.height_mm
        assert floors[number] >= 15
    for number, left_mm, y_mm, words, typeface, size in texts:
        assert left_mm >= 10
        assert left_mm + page_module.text_width(words, typeface, size) / mm <= width_mm - 10
        assert 8 <= y_mm <= height_mm - 10
        if y_mm < height_mm / 2:  # the panel and the footer stand below the music
            assert y_mm + size / mm <= floors[number] + 0.5


@settings(max_examples=100)
@given(st.lists(st.floats(8, 60), min_size=1, max_size=40), st.floats(20, 90))
def test_every_system_stands_on_one_page_in_order_and_pages_are_not_overfull(heights_mm, panel_mm):
    pages = share_out(heights_mm, first_mm=220, other_mm=240, panel_mm=panel_mm)
    assert [number for page in pages for number in page] == list(range(len(heights_mm)))
    for index, page in enumerate(pages):
        room = (220 if index == 0 else 240) - (panel_mm if index == len(pages) - 1 else 0)
        used = sum(heights_mm[number] for number in page) + 4 * max(len(page) - 1, 0)
        assert used <= room + 1e-6


def test_several_sheets_make_one_file_with_pages_of_their_own():
    sheets = [sheet_on(exercise(), pupil="Anna"), sheet_on(exercise(PHRASE * 2), pupil="Юлия")]
    pdf = render_sheets(sheets, title="Week 3")
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 2
    assert "Anna" in pages[0].extract_text()
    assert "Юлия" in pages[1].extract_text()


def test_sizes_that_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="paper must be one of A4, letter"):
        render_pdf(exercise(), paper="A5")
    with pytest.raises(ValueError, match="must not be empty"):
        render_sheets([], title="")


def test_the_facts_are_in_words():
    assert level_words(level(10)) == "Level 10, comparable to grade 8"
    assert level_words(level(2)) == "Level 2, before grade 1"
    assert key_words(Key.parse("F# minor")) == "F♯ minor"
    assert measures_words(Melody.from_text("C4:4 D4:4")) == "2 measures"
    assert tempo_words(Melody.from_text("C4:4")) == ""


def test_a_transposing_instrument_says_that_its_key_is_the_written_one():
    text = text_of(render_pdf(exercise(instrument="Bb clarinet")))
    assert "B♭" in text
    assert "D major as written" in text
