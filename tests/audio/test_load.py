"""Sound files: every format gives the same sound, long ones are streamed, and bad ones are told in one line."""

import os
import struct
import subprocess
import sys
import time
from contextlib import suppress

import librosa
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.audio.decode import clock, count_clipped
from musicedu.audio.filters import resample, resampled_chunks
from musicedu.audio.load import load_audio, stream_audio
from musicedu.audio.save import save_audio
from musicedu.errors import FileProblem

SR = 22_050
SUFFIXES = ("wav", "flac", "ogg", "mp3")


def sine(frequency_hz=440.0, duration_sec=2.0, sr=SR, amplitude=0.5):
    return (amplitude * np.sin(2 * np.pi * frequency_hz * np.arange(round(duration_sec * sr)) / sr)).astype(np.float32)


def loudest_hz(y, sr):
    return np.argmax(np.abs(np.fft.rfft(y * np.hanning(len(y))))) * sr / len(y)


def music(duration_sec=3.0):
    noise = np.random.default_rng(0).standard_normal(round(duration_sec * SR)).astype(np.float32)
    return sine(440, duration_sec) + np.float32(0.02) * noise


def refusal(path, **options):
    with pytest.raises(FileProblem) as caught:
        load_audio(path, **options)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_gives_the_same_sound(tmp_path, suffix):
    y = music()
    save_audio(y, SR, tmp_path / f"a.{suffix}")
    recording = load_audio(tmp_path / f"a.{suffix}")
    assert recording.sr == SR
    assert recording.duration_sec == pytest.approx(3.0, abs=0.01)
    assert loudest_hz(recording.y, SR) == pytest.approx(440, abs=1)
    n_samples = min(len(y), len(recording.y))
    error = np.sqrt(np.mean((recording.y[:n_samples] - y[:n_samples]) ** 2))
    assert error < (0.02 if suffix in ("ogg", "mp3") else 2e-5)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_format_is_told_by_its_bytes_not_by_its_name(tmp_path, suffix):
    save_audio(music(), SR, tmp_path / f"a.{suffix}")
    (tmp_path / "a.dat").write_bytes((tmp_path / f"a.{suffix}").read_bytes())
    np.testing.assert_array_equal(load_audio(tmp_path / "a.dat").y, load_audio(tmp_path / f"a.{suffix}").y)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "IMA_ADPCM"])
def test_every_kind_of_wav_is_read(tmp_path, subtype):
    soundfile.write(tmp_path / "a.wav", sine(), SR, subtype=subtype)
    recording = load_audio(tmp_path / "a.wav")
    assert loudest_hz(recording.y, SR) == pytest.approx(440, abs=1)
    assert recording.peak == pytest.approx(0.5, abs=0.02)


@settings(max_examples=25)
@given(
    sr=st.sampled_from([8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000]),
    new_sr=st.sampled_from([8000, 11_025, 16_000, 22_050, 44_100, 48_000]),
    frequency_hz=st.floats(100, 3000),
)
def test_resampling_keeps_a_sines_frequency_and_strength(sr, new_sr, frequency_hz):
    y = resample(sine(frequency_hz, sr=sr), sr, new_sr)
    assert len(y) == -(-2 * sr * new_sr // sr)
    assert loudest_hz(y, new_sr) == pytest.approx(frequency_hz, abs=0.5)
    assert np.sqrt(2 * np.mean(y[1000:-1000] ** 2)) == pytest.approx(0.5, rel=0.01)


def test_resampling_removes_what_would_fold_back():
    y = resample(sine(7000, sr=44_100), 44_100, 8000)  # would be heard at 1,000 Hz
    assert np.max(np.abs(y[500:-500])) < 0.001


def test_resampling_in_chunks_is_resampling_at_once():
    y = music()[:, None]
    chunks = np.array_split(y, [10, 5000, 5001, 30_000])
    joined = np.concatenate(list(resampled_chunks(chunks, SR, 16_000, 1)))
    whole = resample(y[:, 0], SR, 16_000)
    assert abs(len(joined) - len(whole)) <= 1
    np.testing.assert_allclose(joined[:40_000, 0], whole[:40_000], atol=1e-4)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_channels_are_kept_or_mixed_down(tmp_path, suffix):
    both = np.stack([sine(440), 0 * sine(440)])
    save_audio(both, SR, tmp_path / f"a.{suffix}")
    stereo = load_audio(tmp_path / f"a.{suffix}", mono=False)
    assert (stereo.n_channels, stereo.y.shape[0]) == (2, 2)
    assert np.abs(stereo.y[1]).max() < 0.02
    mixed = load_audio(tmp_path / f"a.{suffix}").y
    np.testing.assert_allclose(mixed, stereo.y.mean(axis=0), atol=1e-6)
    assert load_audio(tmp_path / f"a.{suffix}", sr=16_000, mono=False).y.shape[0] == 2


def test_six_channels_are_read(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.tile(sine()[:, None], 6), SR)
    assert load_audio(tmp_path / "a.wav", mono=False).n_channels == 6


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("sr", [None, 16_000])
def test_blocks_joined_are_the_whole(tmp_path, suffix, sr):
    save_audio(music(), SR, tmp_path / f"a.{suffix}")
    whole = load_audio(tmp_path / f"a.{suffix}", sr=sr)
    at_once = soundfile.read(tmp_path / f"a.{suffix}", dtype="float32")[0]
    blocks = list(stream_audio(tmp_path / f"a.{suffix}", sr=sr, block_sec=0.7))
    np.testing.assert_allclose(
        whole.y, resample(at_once, SR, sr or SR), atol=1e-5
    )  # an MP3 has no crackle at its seams
    np.testing.assert_allclose(np.concatenate([block.y for block in blocks]), whole.y, atol=1e-6)
    assert [block.onset_sec for block in blocks] == pytest.approx([0, 0.7, 1.4, 2.1, 2.8])
    assert {len(block.y) for block in blocks[:-1]} == {round(0.7 * whole.sr)}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_part_is_the_same_part_of_the_whole(tmp_path, suffix):
    save_audio(music(), SR, tmp_path / f"a.{suffix}")
    whole = load_audio(tmp_path / f"a.{suffix}").y
    part = load_audio(tmp_path / f"a.{suffix}", offset_sec=1.0, duration_sec=0.5)
    assert (part.onset_sec, part.duration_sec) == (1.0, 0.5)
    difference = part.y[2000:] - whole[SR + 2000 : SR + len(part.y)]  # an MP3 needs a frame or two to settle
    assert np.abs(difference).max() < 1e-3
    assert "lasts 3.00 s; there is nothing from 5.00 s on" in refusal(tmp_path / f"a.{suffix}", offset_sec=5)


def test_a_file_that_is_missing_a_folder_a_pipe_or_empty_says_so(tmp_path):
    assert "nothing.wav: there is no such file" in refusal(tmp_path / "nothing.wav")
    assert "is a folder" in refusal(tmp_path)
    (tmp_path / "empty.wav").touch()
    assert "empty.wav: is empty. Record or save it again" in refusal(tmp_path / "empty.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    assert "is no ordinary file" in refusal(tmp_path / "pipe.wav")
    assert "no such file" in refusal("null\0byte.wav")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"RIFF\0\0\1\0AVI LIST" + bytes(5000), "is an AVI video"),
        (b"\0\0\1\xba" + bytes(5000), "is an MPEG video"),
        (b"MThd\0\0\0\6" + bytes(20), "is a MIDI file: notes, not sound"),
        (b"<html>not found</html>", "is no sound file"),
        (bytes(100_000), "is no sound file"),
        (b"RIFF\xff\xff\0\0WAVE" + bytes(100), "is damaged: it begins as WAV"),
        (b"ID3\4\0\0\x7f\x7f\x7f\x7f" + bytes(5000), "is damaged: it begins as MP3"),
        (b"\xff\xfb\x90\x64" + bytes(60_000), "is damaged"),
    ],
)
def test_what_is_no_sound_is_named_whatever_its_suffix(tmp_path, data, said):
    (tmp_path / "sound.wav").write_bytes(data)
    assert said in refusal(tmp_path / "sound.wav")


@pytest.mark.parametrize("suffix", [*SUFFIXES, "aiff"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_file_cut_short_is_refused_or_taken_as_far_as_it_goes(tmp_path, suffix, share):
    soundfile.write(tmp_path / f"a.{suffix}", music(), SR)
    data = (tmp_path / f"a.{suffix}").read_bytes()
    (tmp_path / f"cut.{suffix}").write_bytes(data[: int(share * len(data))])
    message = refusal(tmp_path / f"cut.{suffix}")
    assert "is damaged or cut short: it breaks off after" in message
    assert "allow_truncated=True" in message
    rest = load_audio(tmp_path / f"cut.{suffix}", allow_truncated=True)
    assert 0.2 < rest.duration_sec < 3 * share + 0.2
    assert sum(block.duration_sec for block in stream_audio(tmp_path / f"cut.{suffix}", allow_truncated=True)) > 0.2


@pytest.mark.parametrize("suffix", [*SUFFIXES, "aiff"])
def test_a_header_without_its_sound_is_refused(tmp_path, suffix):
    soundfile.write(tmp_path / f"a.{suffix}", music(), SR)
    for n_bytes in (1, 4, 12, 20, 44, 60, 100):
        (tmp_path / "cut").write_bytes((tmp_path / f"a.{suffix}").read_bytes()[:n_bytes])
        refusal(tmp_path / "cut")


@pytest.mark.parametrize("suffix", [*SUFFIXES, "aiff"])
def test_damaged_bytes_give_sound_or_a_line_and_never_a_hang(tmp_path, suffix):
    soundfile.write(tmp_path / f"a.{suffix}", music(1.0), SR)
    data = (tmp_path / f"a.{suffix}").read_bytes()
    rng = np.random.default_rng(7)
    for attempt in range(40):
        broken = bytearray(data)
        for at in rng.integers(0, len(data) if attempt % 2 else 120, 12):
            broken[at] = rng.integers(256)
        (tmp_path / "broken").write_bytes(bytes(broken))
        began = time.process_time()
        with suppress(FileProblem):
            load_audio(tmp_path / "broken", sr=16_000)
        assert time.process_time() - began < 10


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_refused_where_they_stand(tmp_path, value):
    y = sine()
    y[SR + 10 :] = value
    soundfile.write(tmp_path / "a.wav", y, SR, subtype="FLOAT")
    assert "holds samples that are no numbers, the first at 1.00 s" in refusal(tmp_path / "a.wav")
    with pytest.raises(FileProblem, match=r"no numbers, the first at 1\.00 s"):
        list(stream_audio(tmp_path / "a.wav", block_sec=0.2))
    assert load_audio(tmp_path / "a.wav", duration_sec=0.9).peak == pytest.approx(0.5, abs=0.01)


def test_a_header_nobody_would_write_is_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", sine(), SR)
    data = bytearray((tmp_path / "a.wav").read_bytes())
    data[24:28] = struct.pack("<I", 900_000)
    (tmp_path / "a.wav").write_bytes(bytes(data))
    assert "which no recording has" in refusal(tmp_path / "a.wav")


def test_a_wav_of_unknown_length_is_read_to_its_end(tmp_path):
    soundfile.write(tmp_path / "a.wav", sine(), SR)
    data = bytearray((tmp_path / "a.wav").read_bytes())
    data[40:44] = b"\xff\xff\xff\xff"
    (tmp_path / "a.wav").write_bytes(bytes(data))
    assert load_audio(tmp_path / "a.wav").duration_sec == pytest.approx(2.0)


def test_clipping_is_found_and_loud_sound_is_not_called_clipped(tmp_path):
    whole, cut = sine(amplitude=0.999), np.clip(sine(amplitude=1.5), -1, 1)
    for suffix in ("wav", "flac"):
        save_audio(whole, SR, tmp_path / f"whole.{suffix}")
        save_audio(cut, SR, tmp_path / f"cut.{suffix}")
        assert load_audio(tmp_path / f"whole.{suffix}").clipped_share == 0
        for options in ({}, {"sr": 16_000}):  # found in the file's own samples, before they are resampled
            recording = load_audio(tmp_path / f"cut.{suffix}", **options)
            assert recording.is_clipped
            assert recording.clipped_share == pytest.approx(np.mean(np.abs(cut) >= 1), abs=0.02)
    assert all(block.is_clipped for block in stream_audio(tmp_path / "cut.wav", block_sec=0.5))


@pytest.mark.parametrize("n_samples", [0, 1, 2, 3, 4])
def test_few_samples_can_be_looked_at_for_clipping(n_samples):
    assert count_clipped(np.ones((n_samples, 1), dtype=np.float32)) == (n_samples if n_samples >= 3 else 0)


def test_silence_is_found(tmp_path):
    for name, y in (("silent", 0 * sine()), ("hiss", 0.00005 * sine()), ("soft", 0.001 * sine())):
        soundfile.write(tmp_path / f"{name}.wav", y, SR, subtype="FLOAT")
    assert load_audio(tmp_path / "silent.wav").is_silent
    assert load_audio(tmp_path / "hiss.wav").is_silent
    assert not load_audio(tmp_path / "soft.wav").is_silent


def test_arguments_out_of_range_are_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", sine(), SR)
    for wrong in ({"offset_sec": -1}, {"duration_sec": 0}):
        with pytest.raises(ValueError, match="offset_sec must be 0 or more"):
            load_audio(tmp_path / "a.wav", **wrong)
    with pytest.raises(ValueError, match="block_sec must be from"):
        stream_audio(tmp_path / "a.wav", block_sec=0)
    with pytest.raises(ValueError, match="more than 0 Hz"):
        resample(sine(), 0, 8000)


def sparse_wav(path, hours, sr=16_000):
    """A silent WAV of 16 bits that takes no room on the disk: only its header is written."""
    n_bytes = round(hours * 3600) * sr * 2
    head = b"RIFF" + struct.pack("<I", 36 + n_bytes) + b"WAVEfmt "
    head += struct.pack("<IHHIIHH", 16, 1, 1, sr, 2 * sr, 2, 16) + b"data" + struct.pack("<I", n_bytes)
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + n_bytes)
    return path


def test_ten_hours_are_refused_at_once_and_can_be_read_in_part(tmp_path):
    long = sparse_wav(tmp_path / "long.wav", 10)
    began = time.process_time()
    message = refusal(long)
    assert "lasts 10:00:00 h, and at most 1:00:00 h are loaded at once" in message
    assert "stream_audio" in message
    part = load_audio(long, offset_sec=9 * 3600, duration_sec=1)
    assert part.duration_sec == 1
    blocks = stream_audio(long, sr=8000)
    assert next(blocks).duration_sec == 10
    blocks.close()
    assert time.process_time() - began < 5


def test_more_samples_than_memory_should_hold_are_refused_before_they_are_read(tmp_path):
    long = sparse_wav(tmp_path / "long.wav", 3)
    message = refusal(long, sr=768_000, max_duration_sec=1e6)
    assert "has 8294 million samples, and at most 500 are loaded" in message
    assert "stream_audio" in message


def test_ten_hours_stream_in_little_memory(tmp_path):
    long = sparse_wav(tmp_path / "long.wav", 10, sr=4000)
    script = (
        "import resource, sys; from musicedu.audio.load import stream_audio; n = 0\n"
        "first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for block in stream_audio(sys.argv[1], block_sec=60, sr=2000): n += len(block.y)\n"
        "print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - first)"
    )
    run = subprocess.run([sys.executable, "-c", script, str(long)], capture_output=True, text=True, check=True)
    n_samples, grown_kb = map(int, run.stdout.split())
    assert n_samples == pytest.approx(36_000 * 2000, abs=1)
    assert grown_kb < 60_000  # ten hours in one piece would take 290,000


@pytest.mark.skipif("LIBROSA_DATA_DIR" not in os.environ, reason="there are no recordings on this computer")
@pytest.mark.parametrize(("name", "duration_sec"), [("trumpet", 5.3), ("brahms", 45.8), ("vibeace", 61.5)])
def test_real_recordings_are_read_as_librosa_reads_them(name, duration_sec):
    path = librosa.ex(name)
    recording = load_audio(path, sr=SR)
    native, native_sr = soundfile.read(path, dtype="float32")
    theirs = librosa.resample(librosa.to_mono(native.T), orig_sr=native_sr, target_sr=SR)
    assert recording.duration_sec == pytest.approx(duration_sec, abs=0.1)
    np.testing.assert_allclose(recording.y[: len(theirs)], theirs[: len(recording.y)], atol=1e-3)
    assert not recording.is_silent


@pytest.mark.parametrize(("name", "said"), [("a.txt", "has the suffix .txt"), ("a", "has the suffix of nothing")])
def test_a_suffix_that_names_no_format_is_refused(tmp_path, name, said):
    with pytest.raises(FileProblem, match=said):
        save_audio(sine(), SR, tmp_path / name)


def test_a_rate_that_mp3_does_not_know_is_refused_and_nothing_is_left(tmp_path):
    with pytest.raises(FileProblem, match=r"a\.mp3: cannot be MP3 at 12345 Hz\. Resample it first"):
        save_audio(sine(), 12_345, tmp_path / "a.mp3")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("seconds", "said"), [(0, "0.00 s"), (59.5, "59.50 s"), (60, "1:00 min"), (3600, "1:00:00 h")])
def test_durations_are_said_as_one_says_them(seconds, said):
    assert clock(seconds) == said
