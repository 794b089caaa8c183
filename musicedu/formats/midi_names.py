"""Names in MIDI files: text in whatever code page its program wrote it in, and what the General MIDI programs are."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_NAMES = (
    "Piano;Bright piano;Electric grand piano;Honky-tonk piano;Electric piano;Electric piano 2;Harpsichord;Clavinet;"
    "Celesta;Glockenspiel;Music box;Vibraphone;Marimba;Xylophone;Tubular bells;Dulcimer;"
    "Drawbar organ;Percussive organ;Rock organ;Church organ;Reed organ;Accordion;Harmonica;Bandoneon;"
    "Nylon guitar;Steel guitar;Jazz guitar;Clean guitar;Muted guitar;Overdriven guitar;Distorted guitar;Harmonics;"
    "Acoustic bass;Finger bass;Pick bass;Fretless bass;Slap bass;Slap bass 2;Synth bass;Synth bass 2;"
    "Violin;Viola;Cello;Contrabass;Tremolo strings;Pizzicato strings;Harp;Timpani;"
    "String ensemble;Slow strings;Synth strings;Synth strings 2;Choir;Voice oohs;Synth voice;Orchestra hit;"
    "Trumpet;Trombone;Tuba;Muted trumpet;French horn;Brass section;Synth brass;Synth brass 2;"
    "Soprano sax;Alto sax;Tenor sax;Baritone sax;Oboe;English horn;Bassoon;Clarinet;"
    "Piccolo;Flute;Recorder;Pan flute;Bottle;Shakuhachi;Whistle;Ocarina;"
    "Square lead;Saw lead;Calliope lead;Chiff lead;Charang;Voice lead;Fifths lead;Bass and lead;"
    "New age pad;Warm pad;Polysynth pad;Choir pad;Bowed pad;Metallic pad;Halo pad;Sweep pad;"
    "Rain;Soundtrack;Crystal;Atmosphere;Brightness;Goblins;Echoes;Sci-fi;"
    "Sitar;Banjo;Shamisen;Koto;Kalimba;Bagpipe;Fiddle;Shanai;"
    "Tinkle bell;Agogo;Steel drums;Woodblock;Taiko;Melodic tom;Synth drum;Reverse cymbal;"
    "Fret noise;Breath noise;Seashore;Bird;Telephone;Helicopter;Applause;Gunshot"
)
_INSTRUMENTS = _NAMES.split(";")

_LONGEST = 1000  # bytes of a name
_CYRILLIC_WORD = re.compile(rb"(?<![A-Za-z])[\xc0-\xff\xa8\xb8]{3,}(?![A-Za-z])")


def instrument_name(program: int) -> str:
    """What General MIDI calls a program, from 0 to 127, in short.

    >>> instrument_name(73)
    'Flute'
    """
    return _INSTRUMENTS[program]


def decode_text(data: bytes) -> str:
    """The text of an event, on one line and without control characters.

    MIDI does not say in which code page a text is: UTF-8 if it can be; Shift-JIS if that gives Japanese, Windows-1251
    if that gives Russian words, else Windows-1252, as in western Europe.

    >>> decode_text("Für Elise".encode("latin-1")), decode_text("さくら".encode("shift-jis"))
    ('Für Elise', 'さくら')
    """
    data = data[:_LONGEST]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _clean(data.decode("utf-16", errors="replace"))
    try:
        return _clean(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    japanese = data.decode("cp932", errors="replace")
    if _is_japanese(japanese):
        return _clean(japanese)
    return _clean(data.decode("cp1251" if _CYRILLIC_WORD.search(data) else "cp1252", errors="replace"))


def _is_japanese(text: str) -> bool:
    """Whether a text holds two kana or kanji side by side: one alone may be an accent and the letter after it."""
    wide = [unicodedata.category(letter) == "Lo" and unicodedata.east_asian_width(letter) == "W" for letter in text]
    sides = any(first and second for first, second in pairwise(wide))
    return sides and not any(letter == "�" or unicodedata.category(letter) == "Co" for letter in text)


def _clean(text: str) -> str:
    plain = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)
    return " ".join(plain.split())
