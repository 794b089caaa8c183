"""Recordings as recorders, phones and players leave them: read as they were meant, or refused in one quiet line."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess

import numpy as np
import pytest
import soundfile

from musicedu.audio import decode
from musicedu.audio.load import load_audio
from musicedu.errors import FileProblem

SR = 22_050
TONE = (0.3 * np.sin(2 * np.pi * 440 * np.arange(SR) / SR)).astype(np.float32)


def rendered(kind, subtype=None):
    file = io.BytesIO()
    soundfile.write(file, TONE, SR if subtype != "OPUS" else 48_000, format=kind, subtype=subtype)
    return file.getvalue()


def wav_claiming(data_size, riff_size=0):
    wav = bytearray(rendered("WAV", "PCM_16"))
    at = wav.find(b"data")
    wav[at + 4 : at + 8], wav[4:8] = struct.pack("<I", data_size), struct.pack("<I", riff_size)
    return bytes(wav)


@pytest.mark.parametrize("claim", [0, 0xFFFFFFFF])
def test_a_wav_that_was_never_told_its_length_is_read_whole(tmp_path, claim):
    (tmp_path / "take.wav").write_bytes(wav_claiming(claim))
    assert np.allclose(load_audio(tmp_path / "take.wav").y, TONE, atol=1e-4)


def test_of_a_wav_without_its_length_a_part_can_be_read(tmp_path):
    (tmp_path / "take.wav").write_bytes(wav_claiming(0))
    part = load_audio(tmp_path / "take.wav", offset_sec=0.5, duration_sec=0.25).y
    assert np.allclose(part, TONE[SR // 2 : SR // 2 + len(part)], atol=1e-4)


@pytest.mark.parametrize("padding", [1, 417, 4096])
def test_zeros_before_an_mp3_are_passed_over_and_nothing_is_chattered(tmp_path, capfd, padding):
    (tmp_path / "take.mp3").write_bytes(bytes(padding) + rendered("MP3") + bytes(300))
    assert load_audio(tmp_path / "take.mp3").duration_sec == pytest.approx(1, abs=0.06)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("kind", "suffix"), [("CAF", "caf"), ("AU", "au"), ("W64", "w64"), ("RF64", "wav")])
def test_what_the_library_reads_is_read(tmp_path, kind, suffix):
    (tmp_path / f"take.{suffix}").write_bytes(rendered(kind, "PCM_16"))
    assert np.allclose(load_audio(tmp_path / f"take.{suffix}").y, TONE, atol=1e-4)


def test_opus_is_read(tmp_path):
    (tmp_path / "memo.opus").write_bytes(rendered("OGG", "OPUS"))
    assert load_audio(tmp_path / "memo.opus").duration_sec > 0.4


@pytest.mark.parametrize("scale", [1e10, 1e30])
def test_samples_beyond_any_sound_are_refused(tmp_path, scale):
    soundfile.write(tmp_path / "take.wav", TONE * np.float32(scale), SR, subtype="FLOAT")
    with pytest.raises(FileProblem, match="times full scale"):
        load_audio(tmp_path / "take.wav")


def test_whole_numbers_kept_as_numbers_with_a_fraction_are_read(tmp_path):
    soundfile.write(tmp_path / "take.wav", TONE * 32_768, SR, subtype="FLOAT")
    assert load_audio(tmp_path / "take.wav").peak > 1000


FOREIGN = {
    "memo.m4a": b"\0\0\0\x20ftypM4A \0\0\0\0", "page.webm": b"\x1aE\xdf\xa3" + bytes(20),
    "radio.aac": b"\xff\xf1P\x80" * 6,
    "old.wma": b"0&\xb2u\x8ef\xcf\x11" + bytes(16),
}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_without_a_decoder_a_foreign_recording_is_named(tmp_path, monkeypatch, name):
    monkeypatch.setattr(decode, "decoder", lambda: None)
    (tmp_path / name).write_bytes(FOREIGN[name])
    with pytest.raises(FileProblem, match=r"cannot be read without a decoder\. Install ffmpeg"):
        load_audio(tmp_path / name)


needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg on this computer")


@needs_ffmpeg
@pytest.mark.parametrize("suffix", ["m4a", "webm", "mka"])
def test_a_decoder_of_the_user_reads_it_and_leaves_nothing(tmp_path, monkeypatch, suffix):
    monkeypatch.setattr(decode.tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    soundfile.write(tmp_path / "take.wav", TONE, SR)
    made = ["ffmpeg", "-v", "error", "-i", str(tmp_path / "take.wav"), str(tmp_path / f"take.{suffix}")]
    subprocess.run(made, check=True)
    assert load_audio(tmp_path / f"take.{suffix}").duration_sec == pytest.approx(1, abs=0.1)
    assert list((tmp_path / "temporary").iterdir()) == []


@needs_ffmpeg
def test_a_foreign_file_without_sound_is_refused(tmp_path):
    (tmp_path / "memo.m4a").write_bytes(FOREIGN["memo.m4a"] + bytes(500))
    with pytest.raises(FileProblem, match="holds no sound that ffmpeg can decode"):
        load_audio(tmp_path / "memo.m4a")
