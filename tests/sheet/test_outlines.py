import pytest

from musicedu.sheet.outlines import parse_path


def test_relative_and_absolute_commands_draw_the_same():
    assert parse_path("M10 10l5 0c1 1 2 2 3 3z") == parse_path("M10,10 L15,10 C16,11 17,12 18,13 Z")
    assert parse_path("m1 1h2v3H0V0") == parse_path("M1 1 L3 1 L3 4 L0 4 L0 0")


def test_a_smooth_curve_mirrors_the_control_point_before_it():
    assert parse_path("M0 0c1 2 3 2 4 0s3 -2 4 0")[2] == ("C", ((5.0, -2.0), (7.0, -2.0), (8.0, 0.0)))
    assert parse_path("M0 0s1 1 2 2")[1] == ("C", ((0.0, 0.0), (1.0, 1.0), (2.0, 2.0)))


def test_numbers_without_a_command_go_on_with_the_one_before():
    assert parse_path("M0 0 1 1 2 2") == parse_path("M0 0L1 1L2 2")
    assert parse_path("M0 0l1-1.5.5 2e1") == parse_path("M0 0L1 -1.5L1.5 18.5")


def test_after_closing_the_path_goes_on_from_its_start():
    assert parse_path("m1 1l2 0zl0 1")[-1] == ("L", ((1.0, 2.0),))


@pytest.mark.parametrize("data", ["A1 1 0 0 0 1 1", "M1", "1 2 3", "M0 0 L1"])
def test_what_cannot_be_drawn_is_refused(data):
    with pytest.raises(ValueError, match="cannot draw this path command"):
        parse_path(data)
