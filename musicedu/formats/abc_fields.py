"""The values of ABC fields that a `Melody` holds: metre (`M:`), unit note length (`L:`), key (`K:`), tempo (`Q:`).

Each reader gives None for a value that says nothing it knows; who asks says what was passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from musicedu.errors import FileProblem
from musicedu.melody import MODES, Key, Metre

_LONGEST_SHOWN = 40
_METRE_NAMES = {"c": Metre(4, 4), "c|": Metre(2, 2), "¢": Metre(2, 2)}
_METRE = re.compile(r"(?:FREI)?\s*(\(?\d{1,3}(?:\s*\+\s*\d{1,3}){0,15}\)?)\s*/\s*(\d{1,3})(?!\d)")
_METRE_SUM = re.compile(r"\d{1,3}\s*/\s*(\d{1,3})(?:\s*\+\s*\d{1,3}\s*/\s*\1(?!\d)){1,15}")
_KEY = re.compile(r"([A-Ga-g])([#b]?)\s*([A-Za-z]*)")
_PIPES = re.compile(r"H[Pp]\b")
_MODES = {
    "": "major", "maj": "major", "ion": "major", "m": "minor", "min": "minor", "aeo": "minor", "dor": "dorian",
    "phr": "phrygian", "lyd": "lydian", "mix": "mixolydian", "loc": "locrian",
}  # fmt: skip
_NO_MODE = ("clef", "treble", "bass", "alto", "tenor", "perc", "transpose", "octave", "middle", "exp", "none", "octav")
_SINGLE = re.compile(r"(\^\^|__|[\^_=])([A-Ga-g])(?![A-Za-z])")
_OTHER_SETTING = re.compile(r"\b(?:clef|middle|m|t|octave|transpose|score|sound|shift|s?nm|s?name|staff\w+|style)=\S+")
_ALTERS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
_SETTING = re.compile(r"\b(transpose|octave)=\s*([+-]?\d{1,2})\b")
_TEMPO = re.compile(
    r"(?P<units>\d{1,3}/\d{1,3}(?:\s+\d{1,3}/\d{1,3}){0,7})\s*=\s*[^\d\-]{0,12}(?P<count>\d{1,4}(?:[.,]\d{1,3})?)(?!\d)"
)
_UNIT_TEMPO = re.compile(r"[Cc](?P<units>\d{0,2})\s*=\s*[^\d\-]{0,12}(?P<count>\d{1,4}(?:[.,]\d{1,3})?)(?!\d)")
_PLAIN_TEMPO = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?")
_NOTE_SIGNS = {"♩.": "3/8", "𝅘𝅥.": "3/8", "♪.": "3/16", "♩": "1/4", "𝅘𝅥": "1/4", "𝅗𝅥": "1/2", "♪": "1/8"}


@dataclass(frozen=True, slots=True)
class KeyField:
    """What a `K:` field says: a key, notes that sound otherwise than its signature, and settings of the staff.

    `alters` gives semitones by letter; `octave` moves what is written; `is_certain` is false where the words of the
    field name no key that is known.
    """

    key: Key
    alters: tuple[tuple[str, int], ...] = ()
    transposition: int = 0
    octave: int = 0
    is_certain: bool = True


def shown(value: str) -> str:
    """A value as a message quotes it: in one line, without control characters, shortened.

    >>> shown("9" * 100)
    "'9999999999999999999999999999999999999999…'"
    """
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in value[:400]).split())
    return f"'{line[:_LONGEST_SHOWN]}…'" if len(line) > _LONGEST_SHOWN else f"'{line}'"


def metre_of(value: str) -> Metre | None:
    """Read the value of an `M:` field; None if it says that there is no metre, or says nothing that is one.

    Raises `ValueError` for a metre that no `Melody` has.

    >>> metre_of("C|"), metre_of("none"), metre_of("2+3/8")
    (Metre(numerator=2, denominator=2, groups=()), None, Metre(numerator=5, denominator=8, groups=(2, 3)))
    """
    value = value.strip()
    if value.lower() in _METRE_NAMES:
        return _METRE_NAMES[value.lower()]
    if added := _METRE_SUM.match(value):
        groups = tuple(int(number) for number in re.findall(r"(\d+)\s*/", added[0]))
        return Metre(sum(groups), int(added[1]), groups)
    match = _METRE.match(value)
    if match is None:
        return None
    groups = tuple(int(number) for number in re.findall(r"\d+", match[1]))
    return Metre(sum(groups), int(match[2]), groups if len(groups) > 1 else ())


def default_unit(metre: Metre) -> Fraction:
    """The unit note length that holds where no `L:` field says so (ABC standard 2.1, section 3.1.7)."""
    return Fraction(1, 16) if metre.duration < 3 else Fraction(1, 8)


def unit_of(value: str) -> Fraction | None:
    """Read the value of an `L:` field as a part of a whole note."""
    match = re.match(r"(\d{1,2})\s*(?:/\s*(\d{1,3}))?(?![\d/])", value.strip())
    if match is None or not int(match[1]) or not int(match[2] or 1):
        return None
    return Fraction(int(match[1]), int(match[2] or 1))


def key_of(value: str, where: str = "") -> Key | None:
    """The key of a `K:` field; None for one that names no key (`none`, a clef alone).

    >>> key_of(" F# dor"), key_of("Bb transpose=-2"), key_of("none")
    (Key(fifths=4, mode='dorian'), Key(fifths=-2, mode='major'), None)
    """
    field = key_field(value, where)
    return field.key if field is not None else None


def key_field(value: str, where: str = "") -> KeyField | None:
    """Read the value of a `K:` field; None for one that names no key.

    Raises `FileProblem` for a key of more than 7 sharps or flats.
    """
    value = value.replace("♯", "#").replace("♭", "b").replace("♮", "=").strip()
    settings = {name: int(number) for name, number in _SETTING.findall(value)}
    transposition, octave = settings.get("transpose", 0), settings.get("octave", 0)
    if _PIPES.match(value):
        return KeyField(Key.parse("A mixolydian"), (), transposition, octave)
    is_explicit = re.match(r"[\^_=]|.*\bexp", value[:400], re.IGNORECASE) is not None
    match = _KEY.match(value) or (re.match("()()()", value) if is_explicit else None)
    if match is None or (value.lower().startswith(_NO_MODE) and not is_explicit):
        return None
    step, accidental, word = match[1].upper(), match[2], match[3].lower()
    word = "" if word.startswith(_NO_MODE) else word
    mode = _MODES.get("m" if word == "m" else word[:3])
    singles = _SINGLE.findall(_OTHER_SETTING.sub(" ", value[:400]))
    alters = {letter.upper(): _ALTERS[sign] for sign, letter in singles}
    try:
        key = _nearest(alters, step + accidental) if is_explicit else Key.parse(f"{step}{accidental} {mode or 'major'}")
    except ValueError as error:
        raise FileProblem(f"cannot read the key {shown(value)}: {error}", where=where) from None
    signature = key.signature
    wanted = dict.fromkeys(signature, 0) | alters if is_explicit else alters
    own = tuple((step, alter) for step, alter in sorted(wanted.items()) if alter != signature.get(step, 0))
    return KeyField(key, own, transposition, octave, mode is not None)


def is_clef(value: str) -> bool:
    """Whether a `K:` field without a key says so itself: `none`, or a clef alone."""
    return value.lower().startswith(_NO_MODE)


def tempo_of(value: str, unit: Fraction = Fraction(1, 8)) -> tuple[Fraction, str] | None:
    """Read the value of a `Q:` field as quarter notes a minute and its words; None where no tempo can be read.

    A plain number counts quarters. `unit` is what `C` stands for in the old form `C3=40`; of a range the first number
    is taken.

    >>> tempo_of('"Allegro" 1/4=120'), tempo_of("3/8=40-44"), tempo_of("1/0=10")
    ((Fraction(120, 1), 'Allegro'), (Fraction(60, 1), ''), None)
    """
    words = " ".join(re.findall(r'"([^"]*)"', value[:400]))
    rest = re.sub(r'"[^"]*"', "", value[:400]).strip()
    for sign, written in _NOTE_SIGNS.items():
        rest = rest.replace(sign, written)
    if match := _TEMPO.search(rest):
        if any(not int(unit.split("/")[1]) for unit in match["units"].split()):
            return None
        quarters = sum((4 * Fraction(unit) for unit in match["units"].split()), Fraction(0))
    elif match := _UNIT_TEMPO.match(rest):
        quarters = 4 * unit * int(match["units"] or 1)
    elif _PLAIN_TEMPO.fullmatch(rest):
        quarters = Fraction(1)
    else:
        return None
    count = match["count"] if match else rest
    tempo_bpm = Fraction(count.replace(",", ".")) * quarters
    return (tempo_bpm, words) if 0 < tempo_bpm <= 1000 else None


def _nearest(alters: dict[str, int], tonic: str) -> Key:
    """The key on a tonic whose signature is nearest to single accidentals; major where no tonic is named."""
    keys = [Key(fifths, mode) for mode in MODES for fifths in range(-7, 8)]
    fitting = [key for key in keys if (str(key.tonic)[:-1] == tonic if tonic else key.mode == "major")]
    if not fitting:
        raise ValueError("no signature of at most 7 sharps or flats has that tonic")
    return min(fitting, key=lambda key: (_distance(key.signature, alters), MODES.index(key.mode), abs(key.fifths)))


def _distance(signature: dict[str, int], alters: dict[str, int]) -> int:
    return sum(signature.get(step, 0) != alters.get(step, 0) for step in "ABCDEFG")
