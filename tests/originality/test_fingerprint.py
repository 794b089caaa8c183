"""An excerpt is named through noise, MP3 and another tempo; a stranger is not; a broken file is refused."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import soundfile

from musicedu.audio.save import render_mp3
from musicedu.audio.takes import record_take, with_noise
from musicedu.errors import FileProblem
from musicedu.melody import TempoAt
from musicedu.originality.constellation import FARTHEST, N_BANDS, N_HASHES, NEAREST, Stars, find_stars, hash_stars
from musicedu.originality.fingerprint import build_index, index_of, likeness
from musicedu.originality.fingerprint_file import load_index, save_index
from tests.originality.test_quotes import tune

SR = 22_050
PROGRAMS = (40, 73, 71, 0, 56, 24)


def record(seed: int, *, faster: float = 1.0, semitones: int = 0):
    """A tune of 15 s, by an instrument of its own."""
    tempos = (TempoAt(Fraction(0), Fraction(120 * faster).limit_denominator(100)),)
    melody = replace(tune(seed).transposed(semitones), tempos=tempos)
    return record_take(melody, program=PROGRAMS[seed % len(PROGRAMS)]).y


@pytest.fixture(scope="module")
def index():
    return build_index((f"tune {seed}", record(seed), SR) for seed in range(6))


def excerpt(y, faster: float = 1.0):
    return y[round(4 * SR / faster) : round(9 * SR / faster)]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("faster", [0.95, 1.0, 1.05])
def test_an_excerpt_is_named_and_placed_in_noise_and_mp3_at_another_tempo(index, seed, faster):
    y = with_noise(excerpt(record(seed, faster=faster), faster), 0.0, np.random.default_rng(seed))
    y = soundfile.read(io.BytesIO(render_mp3(y / np.abs(y).max(), SR)), dtype="float32")[0]
    match = index.identify(y, SR)
    assert match is not None
    assert match.name == f"tune {seed}"
    assert match.offset_sec == pytest.approx(4, abs=0.2)
    assert match.tempo_ratio == pytest.approx(faster, abs=0.02)
    assert 0 < match.confidence <= 1


def test_another_tune_and_another_key_are_none_of_them(index):
    assert index.identify(excerpt(record(9)), SR) is None
    assert index.identify(excerpt(record(1, semitones=1)), SR) is None


@pytest.mark.parametrize("n_samples", [0, 100, 5 * SR])
def test_silence_is_none_of_them(index, n_samples):
    assert index.identify(np.zeros(n_samples, dtype=np.float32), SR) is None
    assert build_index([]).identify(excerpt(record(1)), SR) is None


def test_neither_loudness_nor_sample_rate_moves_the_stars():
    y = excerpt(record(2))
    stars = find_stars(y, SR)
    assert np.array_equal(find_stars(0.01 * y, SR).frames, stars.frames)
    doubled = find_stars(np.repeat(y, 2), 2 * SR)
    assert likeness(doubled, stars) > 0.8
    assert np.all(np.diff(stars.frames) >= 0)
    assert stars.bands.max() < N_BANDS
    with pytest.raises(ValueError, match="one row of finite samples"):
        find_stars(np.array([0.0, np.nan]), SR)


def test_a_hash_is_the_same_at_half_the_tempo_and_later():
    stars = find_stars(excerpt(record(3)), SR)
    few = Stars(stars.frames[:12], stars.bands[:12], stars.strengths[:12])
    later = Stars(few.frames + 77, few.bands, few.strengths)
    assert np.array_equal(hash_stars(few).values, hash_stars(later).values)
    hashes = hash_stars(stars)
    assert hashes.values.min() >= 0
    assert hashes.values.max() < N_HASHES
    assert hashes.spans.max() < FARTHEST
    assert hashes.spans.min() >= 2 * NEAREST


def test_a_constellation_is_like_itself_and_few_stars_are_soon_alike():
    stars = find_stars(excerpt(record(4)), SR)
    few = Stars(stars.frames[:4], stars.bands[:4], stars.strengths[:4])
    assert 1 > likeness(stars, stars) > likeness(few, few)
    nothing = Stars(*(np.empty(0, np.int64),) * 2, np.empty(0))
    assert likeness(stars, nothing) == 0


def test_an_index_refuses_two_recordings_of_one_name():
    stars = find_stars(excerpt(record(4)), SR)
    with pytest.raises(ValueError, match="a name of its own"):
        index_of(["a", "a"], [stars, stars])


def test_an_index_on_disk_answers_the_same(index, tmp_path):
    save_index(index, tmp_path / "shelf.index")
    again = load_index(tmp_path / "shelf.index")
    assert again.names == index.names
    y = excerpt(record(5))
    assert again.candidates(y, SR) == index.candidates(y, SR)
    save_index(again, tmp_path / "again.index")
    assert (tmp_path / "again.index").read_bytes() == (tmp_path / "shelf.index").read_bytes()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda data: data[: len(data) // 2], "is truncated: "),
        (lambda data: data[:-1], "is truncated: "),
        (lambda data: data[:20], "is truncated"),
        (lambda data: b"", "is not a fingerprint index"),
        (lambda data: b"RIFF" + data, "is not a fingerprint index"),
        (lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:], "is damaged"),
        (lambda data: data + b"more", "is damaged"),
    ],
)
def test_a_broken_file_is_refused_in_one_line(index, tmp_path, change, fault):
    path = tmp_path / "shelf.index"
    save_index(index, path)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(FileProblem, match=f"shelf.index: {fault}.*Build the index again"):
        load_index(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileProblem, match=r"none\.index: cannot be read"):
        load_index(tmp_path / "none.index")
