"""What the wishes of a specification are made of: the names there are, how each is read, and what the audit draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from musicedu.errors import Unsatisfiable, unknown_name
from musicedu.exercise.wish import Wish, switch, wished
from musicedu.melody import Key
from musicedu.pitch import Spelling
from musicedu.syllabus.instruments import Instrument, instruments
from musicedu.syllabus.levels import FIRST_TO_LAST, Level, cells, level, levels

if TYPE_CHECKING:
    from numpy.random import Generator

ENGINES = ("vae", "gan", "markov")
"""What may propose the notes of an exercise; the first does unless another is asked for."""

FORMS = ("phrase", "period", "aaba", "sequence", "free")
"""phrase: one breath; period: question and answer; aaba; sequence: a motif moved; free: phrase after phrase."""

TOPICS: dict[str, int] = {
    "rests": 0, "ties": 0, "leaps": 0, "accidentals": 0,
    "thirds": 3, "fourths": 4, "fifths": 5, "sixths": 6, "sevenths": 7, "octaves": 8,
}  # fmt: skip
"""What a focus may name besides a rhythm cell; for an interval its diatonic number."""

LANDINGS: dict[str, int] = {
    "sixteenth": 3, "eighth": 6, "dotted-eighth": 9, "quarter": 12, "dotted-quarter": 18, "half": 24,
    "dotted-half": 36, "whole": 48,
}  # fmt: skip
"""The note values that a skip may be told to land on, in ticks."""

MOST_SEED = 2**63 - 1
PIECE, NOTES, SIGNS = "The piece", "Notes and rhythms", "Signs and colours (--no-… leaves them out)"
"""The groups that wishes are offered in."""


def key_text(key: Key) -> str:
    """The short name of a key: `G` for G major, `A minor` in full.

    >>> key_text(Key(1)), key_text(Key(0, "minor"))
    ('G', 'A minor')
    """
    return key.name.removesuffix(" major")


def read_key(given: str) -> str:
    """The short name of a key that exercises can be in; `UnknownName` for another."""
    return _canonical(given, "key", _key_name, _key_choices)


def _key_name(given: str) -> str:
    key = Key.parse(given)
    if key.mode not in ("major", "minor"):
        raise ValueError(f"exercises are in major or minor, not {key.mode}")
    return key_text(key)


def _key_choices() -> tuple[str, ...]:
    majors = dict.fromkeys(key_text(key) for known in instruments().values() for _, key in known.majors)
    return (*majors, *(key_text(key) for key in levels()[-1].minors))


def read_note(given: str) -> str:
    """A written note, as `C#4`; `UnknownName` for what is none."""
    return _canonical(given, "note", lambda name: str(Spelling.parse(name)), lambda: ("C4", "F#5", "Bb3"))


def _canonical(given: str, kind: str, parse: Callable[[str], str], choices: Callable[[], tuple[str, ...]]) -> str:
    try:
        return parse(given)
    except ValueError:
        raise unknown_name(kind, given, choices()) from None


def read_level(name: str, value: Any) -> int:
    """The number of a level."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unsatisfiable(f"level must be a whole number from {FIRST_TO_LAST}, not {value!r}")
    return level(value).number


def check_focus(name: str) -> None:
    """Raise `UnknownName` for what no exercise can focus on."""
    if name not in TOPICS and name not in cells():
        raise unknown_name("focus", name, (*TOPICS, *cells()))


def check_landing(name: str) -> None:
    """Raise `UnknownName` for what is no note value."""
    if name not in LANDINGS:
        raise unknown_name("note value", name, LANDINGS)


def keys_offered(at: Level, player: Instrument) -> tuple[str, ...]:
    """The keys that an instrument has at a level."""
    return tuple(key_text(key) for key in player.keys_at(at.number))


def one_drawn(offered: Callable[[Level, Instrument], tuple[str, ...]]) -> Callable[[Level, Instrument, Generator], str]:
    """Draws one of what is offered."""

    def drawn(at: Level, player: Instrument, rng: Generator) -> str:
        choices = offered(at, player)
        return choices[int(rng.integers(len(choices)))]

    return drawn


def some_drawn(rng: Generator, choices: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Draws some of several names, `most` at most."""
    n_chosen = int(rng.integers(1, min(most, len(choices)) + 1))
    return tuple(str(name) for name in rng.choice(choices, size=n_chosen, replace=False))


def some_cells(at: Level, player: Instrument, rng: Generator) -> tuple[str, ...]:
    """Draws some of a level's rhythm cells."""
    return some_drawn(rng, tuple(cell.name for cell in at.cells), len(at.cells))


def some_focus(at: Level, player: Instrument, rng: Generator) -> tuple[str, ...]:
    """Draws one or two things to focus on."""
    return some_drawn(rng, (*(cell.name for cell in at.cells), *TOPICS), 2)


def some_note(at: Level, player: Instrument, rng: Generator, *, low: bool) -> str:
    """Draws a limit in the lower or the upper half of the compass."""
    lowest, highest = player.compass_at(at.number)
    middle = (lowest.pitch + highest.pitch) // 2
    pitch = int(rng.integers(lowest.pitch, middle + 1) if low else rng.integers(middle, highest.pitch + 1))
    return str(player.majors[0][1].spell(pitch))


def sign(says: str, let_go: int) -> Any:
    """A wish that is insisted on, left out, or left to the level."""
    return wished(
        None, Wish(read=switch, kind=bool, says=says, panel=SIGNS, let_go=let_go, share=0.1, drawn=_seldom_on)
    )


def _seldom_on(at: Level, player: Instrument, rng: Generator) -> bool:
    return bool(rng.random() < 0.3)


def number(read: Callable[[str, Any], int], says: str, panel: str, **more: Any) -> Any:
    """A wish for a whole number."""
    return wished(None, Wish(read=read, kind=int, says=says, panel=panel, **more))
