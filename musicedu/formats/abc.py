"""ABC, the text notation of folk music: `render_abc` writes a `Melody`, `parse_abc` reads one.

Reading goes through music21's tokenizer (see `musicedu.formats.abc_tokens` for where it is mended); importing this
module imports music21.
"""

from __future__ import annotations

import re

from musicedu.errors import FileProblem
from musicedu.formats.abc_book import Book
from musicedu.formats.abc_tokens import read_tune
from musicedu.formats.abc_write import render_abc
from musicedu.formats.reading import ANY_LINE, Choice, Reading
from musicedu.melody import Melody

__all__ = ["parse_abc", "read_abc", "render_abc"]

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_LARGEST_CONTROL_SHARE = 0.05  # from which on it is no text of any program
_LONGEST_BOOK = 20_000_000  # characters; the largest collections of tunes in one file have a few million


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
