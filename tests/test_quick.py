"""The quick setting holds unless the full one is asked for."""

import musicedu


def test_the_quick_setting_holds_unless_the_full_one_is_asked_for(monkeypatch):
    monkeypatch.delenv("MUSICEDU_FULL", raising=False)
    assert musicedu.quick(2, full=60) == 2
    monkeypatch.setenv("MUSICEDU_FULL", "1")
    assert musicedu.quick(2, full=60) == 60
    monkeypatch.setenv("MUSICEDU_FULL", "0")
    assert musicedu.quick(2, full=60) == 2


def test_whoever_only_runs_through_a_lesson_may_hurry(monkeypatch):
    monkeypatch.setenv("MUSICEDU_HURRY", "1")
    assert [musicedu.quick(setting, full=60) for setting in (2, 9, 5000)] == [1, 2, 1250]
