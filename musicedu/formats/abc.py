"""ABC, the text notation of folk music: `render_abc` writes a `Melody`, `parse_abc` reads one.

Reading goes through music21's tokenizer (see `musicedu.formats.abc_tokens` for where it is mended); importing this
module imports music21.
"""

from __future__ import annotations

from musicedu.errors import FileProblem
from musicedu.formats.abc_tokens import read_tune, tunes_of
from musicedu.formats.abc_write import render_abc
from musicedu.formats.reading import ANY_LINE, Choice, Reading
from musicedu.melody import Melody

__all__ = ["parse_abc", "read_abc", "render_abc"]

_LONGEST_BOOK = 20_000_000  # characters; the largest collections of tunes in one file have a few million
_LONGEST_TUNE = 100_000


def parse_abc(text: str, where: str = "", *, tune: int | str | None = None) -> Melody:
    """Read one tune of ABC text; see `read_abc`."""
    return read_abc(text, where, Choice(tune=tune)).melody


def read_abc(text: str, where: str = "", choice: Choice = ANY_LINE) -> Reading:
    r"""Read one tune of ABC text, and say what was chosen or mended.

    `choice.tune` (the `X:` field) chooses a tune where the text holds several; `where` names the source in errors.
    Repeats are read once, as printed; grace notes and lyrics are left out. A measure that does not fill its metre
    is an irregular one. Raises `FileProblem` in one line if there is no tune, if there are several and no number,
    or if the tune has no metre, chords or several voices.

    >>> melody = parse_abc("X:1\nM:3/4\nL:1/4\nK:D\nA|d>ef|A2|]")
    >>> [str(note.spelling) for note in melody.notes], melody.anacrusis
    (['A4', 'D5', 'E5', 'F#5', 'A4'], Fraction(1, 1))
    """
    if not text.strip():
        raise FileProblem("is empty", where=where or "ABC text")
    if len(text) > _LONGEST_BOOK:
        raise FileProblem(f"is longer than {_LONGEST_BOOK:,} characters", where=where or "ABC text")
    tunes = [
        (reference, tune) for reference, tune in tunes_of(text) if choice.tune is None or reference == str(choice.tune)
    ]
    if not tunes:
        raise FileProblem(f"holds no tune number {choice.tune}", where=where or "ABC text")
    if len(tunes) > 1:
        known = ", ".join(reference for reference, _ in tunes[:5])
        raise FileProblem(
            f"holds {len(tunes)} tunes (X:{known}{', …' if len(tunes) > 5 else ''})",
            where=where or "ABC text",
            remedy="Keep one of them in a file of its own.",
        )
    if len(tunes[0][1]) > _LONGEST_TUNE:
        raise FileProblem(f"holds a tune of more than {_LONGEST_TUNE:,} characters", where=where or "ABC text")
    read = read_tune(tunes[0][1], where)
    return Reading(read.melody, read.notices)
