import io
import unicodedata

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from musicedu.errors import FileProblem
from musicedu.sheet.typeface import (
    ASIAN,
    MONO,
    SANS,
    SERIF_BOLD_ITALIC,
    shortened,
    text_runs,
    text_width,
    unshown,
    wrapped,
)


@pytest.mark.parametrize("name", ["Zoë", "Łukasz", "Юлия", "Ελένη", "B♭ F♯"])
def test_european_names_and_accidentals_are_in_the_typeface(name):
    assert text_runs(name, SANS) == ((name, SANS),)


@pytest.mark.parametrize(
    "name", ["李小龙", "張偉", "さくら", "サクラ東京", "김민준", unicodedata.normalize("NFD", "홍길동")]
)
def test_asian_names_are_set_in_an_asian_typeface(name):
    assert text_runs(name, SANS) == ((unicodedata.normalize("NFC", name), ASIAN),)
    assert unshown(name) == ""


def test_a_typeface_that_is_not_there_is_named():
    with pytest.raises(FileProblem, match=r"Gothic\.ttf: is missing from this installation\. Install musicedu again"):
        text_width("a", "Gothic", 10)


def test_any_character_can_be_printed():
    text = "a\x00b\n\u202e\U0001f600\u0915" + "".join(map(chr, range(0x20, 0x3000, 7)))
    for typeface in (SANS, MONO, SERIF_BOLD_ITALIC):
        assert text_runs(text, typeface)
        assert text_width(text, typeface, 10) > 0


def test_a_hebrew_name_is_set_from_right_to_left():
    ((shown, _),) = text_runs("שרה", SANS)
    assert shown == "הרש"


def test_arabic_letters_are_joined_and_set_from_right_to_left():
    ((shown, typeface),) = text_runs("محمد عبد الله", SANS)
    assert typeface == SANS
    assert unicodedata.normalize("NFKC", shown)[::-1] == "محمد عبد الله"
    assert unicodedata.name(shown[-1]).endswith("INITIAL FORM")


def test_a_latin_name_beside_an_arabic_one_keeps_its_order():
    runs = "".join(part for part, _ in text_runs("Ali (علي) 7b", SANS))
    assert runs.startswith("Ali (")
    assert runs.endswith("7b")


@pytest.mark.parametrize(
    ("name", "lacking"), [("Mia 🎻", "🎻"), ("𠮷田 👩‍🎓", "𠮷👩🎓"), ("Zoë ❤️", ""), ("नेहा", "नेहा")]
)
def test_what_no_typeface_has_becomes_a_square_and_is_told(name, lacking):
    assert unshown(name) == lacking
    shown = "".join(part for part, _ in text_runs(name, SANS))
    assert shown.count("□") >= len(lacking)


def test_every_typeface_is_embedded():
    canvas = Canvas(page := io.BytesIO())
    for part, typeface in text_runs("Zoë 李 さくら 김 שרה محمد", SANS):
        canvas.setFont(typeface, 12)
        canvas.drawString(50, 700, part)
    canvas.save()
    fonts = [font.get_object() for font in PdfReader(page).pages[0]["/Resources"]["/Font"].values()]
    used = [font for font in fonts if font["/BaseFont"] != "/Helvetica"]
    assert len(used) >= 2
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in used)


def test_lines_are_no_wider_than_asked():
    text = "Two short words and Donaudampfschifffahrtsgesellschaftskapitän " * 3
    lines = wrapped(text, SANS, 10, 100)
    assert all(text_width(line, SANS, 10) <= 100 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_what_is_too_wide_is_cut_and_what_fits_is_not():
    assert shortened("Anna", SANS, 10, 100) == "Anna"
    cut = shortened("Anna Maria Magdalena", SANS, 10, 50)
    assert cut.endswith("…")
    assert text_width(cut, SANS, 10) <= 50
