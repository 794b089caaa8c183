"""Styles: who plays, how fast, and the patterns of drums, chords and bass that make a march a march.

A pattern is a line of characters that divides the measure evenly: `X` a stroke with an accent, `x` a stroke, `o` a
soft one, `-` the note before goes on, `.` silence; `1` to `3` one note of a broken chord, from its lowest. The patterns
are written for this course, after what methods of each style teach first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from musicedu.errors import UnknownName, Unsatisfiable
from musicedu.melody import Metre

Rows = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Groove:
    """How a style goes in one metre.

    chords_per_measure: how often the harmony may change. comp: the pattern of the chords, "" for notes that last as
    long as their chord; bass: the pattern of the bass; drums, fill: rows by the name of the sound, empty for no drums.
    """

    chords_per_measure: int
    comp: str
    bass: str
    drums: Rows = field(default_factory=dict)
    fill: Rows = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Style:
    """A style. bass_kind: `root-fifth`, `roots` or `walking`; programs: General MIDI sounds from 0."""

    name: str
    tempo_bpm: int
    grooves: Mapping[str, Groove]
    bass_kind: str
    melody_program: int
    chords_program: int
    bass_program: int
    swing: Fraction = Fraction(1, 2)
    is_voiced: bool = False

    def groove(self, metre: Metre) -> Groove:
        """How it goes in a metre; `Unsatisfiable` says which metres it has."""
        if self.name == "plain":
            return _plain(metre)
        if str(metre) not in self.grooves:
            others = ", ".join(style.name for style in STYLES.values() if str(metre) in style.grooves)
            raise Unsatisfiable(
                f"a {self.name} is in {' or '.join(self.grooves)}, not in {metre}",
                remedy=f"In {metre} there are: {others + ', ' if others else ''}plain",
            )
        return self.grooves[str(metre)]


_MARCH_4 = Groove(
    2, ".x.x", "x.x.",
    {"kick": "X...x...", "snare": "..xo..xo", "pedal hat": "..x...x."},
    {"kick": "X...x...", "snare": "xoxoXoXo", "crash": "........"},
)  # fmt: skip
_MARCH_2 = Groove(
    1, ".x.x", "x.x.",
    {"kick": "X...x...", "snare": "..xo..xo"},
    {"kick": "X...x...", "snare": "x.xoxoXo"},
)  # fmt: skip
_WALTZ = Groove(
    1, ".xx", "x--",
    {"kick": "X.....", "stick": "..x.x.", "ride": "o.o.o."},
    {"kick": "X.....", "snare": "..x.xx", "ride": "o....."},
)  # fmt: skip
_JIG = Groove(
    2, "x.xx.x", "x--x--",
    {"kick": "X..x..", "tambourine": "xoxxox"},
    {"kick": "X..x..", "tambourine": "xoxxox", "snare": "...xxx"},
)  # fmt: skip
_JIG_9 = Groove(
    1, "x.xx.xx.x", "x--x--x--",
    {"kick": "X..x..x..", "tambourine": "xoxxoxxox"},
    {"kick": "X..x..x..", "tambourine": "xoxxoxxox", "snare": "......xxx"},
)  # fmt: skip
_ROCK = Groove(
    2, "x-.xx-.x", "x.xxx.xx",
    {"kick": "X....x..X.x.....", "snare": "....X.......X...", "closed hat": "x.o.x.o.x.o.x.o."},
    {"kick": "X....x..X.......", "snare": "....X...x.xx....", "high tom": "............xx..",
     "low tom": "..............XX", "closed hat": "x.o.x..........."},
)  # fmt: skip
_SWING = Groove(
    2, "x-----..x-..", "xxxx",
    {"ride": "x..X.xx..X.x", "pedal hat": "...x.....x..", "kick": "o.....o....."},
    {"ride": "x..X........", "pedal hat": "...x.....x..", "snare": "......x.xx.x", "kick": "o..........x"},
)  # fmt: skip
_BALLAD_4 = Groove(
    2, "12321232", "x--.x--.",
    {"kick": "x.....o.", "stick": "....x...", "closed hat": "oooooooo"},
    {"kick": "x.....o.", "stick": "....x...", "closed hat": "oooo....", "mid tom": ".....x..", "low tom": "......xx"},
)  # fmt: skip
_BALLAD_3 = Groove(
    1, "123232", "x----.",
    {"kick": "x.....", "stick": "....x.", "closed hat": "oooooo"},
    {"kick": "x.....", "closed hat": "ooo...", "mid tom": "...x..", "low tom": "....xx"},
)  # fmt: skip
_BALLAD_6 = Groove(
    2, "123123", "x-----",
    {"kick": "x.....", "stick": "...x..", "closed hat": "oooooo"},
    {"kick": "x.....", "stick": "...x..", "closed hat": "ooo...", "low tom": "....xx"},
)  # fmt: skip
_CHORALE = dict.fromkeys(("4/4", "3/4", "2/4", "3/2", "2/2"), Groove(0, "", ""))

STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style("march", 112, {"4/4": _MARCH_4, "2/4": _MARCH_2}, "root-fifth", 73, 60, 58),
        Style("waltz", 144, {"3/4": _WALTZ}, "root-fifth", 40, 0, 32),
        Style("jig", 165, {"6/8": _JIG, "9/8": _JIG_9}, "root-fifth", 73, 24, 32),
        Style("rock", 116, {"4/4": _ROCK}, "roots", 80, 27, 33),
        Style("swing", 138, {"4/4": _SWING}, "walking", 66, 0, 32, swing=Fraction(2, 3)),
        Style("ballad", 76, {"4/4": _BALLAD_4, "3/4": _BALLAD_3, "6/8": _BALLAD_6}, "roots", 71, 0, 32),
        Style("chorale", 80, _CHORALE, "roots", 40, 41, 42, is_voiced=True),
        Style("plain", 100, {}, "roots", 40, 0, 32),
    )
}  # fmt: skip
"""Every style by name. `chorale` has four voices and no drums; `plain` goes in every metre."""

_USUAL = {"3/4": "waltz", "6/8": "jig", "9/8": "jig", "2/4": "march", "4/4": "rock"}


def find_style(name: str | None, metre: Metre) -> Style:
    """The style of a name, or the usual one of a metre; `UnknownName` lists the styles."""
    wanted = _USUAL.get(str(metre), "plain") if name is None else name
    if wanted not in STYLES:
        raise UnknownName(f"no style is called {wanted!r}", remedy=f"Choose from {', '.join(STYLES)}")
    return STYLES[wanted]


def _plain(metre: Metre) -> Groove:
    """One chord a measure, the bass on its beats, a drum on the first beat and a stick on the others."""
    eighths = [int(beat / metre.unit) for beat in metre.beats]
    onsets = [sum(eighths[:index]) for index in range(len(eighths))]
    n = sum(eighths)

    def row(places: list[int], character: str) -> str:
        return "".join(character if place in places else "." for place in range(n))

    drums = {"kick": row([0], "X"), "stick": row(onsets[1:], "x"), "closed hat": "o" * n}
    fill = {"kick": row([0], "X"), "snare": row(onsets[1:], "x"), "low tom": row([n - 1], "x")}
    return Groove(1, "", "".join("x" if place in onsets else "-" for place in range(n)), drums, fill)
