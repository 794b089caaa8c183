"""Hypothesis strategies that several test modules share: melodies with everything a `Melody` can hold."""

from fractions import Fraction
from itertools import accumulate

from hypothesis import strategies as st

from musicedu.melody import (
    ARTICULATIONS,
    DYNAMICS,
    HAIRPINS,
    MODES,
    ORNAMENTS,
    Dynamic,
    Hairpin,
    IrregularAt,
    Key,
    KeyAt,
    Melody,
    Metre,
    MetreAt,
    Note,
    Slur,
    TempoAt,
)
from musicedu.pitch import Spelling

F = Fraction

METRES = ("2/4", "3/4", "4/4", "3/8", "6/8", "9/8", "12/8", "5/8", "5/4", "7/8", "7/4", "2/2")
TRANSPOSITIONS = (0, -2, -9, -7, -12, -14, 3, 12)
TEMPO_WORDS = ("", "Allegro", "Langsam, sehr ruhig", "rit.", "a tempo")

# The durations, in quarter notes, that may fill one felt beat of each length.
_CELLS = {
    F(1): (
        (F(1),),
        (F(1, 2),) * 2,
        (F(3, 4), F(1, 4)),
        (F(1, 4), F(3, 4)),
        (F(1, 4), F(1, 2), F(1, 4)),
        (F(1, 4),) * 4,
        (F(1, 2), F(1, 4), F(1, 4)),
        (F(1, 3),) * 3,
        (F(2, 3), F(1, 3)),
        (F(1, 6),) * 3 + (F(1, 2),),
        (F(1, 8),) * 4 + (F(1, 2),),
    ),
    F(3, 2): (
        (F(3, 2),),
        (F(1, 2),) * 3,
        (F(1), F(1, 2)),
        (F(1, 2), F(1)),
        (F(3, 4), F(1, 4), F(1, 2)),
        (F(1, 4),) * 6,
        (F(3, 4),) * 2,
    ),
    F(2): ((F(2),), (F(3, 2), F(1, 2)), (F(1, 2), F(1), F(1, 2)), (F(2, 3),) * 3, (F(1), F(1)), (F(1, 2),) * 4),
}


def metres() -> st.SearchStrategy[Metre]:
    """Every metre of the ten levels, and two with a grouping of their own."""
    return st.one_of(
        st.sampled_from(METRES).map(Metre.parse), st.sampled_from([Metre(5, 8, (2, 3)), Metre(8, 8, (3, 3, 2))])
    )


def keys() -> st.SearchStrategy[Key]:
    return st.builds(Key, st.integers(-7, 7), st.sampled_from(MODES))


def spellings(lowest: int = 2, highest: int = 6) -> st.SearchStrategy[Spelling]:
    """Any letter and accidental up to the double ones, in the octaves given."""
    return st.builds(Spelling, st.sampled_from("CDEFGAB"), st.integers(-2, 2), st.integers(lowest, highest))


def titles() -> st.SearchStrategy[str]:
    words = st.text(st.characters(categories=("L", "N", "P", "S"), max_codepoint=0xFFFF), min_size=1, max_size=8)
    return st.lists(words, max_size=3).map(" ".join)


@st.composite
def melodies(draw: st.DrawFn, *, with_marks: bool = True, max_measures: int = 5) -> Melody:
    """A melody of up to `max_measures` measures that `musicedu.notation` can write.

    Covers every metre, metre changes at barlines, irregular measures, an anacrusis, ties (by notes over beats and
    barlines), tuplets, rests, spelling up to double accidentals and key changes; `with_marks` adds dynamics, hairpins,
    slurs, marks on notes, tempos, a title and a transposition.
    """
    laid = [draw(metres())]
    for _ in range(draw(st.integers(0, max_measures - 1))):
        laid.append(draw(metres()) if draw(st.integers(0, 4)) == 4 else laid[-1])
    durations, anacrusis = _opening(draw, laid[0])
    barlines, irregular = [anacrusis], []
    for metre in laid:
        beats = draw(_beats(metre, is_first=barlines == [0], is_last=len(barlines) == len(laid)))
        durations += [step for beat in beats for step in _fill(draw, beat)]
        if sum(beats) != metre.duration:
            irregular.append(IrregularAt(barlines[-1], sum(beats, F(0))))
        barlines.append(barlines[-1] + sum(beats))
    notes = draw(_notes(durations))
    changes = [
        (onset, metre) for onset, metre, before in zip(barlines, laid, [None, *laid], strict=False) if metre != before
    ]
    metres_at = tuple(MetreAt(F(0) if rank == 0 else onset, metre) for rank, (onset, metre) in enumerate(changes))
    plain = Melody(
        notes=notes,
        duration=barlines[-1],
        metres=metres_at,
        keys=(KeyAt(F(0), draw(keys())), *_placed(draw, KeyAt, barlines[1:-1], keys())),
        anacrusis=anacrusis,
        irregular=tuple(irregular),
    )
    return draw(_marked(plain, barlines)) if with_marks else plain


@st.composite
def _beats(draw: st.DrawFn, metre: Metre, *, is_first: bool, is_last: bool) -> tuple[F, ...]:
    """The beats of a measure, now and then of an irregular one: one fewer, one more, a unit more, or many more."""
    kind = draw(st.sampled_from(["full"] * 12 + ["short", "long", "unit", "cadenza"]))
    more = metre.beats * draw(st.integers(1, 3)) if kind == "cadenza" else ()
    beats = {
        "full": metre.beats,
        "short": metre.beats[:-1],
        "long": (*metre.beats, metre.beats[0]),
        "unit": (*metre.beats, metre.unit),
        "cadenza": (*metre.beats, *more, metre.beats[0]),
    }[kind]
    length = sum(beats)
    is_one = length and length % metre.duration and (length > metre.duration or not (is_first or is_last))
    return beats if is_one else metre.beats


def _opening(draw: st.DrawFn, metre: Metre) -> tuple[list[F], F]:
    """The durations of an anacrusis of whole beats, or of one unit, or none."""
    kind = draw(st.sampled_from(["none", "none", "beat", "unit"]))
    if kind == "none" or len(metre.beats) == 1:
        return [], F(0)
    if kind == "unit":
        return [metre.unit], metre.unit
    return list(_fill(draw, metre.beats[-1])), metre.beats[-1]


def _fill(draw: st.DrawFn, beat: F) -> tuple[F, ...]:
    return draw(st.sampled_from(_CELLS[beat])) if beat in _CELLS else (beat,)


@st.composite
def _notes(draw: st.DrawFn, durations: list[F]) -> tuple[Note, ...]:
    """Turn a row of durations into notes, rests, and notes that reach over into the next duration."""
    kinds = draw(st.lists(st.sampled_from("nnnnnrt"), min_size=len(durations), max_size=len(durations)))
    pool = draw(st.lists(spellings(), min_size=4, max_size=12))
    notes: list[Note] = []
    for index, (onset, duration) in enumerate(zip(accumulate(durations, initial=F(0)), durations, strict=False)):
        if kinds[index] == "t" and notes and notes[-1].offset == onset:
            notes[-1] = Note(notes[-1].onset, notes[-1].duration + duration, notes[-1].spelling)
        elif kinds[index] != "r":
            notes.append(Note(onset, duration, pool[(index * index) % len(pool)]))
    return tuple(notes)


def _placed(draw: st.DrawFn, kind: type, onsets: list[F], values: st.SearchStrategy) -> tuple:
    """Up to three of `kind` at distinct places among `onsets`."""
    if not onsets:
        return ()
    chosen = draw(st.lists(st.sampled_from(onsets), unique=True, max_size=3))
    return tuple(kind(onset, draw(values)) for onset in sorted(chosen))


@st.composite
def _marked(draw: st.DrawFn, plain: Melody, barlines: list[F]) -> Melody:
    onsets = [note.onset for note in plain.notes]
    anywhere = sorted({*onsets, *(F(step, 2) for step in range(int(plain.duration * 2)))})
    all_marks = st.frozensets(st.sampled_from(ARTICULATIONS + ORNAMENTS), max_size=2)
    marked = draw(st.lists(all_marks, min_size=len(onsets), max_size=len(onsets)))
    notes = [Note(note.onset, note.duration, note.spelling, m) for note, m in zip(plain.notes, marked, strict=True)]
    spans = sorted(draw(st.sets(st.sampled_from(anywhere), max_size=4)))
    hairpins = [Hairpin(a, b, draw(st.sampled_from(HAIRPINS))) for a, b in zip(spans[::2], spans[1::2], strict=False)]
    ends = sorted(draw(st.sets(st.sampled_from(onsets), max_size=6))) if onsets else []
    slurs = [Slur(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False)]
    tempos = []
    for rank, onset in enumerate([F(0), *barlines[1:-1]][: draw(st.integers(0, 2))]):
        bpm = F(draw(st.integers(20, 300)), draw(st.sampled_from([1, 2, 3])))
        tempos.append(TempoAt(onset, bpm, draw(st.sampled_from(TEMPO_WORDS[: 3 if rank == 0 else 5]))))
    return Melody(
        notes=tuple(notes),
        duration=plain.duration,
        metres=plain.metres,
        keys=plain.keys,
        anacrusis=plain.anacrusis,
        tempos=tuple(tempos),
        dynamics=_placed(draw, Dynamic, anywhere, st.sampled_from(DYNAMICS)),
        hairpins=tuple(hairpins),
        slurs=tuple(slurs),
        title=draw(titles()),
        irregular=plain.irregular,
        transposition=draw(st.sampled_from(TRANSPOSITIONS)),
    )
