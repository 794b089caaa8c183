"""The marks of an ABC tune: decorations, dynamics, hairpins, slurs and tempos, gathered while its notes are read."""

from __future__ import annotations

from fractions import Fraction

from musicedu.melody import DYNAMICS, Dynamic, Hairpin, Slur, TempoAt

MARK_OF_DECORATION = {
    "staccato": "staccato", "tenuto": "tenuto", "accent": "accent", "emphasis": "accent", ">": "accent",
    "marcato": "marcato", "^": "marcato", "fermata": "fermata", "invertedfermata": "fermata", "trill": "trill",
    "mordent": "mordent", "lowermordent": "mordent", "uppermordent": "inverted-mordent",
    "pralltriller": "inverted-mordent", "turn": "turn",
}  # fmt: skip
"""The mark of a note for each decoration of the ABC standard 2.1 (section 4.14) that has one."""

_NEAREST_DYNAMIC = {"pppp": "pp", "ppp": "pp", "fff": "ff", "ffff": "ff"}
_HAIRPIN_STARTS = {"crescendo(": "crescendo", "<(": "crescendo", "diminuendo(": "diminuendo", ">(": "diminuendo"}
_HAIRPIN_ENDS = {"crescendo)": "crescendo", "<)": "crescendo", "diminuendo)": "diminuendo", ">)": "diminuendo"}


def is_decoration(name: str) -> bool:
    """Whether `!name!` is a mark, a dynamic or an end of a hairpin that a melody holds."""
    return name in (*MARK_OF_DECORATION, *DYNAMICS, *_NEAREST_DYNAMIC, *_HAIRPIN_STARTS, *_HAIRPIN_ENDS)


class Marks:
    """What has been heard so far about marks; each method is told where the reading stands."""

    def __init__(self) -> None:
        self._waiting: set[str] = set()
        self._open_slurs: list[Fraction | None] = []
        self._open_hairpins: dict[str, Fraction] = {}
        self._slurs: list[Slur] = []
        self._hairpins: list[Hairpin] = []
        self._dynamics: dict[Fraction, str] = {}
        self._tempos: dict[Fraction, TempoAt] = {}

    def decorate(self, name: str, position: Fraction) -> None:
        """Take in a decoration that stands before the note at `position`; unknown ones are passed over."""
        if name in MARK_OF_DECORATION:
            self._waiting.add(MARK_OF_DECORATION[name])
        elif name in DYNAMICS or name in _NEAREST_DYNAMIC:
            self._dynamics[position] = _NEAREST_DYNAMIC.get(name, name)
        elif name in _HAIRPIN_STARTS:
            self._open_hairpins[_HAIRPIN_STARTS[name]] = position
        elif name in _HAIRPIN_ENDS:
            onset = self._open_hairpins.pop(_HAIRPIN_ENDS[name], position)
            if onset < position:
                self._hairpins.append(Hairpin(onset, position, _HAIRPIN_ENDS[name]))

    def change_tempo(self, tempo_bpm: Fraction, words: str, position: Fraction) -> None:
        self._tempos[position] = TempoAt(position, tempo_bpm, words)

    def open_slur(self) -> None:
        self._open_slurs.append(None)

    def close_slur(self, last_onset: Fraction) -> None:
        """End the slur that opened last, of those that began before this note: `(A (B) C)` is two in a row."""
        begun = [onset for onset in self._open_slurs if onset is not None and onset < last_onset]
        if begun:
            self._open_slurs.remove(begun[-1])
            self._slurs.append(Slur(begun[-1], last_onset))
        elif self._open_slurs:
            self._open_slurs.pop()

    def begin_note(self, position: Fraction) -> frozenset[str]:
        """Take the marks of a note that begins here; slurs that have just opened begin with it."""
        self._open_slurs = [position if onset is None else onset for onset in self._open_slurs]
        return self.continue_note()

    def continue_note(self) -> frozenset[str]:
        """Take the marks that stand on a note's tied continuation."""
        waiting, self._waiting = frozenset(self._waiting), set()
        return waiting

    def begin_rest(self, position: Fraction) -> None:
        """A rest takes no marks: what was meant for it is dropped."""
        self._waiting.clear()

    def tempos(self, end: Fraction) -> tuple[TempoAt, ...]:
        return tuple(self._tempos[onset] for onset in sorted(self._tempos) if onset < end)

    def dynamics(self, end: Fraction) -> tuple[Dynamic, ...]:
        return tuple(Dynamic(onset, self._dynamics[onset]) for onset in sorted(self._dynamics) if onset < end)

    def hairpins(self, end: Fraction) -> tuple[Hairpin, ...]:
        left_open = [Hairpin(onset, end, kind) for kind, onset in self._open_hairpins.items() if onset < end]
        return tuple(sorted(self._hairpins + left_open, key=lambda hairpin: (hairpin.onset, hairpin.offset)))

    def slurs(self) -> tuple[Slur, ...]:
        return tuple(sorted(self._slurs, key=lambda slur: (slur.onset, slur.last_onset)))
