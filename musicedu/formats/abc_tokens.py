"""From ABC text to a `Melody` through music21's ABC tokens: the fast half of `converter.parse`, without a score.

`read_tune` prepares one tune (see `musicedu.formats.abc_prepare`), brings it through music21's token stage and reads
the tokens.

Where music21 10.5 misreads ABC, the text or the tokens are mended, so that `read_tune` differs from `converter.parse`:
accidentals hold to the end of the measure whatever version a file claims (music21 forgets them for files that claim
none), broken rhythm works across a slur, a staccato dot or a grace note (`A>.B`), grace notes take no part in ties and
tuplets, and notes that music21 drops (after `H`, under `">"`) are kept. `read_tokens` of music21's own tokens gives
the converter's notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from music21 import abcFormat

from musicedu.errors import FileProblem
from musicedu.formats.abc_prepare import prepare
from musicedu.formats.abc_reader import AbcTune, GraceNote, TuneReader

_ABC_VERSION = (2, 1, 0)  # accidentals hold to the end of the measure


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
