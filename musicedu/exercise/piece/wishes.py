"""What a piece is asked to be, and the recipe that makes it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from musicedu.errors import Unsatisfiable, unknown_name
from musicedu.exercise.engines import ENGINES
from musicedu.exercise.recipe import is_whole_number
from musicedu.exercise.specification import key_text
from musicedu.generation.accompaniment.styles import STYLES, find_style
from musicedu.melody import Key, Metre
from musicedu.syllabus.levels import level, metre_grid

RECIPE_VERSION = "mp1"
BARS = (8, 16, 32)
"""8: a question and its answer; 16: AABA in phrases of four measures; 32: AABA in sections of eight."""

LEVELS = range(3, 8)
TEMPOS_BPM = range(30, 301)
_MOST_SEED = 2**63 - 1
_SHAPE = "a recipe reads like: mp1 vae s42 bars=16 key=D metre=3/4 style=waltz"


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

    engine: str = ENGINES[0]
    bars: int = 16
    key: str = "C"
    metre: str = "4/4"
    style: str | None = None
    tempo_bpm: int | None = None
    level: int = 5
    chords: bool = True
    bass: bool = True
    drums: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise unknown_name("engine", str(self.engine), ENGINES)
        if self.bars not in BARS:
            raise Unsatisfiable(f"a piece has {', '.join(map(str, BARS[:-1]))} or {BARS[-1]} bars, not {self.bars}")
        object.__setattr__(self, "key", key_text(_read("key", self.key, _plain_key)))
        grid = metre_grid(str(_read("metre", self.metre, Metre.parse)))
        object.__setattr__(self, "metre", grid.name)
        if self.style is not None and self.style not in STYLES:
            raise unknown_name("style", str(self.style), STYLES)
        find_style(self.style, grid.metre).groove(grid.metre)
        _check_number("tempo_bpm", self.tempo_bpm, TEMPOS_BPM, "quarter notes a minute")
        _check_number("level", self.level, LEVELS, "how hard the tune is to play")
        if not any(grid.name in metres_of(number) for number in LEVELS):
            raise Unsatisfiable(
                f"there are no tunes in {grid.name} up to level {LEVELS[-1]}",
                remedy=f"Choose from {', '.join(metres_of(LEVELS[-1]))}",
            )
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or not 0 <= self.seed <= _MOST_SEED:
            raise Unsatisfiable(f"seed must be a whole number of 0 or more, not {self.seed!r}")

    @property
    def recipe(self) -> str:
        """The short line that makes the same piece again; `parse_piece_recipe` reads it."""
        plain = PieceWishes(engine=self.engine, seed=self.seed)
        words = [
            f"{field.name}={_text(getattr(self, field.name))}"
            for field in fields(self)
            if field.name not in ("engine", "seed") and getattr(self, field.name) != getattr(plain, field.name)
        ]
        return " ".join([RECIPE_VERSION, self.engine, f"s{self.seed}", *words])

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


def parse_piece_recipe(text: str) -> PieceWishes:
    """Read a recipe; `Unsatisfiable` or `UnknownName` says what is wrong with it.

    >>> parse_piece_recipe("mp1 markov s7 bars=8 drums=no").drums
    False
    """
    words = text.split()
    if len(words) < 3 or not words[0].startswith("mp") or not (words[2][:1] == "s" and is_whole_number(words[2][1:])):
        raise Unsatisfiable(f"not a recipe of a piece: {text.strip()[:80]!r}", remedy=_SHAPE)
    if words[0] != RECIPE_VERSION:
        raise Unsatisfiable(
            f"the recipe is of version {words[0]}, this musicedu reads {RECIPE_VERSION}",
            remedy="Use the version of musicedu that printed it",
        )
    wishes: dict[str, Any] = {}
    for word in words[3:]:
        name, value = _wish(word)
        if name in wishes:
            raise Unsatisfiable(f"the recipe has {name} twice: {text.strip()[:80]!r}", remedy=_SHAPE)
        wishes[name] = value
    return PieceWishes(engine=words[1], seed=int(words[2][1:]), **wishes)


def _wish(word: str) -> tuple[str, Any]:
    name, equals, value = word.partition("=")
    kinds = {field.name: str(field.type) for field in fields(PieceWishes) if field.name not in ("engine", "seed")}
    if name not in kinds:
        raise unknown_name("wish in the recipe", name, kinds)
    if not equals or not value:
        raise Unsatisfiable(f"the recipe's {name} has no value", remedy=_SHAPE)
    if "bool" in kinds[name]:
        if value not in ("yes", "no"):
            raise Unsatisfiable(f"the recipe's {name} must be yes or no, not {value!r}")
        return name, value == "yes"
    if "int" in kinds[name]:
        if not (value.isascii() and value.isdecimal()):
            raise Unsatisfiable(f"the recipe's {name} must be a whole number, not {value!r}")
        return name, int(value)
    return name, value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace(" minor", "m")


def _plain_key(text: str) -> Key:
    key = Key.parse(text)
    if key.mode not in ("major", "minor"):
        raise ValueError(f"pieces are in major or minor, not {key.mode}")
    return key


def _read(name: str, text: Any, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(str(text))
    except ValueError as fault:
        raise Unsatisfiable(f"{name}: {fault}") from None


def _check_number(name: str, value: object, bounds: range, meaning: str) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value not in bounds):
        raise Unsatisfiable(
            f"{name} must be a whole number from {bounds[0]} to {bounds[-1]} ({meaning}), not {value!r}"
        )
