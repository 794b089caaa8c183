"""`musicedu train`: what it refuses, and the tune that it shows after every epoch."""

from __future__ import annotations

from pathlib import Path

import pytest

from musicedu.cli import main
from musicedu.cli.training_progress import SAMPLE_GRID, sample_tune
from musicedu.exercise.engines import shipped_engine
from musicedu.melody import Melody
from musicedu.training.heard import text_of


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["train", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_tune_after_an_epoch_is_music_and_the_same_every_time() -> None:
    engine = shipped_engine("vae")
    tune = sample_tune(engine)
    assert tune.measures[-1].offset == SAMPLE_GRID.metre.duration * SAMPLE_GRID.n_measures
    assert text_of(Melody.from_text(text_of(tune))) == text_of(tune)
    assert sample_tune(engine) == tune
    assert sample_tune(engine, seed=2) != tune


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["vae", "--epochs", "0"], "epochs"),
        (["vae", "--collection", "zydeco"], "zydeco"),
        (["vae", "--strategy", "tpu"], "mirrored"),
        (["gan", "--loss", "cubic"], "wasserstein"),
        (["gan", "--collection", "zydeco"], "zydeco"),
        (["dense-gan", "--collection", "zydeco"], "zydeco"),
        (["autoencoder", "--collection", "zydeco"], "zydeco"),
        (["autoencoder", "--beta", "-1"], "beta"),
        (["markov", "--collection", "zydeco"], "zydeco"),
        (["requests", "--collection", "zydeco"], "zydeco"),
    ],
)
def test_what_cannot_be_trained_on_is_one_line(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MUSICEDU_CACHE", str(tmp_path / "cache"))
    assert run(*arguments) == 2
    line = capsys.readouterr().err
    assert words in line
    assert line.count("\n") == 1
