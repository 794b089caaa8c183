"""Telling lines of ABC music from words for people, by the letters that are no signs of music."""

from __future__ import annotations

import re

ALIEN = r"[^\W\d_A-GHJ-MO-PR-VXZa-gkuvxyz]"  # letters that are neither notes nor signs of notes
TAME = r"[A-GHJ-MO-PR-VXZa-gkuvxyz]"
"""Letters that are no signs of music, and those that are: notes, rests, and signs that stand before notes."""

_NO_NOTES = re.compile(r'"[^"]*"|![^!\s]{1,32}!|\[[A-Za-z]:[^\]]{0,300}\]|%.*')


def is_prose(line: str) -> bool:
    """Whether a line is words for people and no music.

    >>> is_prose("Played at a session in Ennis."), is_prose("d2fA BAFA|~B3A Beed|"), is_prose('"Am"A2 (3cBA kd')
    (True, False, False)
    """
    plain = _NO_NOTES.sub(" ", line)
    if "://" in plain or re.search(r"\w@\w+\.", plain):
        return True
    words = re.findall(r"[^\W\d_]+", plain)
    strange = [word for word in words if len(word) > 1 and re.search(ALIEN, word)]
    n_strange = sum(len(re.findall(ALIEN, word)) for word in words)
    if "|" in plain:
        return len(strange) >= 3 and n_strange >= 0.3 * sum(map(len, words))
    return n_strange >= 2 and 2 * len(strange) >= len(words)


def is_music(line: str) -> bool:
    """Whether a line is music without a doubt: a barline, some notes, and no words.

    >>> is_music("d2fA BAFA|"), is_music("Play it twice |"), is_music("A bad egg")
    (True, False, False)
    """
    plain = _NO_NOTES.sub(" ", line)
    return "|" in plain and len(re.findall(r"[A-Ga-g]", plain)) >= 3 and not re.search(rf"{ALIEN}{ALIEN}", plain)
