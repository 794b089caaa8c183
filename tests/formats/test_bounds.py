"""Files far larger than music end soon, read or refused; judged by the time of the processor, not of the clock."""

import time
from contextlib import suppress

import pytest

from musicedu.errors import MusicEduError
from musicedu.formats.files import read_music
from musicedu.originality.quotes import find_quote
from musicedu.syllabus.difficulty import estimate_difficulty
from tests.formats.large import LARGE

GROSS = 10  # seconds; five are the aim, and a machine may be half as fast
TRIED = (
    "abc_blank_lines", "text_blank_lines", "abc_long_head", "abc_rests_of_many_measures", "abc_pairs_of_keys",
    "abc_slurs_opened", "abc_carets", "abc_wide_chord", "abc_six_thousand_notes", "abc_begun_blocks",
    "xml_tiny_measures", "xml_divisions", "xml_eight_megabytes", "xml_many_voices", "xml_deep", "xml_slurs",
    "mid_tempos", "mid_keys",
    "mid_small_metre", "mid_played", "mid_empty_tracks",
)  # fmt: skip


@pytest.mark.parametrize("name", TRIED)
def test_it_ends_soon(name, tmp_path):
    suffix, data = LARGE[name](1.0)
    path = tmp_path / f"large{suffix}"
    path.write_bytes(data)
    begun = time.process_time()
    with suppress(MusicEduError):
        melody = read_music(path).melody
        estimate_difficulty(melody)
        find_quote(melody)
    assert time.process_time() - begun < GROSS
