"""What holds for all tracks of a MIDI file: metres, keys and tempos, without the nonsense that programs put there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from musicedu.errors import FileProblem
from musicedu.formats.barlines import Layout, lay_measures
from musicedu.formats.midi_events import MidiFile
from musicedu.formats.midi_write import NO_ANACRUSIS, microseconds_a_quarter
from musicedu.harmony.tonality import estimate_melody_key, is_surely_minor
from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt, TempoAt

_NEAR_BARLINE = Fraction(1, 8)  # quarter notes: a metre so near to a barline begins there
_MOST_MEASURES = 10_000
_MOST_KEYS = _MOST_METRES = 1000
_MOST_TEMPOS = 500
_FASTEST = 60_000_000 / 1000  # microseconds a quarter
_MANY, _FEW = 0.12, 0.04  # of the time outside a scale
_ENOUGH = 8  # notes that can speak against a key that is given


def layout_of(midi: MidiFile, end: Fraction, where: str, *, is_trusted: bool) -> tuple[Layout, tuple[str, ...]]:
    """The measures, and what was passed over; an anacrusis is a first measure shorter than the next.

    A file that is not trusted may give a metre a little off its barline.
    """
    declared, notices = _declared(midi, end, is_trusted=is_trusted)
    if len(declared) > _MOST_METRES:
        raise _too_many("changes of metre", len(declared), _MOST_METRES, where)
    stops = [*(change.onset for change in declared[1:]), end]
    n_measures = sum(
        (stop - change.onset) / change.metre.duration for change, stop in zip(declared, stops, strict=True)
    )
    if n_measures > _MOST_MEASURES:
        raise _too_many("measures", int(n_measures), _MOST_MEASURES, where)
    first, second = declared[0], declared[1] if len(declared) > 1 else None
    follows = second is not None and first.metre.duration == second.onset < second.metre.duration
    if second is not None and follows and midi.markers.get(0) != NO_ANACRUSIS:
        laid = lay_measures(declared[1:], [], end)
        metres = (MetreAt(Fraction(0), laid.metres[0].metre), *laid.metres[1:])
        return replace(laid, metres=metres, anacrusis=second.onset), notices
    return lay_measures(declared, [], end), notices


def _declared(midi: MidiFile, end: Fraction, *, is_trusted: bool) -> tuple[list[MetreAt], tuple[str, ...]]:
    declared: list[MetreAt] = []
    passed: dict[str, None] = {}
    for tick, (numerator, power) in sorted(midi.metres.items()):
        try:
            metre = Metre(numerator, 2 ** min(power, 16))
        except ValueError:
            below = str(2**power) if power < 16 else f"2^{power}"
            passed[f"{numerator}/{below}"] = None
            continue
        onset = Fraction(tick, midi.ticks_per_quarter)
        onset = onset if is_trusted else _barline(onset, declared)
        if declared and declared[-1].onset == onset:
            declared.pop()
        if onset < end:
            declared.append(MetreAt(onset, metre))
    if not declared or declared[0].onset:
        declared.insert(0, MetreAt(Fraction(0), Metre(4, 4)))
    named = ", ".join(list(passed)[:3])
    return declared, (f"Passed over the metre {named}, which is none",) if passed else ()


def _barline(onset: Fraction, declared: Sequence[MetreAt]) -> Fraction:
    """Where a metre begins: at a barline of the one before it, if that is near."""
    if not declared:
        return Fraction(0) if onset < _NEAR_BARLINE else onset
    before = declared[-1]
    measure = before.metre.duration
    nearest = before.onset + round((onset - before.onset) / measure) * measure
    return nearest if abs(onset - nearest) <= _NEAR_BARLINE else Fraction(round(onset * 8), 8)


def end_of(sounding: Fraction, layout: Layout) -> Fraction:
    """Where a melody ends whose notes are nowhere told to stop: at the end of the last measure with a note."""
    anacrusis = layout.anacrusis
    last = Melody((), sounding, layout.metres, anacrusis=anacrusis, irregular=layout.irregular).measures[-1]
    if not last.number:
        return last.offset
    full = last.onset + last.metre.duration
    return full - anacrusis if anacrusis and sounding <= full - anacrusis else full


def keys_of(
    midi: MidiFile, end: Fraction, pitches: Sequence[int], spans: Sequence[tuple[Fraction, Fraction]],
    where: str, *, is_trusted: bool,
) -> tuple[tuple[KeyAt, ...], tuple[str, ...]]:  # fmt: skip
    """The keys, and what is to be said of them; pitches and spans: of the notes.

    Without one it is estimated. A file that is not trusted may say "major" of a tune in the relative minor, or C major
    of any, as programs do that ask for no key: there the notes decide.
    """
    changes: list[KeyAt] = []
    passed = False
    for tick, (sharps, mode) in sorted(midi.keys.items()):
        if not -7 <= sharps <= 7:
            passed = True
            continue
        onset, key = Fraction(tick, midi.ticks_per_quarter), Key(sharps, "minor" if mode == 1 else "major")
        if onset < end and (not changes or changes[-1].key != key or is_trusted):
            changes.append(KeyAt(onset, key))
    if len(changes) > _MOST_KEYS:
        raise _too_many("changes of key", len(changes), _MOST_KEYS, where)
    notices = ["Passed over a key signature that has more than 7 sharps or flats"] if passed else []
    durations = [offset - onset for onset, offset in spans]
    if not changes:
        key = estimate_melody_key(pitches, durations)
        return (KeyAt(Fraction(0), key),), (*notices, f"It names no key: {key.name}, by its notes")
    if changes[0].onset and changes[0].onset <= spans[0][0]:
        changes[0] = KeyAt(Fraction(0), changes[0].key)
    elif changes[0].onset:
        changes.insert(0, KeyAt(Fraction(0), Key(0)))
    if len(changes) == 1 and not is_trusted and len(pitches) >= _ENOUGH:
        given = changes[0].key
        meant = _meant(given, pitches, durations)
        if meant != given:
            changes = [KeyAt(Fraction(0), meant)]
            notices.append(f"It says {given.name}, and its notes say {meant.name}: taken as {meant.name}")
    return tuple(changes), tuple(notices)


def _meant(given: Key, pitches: Sequence[int], durations: Sequence[Fraction]) -> Key:
    if given == Key(0):
        found = estimate_melody_key(pitches, durations)
        if _outside(given, pitches, durations) > _MANY and _outside(found, pitches, durations) < _FEW:
            return found
    if given.mode == "major" and is_surely_minor(pitches, durations, given.fifths):
        return Key(given.fifths, "minor")
    return given


def _outside(key: Key, pitches: Sequence[int], durations: Sequence[Fraction]) -> float:
    """The share of the time that is outside the scale of a key; a raised seventh of minor is inside."""
    scale = key.scale | ({(key.tonic_pitch_class - 1) % 12} if key.is_minor else set())
    outside = sum(each for pitch, each in zip(pitches, durations, strict=True) if pitch % 12 not in scale)
    return float(outside / sum(durations))


def key_at(keys: Sequence[KeyAt], onsets: Sequence[Fraction], onset: Fraction) -> Key:
    """The key that holds at an onset; onsets: those of the keys."""
    return keys[bisect_right(onsets, onset) - 1].key


def sensible_tempos(midi: MidiFile) -> tuple[list[tuple[int, int]], tuple[str, ...]]:
    """The tempos in order, a tick and the microseconds a quarter note each, and what was passed over."""
    tempos = [(tick, tempo) for tick, tempo in sorted(midi.tempos.items()) if tempo > _FASTEST]
    passed = len(tempos) < len(midi.tempos)
    return tempos, ("Passed over a tempo faster than 1,000 quarter notes a minute",) if passed else ()


def tempos_of(midi: MidiFile, end: Fraction) -> tuple[tuple[TempoAt, ...], tuple[str, ...]]:
    """The tempos, each where it changes, and what was passed over; of hundreds only the first, as they are played."""
    tempos, notices = sensible_tempos(midi)
    changes = [(tick, tempo) for tick, tempo in tempos if Fraction(tick, midi.ticks_per_quarter) < end]
    if len(changes) > _MOST_TEMPOS:
        notices = (*notices, f"Of {len(changes):,} changes of tempo, as played, the first is kept")
        changes = changes[:1]
    return tuple(
        TempoAt(Fraction(tick, midi.ticks_per_quarter), _plain_tempo(tempo)) for tick, tempo in changes
    ), notices


@lru_cache(maxsize=1024)
def _plain_tempo(microseconds: int) -> Fraction:
    """The simplest tempo that MIDI would store as this many microseconds a quarter note."""
    exact = Fraction(60_000_000, microseconds)
    for denominator in range(1, 101):
        tempo_bpm = Fraction(round(exact * denominator), denominator)
        if tempo_bpm > 0 and microseconds_a_quarter(tempo_bpm) == microseconds:
            return tempo_bpm
    return exact


def _too_many(what: str, count: int, most: int, where: str) -> FileProblem:
    return FileProblem(f"has {count:,} {what}; {most:,} can be read", where=where, remedy="Export the melody alone.")
