import pytest

from musicedu.sheet.typeface import MONO, SANS, SERIF_BOLD_ITALIC, shortened, text_runs, text_width, wrapped


@pytest.mark.parametrize("name", ["Zoë", "Łukasz", "Юлия", "Ελένη", "B♭ F♯"])
def test_european_names_and_accidentals_are_in_the_typeface(name):
    assert text_runs(name, SANS) == ((name, SANS),)


@pytest.mark.parametrize(
    ("name", "typeface"), [("李小龙", "STSong-Light"), ("さくら", "HeiseiMin-W3"), ("민준", "HYSMyeongJo-Medium")]
)
def test_asian_names_are_set_in_asian_typefaces(name, typeface):
    assert text_runs(name, SANS) == ((name, typeface),)


def test_any_character_can_be_printed():
    text = "a\x00b\n\u202e\U0001f600\u0915" + "".join(map(chr, range(0x20, 0x3000, 7)))
    for typeface in (SANS, MONO, SERIF_BOLD_ITALIC):
        runs = text_runs(text, typeface)
        assert sum(len(part) for part, _ in runs) == len(text)
        assert text_width(text, typeface, 10) > 0


def test_a_hebrew_name_is_set_from_right_to_left():
    ((shown, _),) = text_runs("שרה", SANS)
    assert shown == "הרש"


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
