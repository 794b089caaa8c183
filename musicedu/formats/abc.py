"""ABC, the text notation of folk music: `render_abc` writes a `Melody`, `parse_abc` reads one.

`read_tune` prepares one tune (see `musicedu.formats.abc_prepare`), brings it through music21's token stage, the fast
half of its `converter.parse`, and reads the tokens without a score; importing this module imports music21.

Where music21 10.5 misreads ABC, the text or the tokens are mended, so that `read_tune` differs from `converter.parse`:
accidentals hold to the end of the measure whatever version a file claims (music21 forgets them for files that claim
none), broken rhythm works across a slur, a staccato dot or a grace note (`A>.B`), grace notes take no part in ties and
tuplets, and notes that music21 drops (after `H`, under `">"`) are kept. `read_tokens` of music21's own tokens gives
the converter's notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from music21 import abcFormat

from musicedu.errors import FileProblem
from musicedu.formats.abc_book import Book
from musicedu.formats.abc_prepare import prepare
from musicedu.formats.abc_reader import AbcTune, GraceNote, TuneReader
from musicedu.formats.abc_write import render_abc
from musicedu.formats.reading import ANY_LINE, Choice, Reading
from musicedu.melody import Melody

__all__ = ["parse_abc", "read_abc", "render_abc"]

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_LARGEST_CONTROL_SHARE = 0.05  # from which on it is no text of any program
_LONGEST_BOOK = 20_000_000  # characters; the largest collections of tunes in one file have a few million
_ABC_VERSION = (2, 1, 0)  # accidentals hold to the end of the measure


def parse_abc(text: str, where: str = "", *, tune: int | str | None = None) -> Melody:
    """Read one tune of ABC text; see `read_abc`."""
    return read_abc(text, where, Choice(tune=tune)).melody


def read_abc(text: str, where: str = "", choice: Choice = ANY_LINE) -> Reading:
    r"""Read one tune of ABC text, and say what was chosen, mended or passed over.

    `choice.tune` is the number of an `X:` field or a title, `choice.voice` the name in a `V:` field, a full name or a
    place; `choice.part` means the voice, too. Of several tunes or voices the first is taken, of a chord the top note,
    of a voice overlay the first line. Repeats are read once, as printed; grace notes and lyrics are left out. `where`
    names the source in errors. Raises `FileProblem` in one line for text without notes, for a tune or voice that is
    not there, and for more than can be read.

    >>> reading = read_abc("X:1\nM:3/4\nL:1/4\nK:D\nA|d>e[df]|A2|]")
    >>> [str(note.spelling) for note in reading.melody.notes], reading.melody.anacrusis, reading.notices
    (['A4', 'D5', 'E5', 'F#5', 'A4'], Fraction(1, 1), ('1 chord: the top note is taken',))
    """
    where = where or "ABC text"
    if not text.strip():
        raise FileProblem("is empty", where=where)
    if len(text) > _LONGEST_BOOK:
        raise FileProblem(f"is longer than {_LONGEST_BOOK:,} characters", where=where)
    if len(_CONTROL.findall(text[:4_000])) > _LARGEST_CONTROL_SHARE * len(text[:4_000]):
        raise FileProblem("holds no text", where=where)
    book = Book(text, where)
    place, notices = book.place_of(choice.tune)
    tune_text, said = book.tune(place)
    tune = read_tune(tune_text, where, choice.part if choice.voice is None else choice.voice)
    graces = tune.n_grace_notes
    left_out = (f"{graces:,} grace note{'s are' if graces > 1 else ' is'} left out",) if graces else ()
    part = ("ABC has voices and no parts: --part is taken as --voice",) if choice.part is not None else ()
    if choice.voice is not None and part:
        part = ("ABC has voices and no parts: --part is passed over",)
    return Reading(tune.melody).noting((*notices, *part, *said, *tune.notices, *left_out))


def read_tune(text: str, where: str = "", voice: int | str | None = None) -> AbcTune:
    """Read the text of one tune, of several voices the one that is wanted, else the first.

    Repeats are written once, as printed, endings one after the other; grace notes are dropped; a tie joins two notes of
    one pitch and is nothing otherwise. Raises `FileProblem` for a tune without notes, of too many, or of notes that
    are no pitches.
    """
    prepared = prepare(text, where, voice)
    tune = read_tokens(_tokens_of(prepared.text, where), where)
    notices = (*prepared.notices, *tune.notices)
    return replace(tune, simplified=prepared.simplified, notices=notices)


def read_tokens(tokens: Sequence[abcFormat.ABCToken], where: str = "") -> AbcTune:
    """Make a melody of one tune's processed tokens, in about a millisecond; raises what `read_tune` does."""
    reader = TuneReader(where)
    for token in tokens:
        reader.read(token)
    return reader.tune()


def _tokens_of(text: str, where: str) -> list[abcFormat.ABCToken]:
    handler = abcFormat.ABCHandler(abcVersion=_ABC_VERSION)
    try:
        handler.tokenize(text)
        tokens = _mended(handler.tokens)
        kinds = (abcFormat.ABCNote, abcFormat.ABCMetadata, abcFormat.ABCTuplet)
        handler.tokens = [token for token in tokens if isinstance(token, kinds)]
        handler.tokenProcess()
    except Exception as error:  # music21 raises whatever the text provokes: ValueError, IndexError, its own kinds
        reason = f"{type(error).__name__}: {str(error)[:80]}"
        raise FileProblem(f"is not ABC that can be read ({reason})", where=where) from error
    return tokens


def _mended(tokens: Sequence[abcFormat.ABCToken]) -> list[abcFormat.ABCToken]:
    """Bind broken rhythm to the notes around it, whatever stands between, and bar grace notes from processing."""
    kept: list[abcFormat.ABCToken] = []
    in_grace, last_note, broken = False, None, ""
    for token in tokens:
        if isinstance(token, abcFormat.ABCGraceStart | abcFormat.ABCGraceStop):
            in_grace = isinstance(token, abcFormat.ABCGraceStart)
        elif in_grace:
            if isinstance(token, abcFormat.ABCNote):
                kept.append(GraceNote(token.src))
        elif isinstance(token, abcFormat.ABCBrokenRhythmMarker):
            if last_note is not None:
                broken = token.src.strip()
                last_note.brokenRhythmMarker = (broken, "left")
        else:
            if isinstance(token, abcFormat.ABCNote):
                if broken:
                    token.brokenRhythmMarker = (broken, "right")
                last_note, broken = token, ""
            kept.append(token)
    return kept
