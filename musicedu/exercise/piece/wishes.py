"""What a piece is asked to be, and the recipe that makes it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from musicedu.errors import Unsatisfiable
from musicedu.exercise.recipe import Grammar
from musicedu.exercise.wish import Wish, bring_to_form, one_of, switch, text, whole, wished
from musicedu.exercise.wishable import ENGINES, MOST_SEED, key_text
from musicedu.generation.accompaniment.styles import STYLES, find_style
from musicedu.melody import Key, Metre
from musicedu.syllabus.levels import level, levels, metre_grid

BARS = (8, 16, 32)
"""8: a question and its answer; 16: AABA in phrases of four measures; 32: AABA in sections of eight."""

LEVELS = tuple(one.number for one in levels() if one.band)
"""The levels that tunes for a band are written at."""

TEMPOS_BPM = range(30, 301)

TUNE, BAND = "The tune", "The band (--no-… leaves a player out)"
"""The groups that wishes are offered in."""


def _listed(choices: Iterable[object]) -> str:
    *others, last = map(str, choices)
    return f"{', '.join(others)} or {last}"


def _read_bars(name: str, value: Any) -> int:
    if value not in BARS or isinstance(value, bool):
        raise Unsatisfiable(f"a piece has {_listed(BARS)} bars, not {value}")
    return int(value)


def _named(name: str, form: Callable[[str], str]) -> Callable[[str, Any], str]:
    """Reads a key or a metre; what is no such thing is said as the parser says it."""

    def read(given: str) -> str:
        try:
            return form(given)
        except ValueError as fault:
            raise Unsatisfiable(f"{name}: {fault}") from None

    return text(read)


def _key(given: str) -> str:
    key = Key.parse(given)
    if key.mode not in ("major", "minor"):
        raise ValueError(f"pieces are in major or minor, not {key.mode}")
    return key_text(key)


def _metre(given: str) -> str:
    return metre_grid(str(Metre.parse(given))).name


def _player() -> Any:
    return wished(True, Wish(read=switch, kind=bool, panel=BAND))


@dataclass(frozen=True)
class PieceWishes:
    """What is asked for.

    engine: a name of `ENGINES`; bars: one of `BARS`; key: `D`, `Bb major`, `A minor`; metre: `4/4`, `3/4`, `6/8` …
    style: a key of `STYLES`, None for the usual one of the metre; tempo_bpm: quarter notes a minute, None for the
    style's. level: how hard the tune is to play, 3 to 7. chords, bass, drums: who plays. seed: which of the many.

    Raises `UnknownName` or `Unsatisfiable`, in one line, for what does not exist or does not go together.

    >>> PieceWishes(key="Bb major", metre="3/4", seed=42).recipe
    'mp1 vae s42 key=Bb metre=3/4'
    """

    engine: str = wished(
        ENGINES[0],
        Wish(read=one_of(ENGINES), kind=str, says=f"{_listed(ENGINES)}.", panel=TUNE, names=lambda: ENGINES),
    )
    bars: int = wished(16, Wish(read=_read_bars, kind=int, says=f"{_listed(BARS)}.", panel=TUNE))
    key: str = wished("C", Wish(read=_named("key", _key), kind=str, says="`G`, `Bb major`, `A minor` …", panel=TUNE))
    metre: str = wished("4/4", Wish(read=_named("metre", _metre), kind=str, says="`4/4`, `3/4`, `6/8` …", panel=TUNE))
    style: str | None = wished(
        None,
        Wish(read=one_of(STYLES), kind=str, says=f"{_listed(STYLES)}.", panel=BAND, names=lambda: STYLES),
    )
    tempo_bpm: int | None = wished(
        None,
        Wish(
            read=whole(TEMPOS_BPM[0], TEMPOS_BPM[-1], "quarter notes a minute"),
            kind=int,
            says="Quarter notes a minute.",
            panel=BAND,
            options=("--tempo",),
        ),
    )
    level: int = wished(
        5,
        Wish(
            read=whole(LEVELS[0], LEVELS[-1], "how hard the tune is to play"),
            kind=int,
            says=f"How hard the tune is to play, {LEVELS[0]} to {LEVELS[-1]}.",
            panel=TUNE,
        ),
    )
    chords: bool = _player()
    bass: bool = _player()
    drums: bool = _player()
    seed: int = wished(0, Wish(read=whole(0, MOST_SEED, "any number"), kind=int))

    def __post_init__(self) -> None:
        bring_to_form(self)
        find_style(self.style, metre_grid(self.metre).metre).groove(metre_grid(self.metre).metre)
        if not any(self.metre in metres_of(number) for number in LEVELS):
            raise Unsatisfiable(
                f"there are no tunes in {self.metre} up to level {LEVELS[-1]}",
                remedy=f"Choose from {', '.join(metres_of(LEVELS[-1]))}",
            )

    @property
    def recipe(self) -> str:
        """The short line that makes the same piece again; `parse_piece_recipe` reads it."""
        return PIECES.format(self)

    @property
    def compose_level(self) -> int:
        """The level the tune is composed at: the one asked for, or the first above it that has the metre."""
        return next((at for at in LEVELS if at >= self.level and self.metre in metres_of(at)), self._easier_level)

    @property
    def _easier_level(self) -> int:
        return next(at for at in reversed(LEVELS) if self.metre in metres_of(at))


def metres_of(number: int) -> tuple[str, ...]:
    """The metres that a level has, by name."""
    return tuple(level(number).metres)


PIECES = Grammar(
    "mp1",
    PieceWishes,
    {"engine": "", "seed": "s"},
    "a recipe of a piece",
    "mp1 vae s42 bars=16 key=D metre=3/4 style=waltz",
)


def parse_piece_recipe(text: str) -> PieceWishes:
    """Read a recipe; `Unsatisfiable` or `UnknownName` says what is wrong with it.

    >>> parse_piece_recipe("mp1 markov s7 bars=8 drums=no").drums
    False
    """
    return PIECES.parse(text)
