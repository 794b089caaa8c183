"""Pieces: forms, keys, recipes, and one line where wishes do not go together."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.errors import MusicEduError, UnknownName, Unsatisfiable
from musicedu.evaluation.accompaniment import chord_tone_share
from musicedu.exercise.piece.making import FORMS, PHRASE_BARS, compose_tune, make_piece
from musicedu.exercise.piece.wishes import BARS, PieceWishes, parse_piece_recipe
from musicedu.melody import Key
from musicedu.sheet.piece_folder import save_piece

KEYS = ("C", "D", "Bb", "F# minor", "Eb", "A minor")


@given(
    st.sampled_from(("vae", "markov")),
    st.sampled_from(BARS),
    st.sampled_from(KEYS),
    st.sampled_from((("3/4", "waltz"), ("4/4", None), ("6/8", "jig"), ("2/4", "march"))),
    st.integers(0, 10**6),
    st.sampled_from((None, 90)),
    st.booleans(),
)
@settings(max_examples=50)
def test_a_recipe_says_everything(engine, bars, key, metre, seed, tempo_bpm, drums):
    wishes = PieceWishes(engine, bars, key, metre[0], metre[1], tempo_bpm, seed=seed, drums=drums)
    assert parse_piece_recipe(wishes.recipe) == wishes


@pytest.mark.parametrize("bars", BARS)
def test_a_tune_has_its_bars_repeats_its_phrases_and_ends_at_home(bars):
    tune = compose_tune(PieceWishes(engine="markov", bars=bars, key="G", seed=5))
    assert len(tune.measures) == bars
    assert tune.key.name == "G major"
    assert tune.notes[-1].pitch % 12 == Key.parse("G").tonic_pitch_class
    length = PHRASE_BARS * tune.metre.duration
    phrases = [
        [(n.onset - k * length, n.duration, n.spelling) for n in tune.notes if k * length <= n.onset < (k + 1) * length]
        for k in range(len(FORMS[bars]))
    ]
    for one, idea in zip(phrases, FORMS[bars], strict=True):
        assert one == phrases[FORMS[bars].index(idea)]


@pytest.mark.parametrize("key", KEYS)
def test_a_tune_is_in_the_key_asked_for(key):
    tune = compose_tune(PieceWishes(engine="markov", bars=8, key=key, seed=3))
    assert tune.key == Key.parse(key)
    scale = tune.key.scale | ({(tune.key.tonic_pitch_class + 11) % 12} if tune.key.is_minor else set())
    scale |= {(tune.key.tonic_pitch_class + 9) % 12} if tune.key.is_minor else set()
    assert {pitch % 12 for pitch in tune.pitches} <= scale


@pytest.mark.parametrize("bars", BARS)
def test_where_a_phrase_comes_again_so_do_its_chords(bars):
    song = make_piece(PieceWishes(engine="markov", bars=bars, metre="3/4", seed=2)).arrangement
    length = PHRASE_BARS * song.melody.metre.duration
    phrases = [
        [(one.onset - k * length, one.chord) for one in song.chords if k * length <= one.onset < (k + 1) * length]
        for k in range(len(FORMS[bars]))
    ]
    for one, idea in zip(phrases, FORMS[bars], strict=True):
        assert one == phrases[FORMS[bars].index(idea)]
    assert song.chords[-1].chord.root == song.melody.key.tonic_pitch_class


def test_a_piece_consonates_with_its_chords():
    shares = []
    for seed in range(4):
        song = make_piece(PieceWishes(bars=8, key="D", metre="3/4", seed=seed)).arrangement
        shares.append(chord_tone_share(song.melody, song.chords))
    assert min(shares) > 0.55
    assert sum(shares) / len(shares) > 0.7


def test_the_same_wishes_make_the_same_files(tmp_path):
    wishes = PieceWishes(engine="markov", bars=8, metre="2/4", seed=8)
    first, second = (save_piece(make_piece(wishes), tmp_path / name) for name in ("one", "two"))
    assert [path.name for path in first.stems] == ["melody.wav", "chords.wav", "bass.wav", "drums.wav"]
    for one, other in zip(
        (*first[:5], *first.stems, first.recipe), (*second[:5], *second.stems, second.recipe), strict=True
    ):
        assert one.read_bytes() == other.read_bytes(), one.name
    assert json.loads(first.recipe.read_text())["recipe"] == wishes.recipe
    assert first.lead_sheet.read_bytes().startswith(b"%PDF")


def test_seeds_make_different_tunes():
    wishes = PieceWishes(engine="markov", bars=8)
    tunes = {compose_tune(replace(wishes, seed=seed)).pitches for seed in range(5)}
    assert len(tunes) == 5


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        ({"bars": 12}, Unsatisfiable, "8, 16 or 32 bars"),
        ({"engine": "lstm"}, UnknownName, "unknown engine"),
        ({"key": "H"}, Unsatisfiable, "expected a key"),
        ({"key": "D dorian"}, Unsatisfiable, "major or minor"),
        ({"metre": "waltz"}, Unsatisfiable, "expected a metre"),
        ({"style": "tango"}, UnknownName, "unknown style"),
        ({"style": "waltz"}, Unsatisfiable, "a waltz is in 3/4, not in 4/4"),
        ({"tempo_bpm": 1000}, Unsatisfiable, "tempo_bpm"),
        ({"level": 9}, Unsatisfiable, "level"),
        ({"seed": -1}, Unsatisfiable, "seed"),
    ],
)
def test_what_does_not_go_together_is_said_in_one_line(fault, kind, says):
    with pytest.raises(kind, match=says) as raised:
        PieceWishes(**fault)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "", "me1 violin L3 s4", "mp1 vae", "mp9 vae s1", "mp1 vae s1 loud=yes", "mp1 vae s1 bars",
        "mp1 vae s1 drums=maybe", "mp1 vae s1 bars=x", "mp1 vae s1 bars=8 bars=16",
    ],
)  # fmt: skip
def test_a_broken_recipe_is_refused_in_one_line(text):
    with pytest.raises(MusicEduError) as raised:
        parse_piece_recipe(text)
    assert "\n" not in str(raised.value)
