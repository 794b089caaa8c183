"""ABC text before music21's tokenizer sees it: what that would lose or misread is put into a form that it keeps.

music21's tokenizer drops `!f!` and other decorations, loses a note after `H`, reads `[M:3/4]` as a chord, takes the
rest of a line after `A::` for a field, knows neither Locrian nor F flat, and has no multi-measure rests. Here those
become fields on lines of their own (`N:!f!`, `M:3/4`) or plainer signs of the same meaning, so that the tokens
carry them. Notes, accidentals, lengths, tuplets, ties and slurs are left as they stand.
"""

from __future__ import annotations

import re

from musicedu.errors import FileProblem
from musicedu.melody import Key, Metre

DECORATIONS = {
    ".": "staccato", "~": "roll", "H": "fermata", "L": "accent", "M": "lowermordent", "O": "coda", "P": "uppermordent",
    "S": "segno", "T": "trill",
}  # fmt: skip
"""Single signs that stand for a decoration (ABC standard 2.1, section 4.14); `u` and `v`, bowings, are dropped."""

PERCENT = "\ue000"
"""Stands for an escaped `%` until the text of a field is read, since music21 cuts fields there."""

_FIELD = re.compile(r"^\s*([A-Za-z+]):(.*)$")
_REPEAT_AFTER_NOTE = re.compile(r"^\s*[A-Ga-gz]:\s*[|:]")
_SIGNS = re.compile(
    r"""(?P<text>"[^"\n]*") | (?P<tuplet>\(\d(?::\d?){0,2})
      | (?P<mark>![^!\s]{1,32}!) | \+(?P<plus>[a-zA-Z][a-zA-Z0-9().]*)\+
      | \[(?P<tag>[A-Za-z]):(?P<value>[^\]\n]*)\]
      | (?P<comment>%.*)
      | (?P<bar>[.]?(?:\[\||[|:])[|:\]]*(?:(?<=\|)\[(?=[\d"]))?(?:\d[\d,.\-]*)?|\[\d[\d,.\-]*)
      | (?P<dotted>[.](?=[(\-]))
      | (?P<stray>[\^_=]+(?![\^_=a-gA-Gz]))
      | (?P<rest>[ZX]\d*) | (?P<invisible>x)
      | (?P<sign>[.~H-Wh-w])
      | (?P<space>y\d*) | (?P<lone>[!&])""",
    re.VERBOSE,
)
_KEPT_IN_BODY = "KLMQV"
_KEY = re.compile(r"([A-G])([#b]?)\s*([A-Za-z]*)")
_MODES = {
    "": "major", "maj": "major", "ion": "major", "m": "minor", "min": "minor", "aeo": "minor", "dor": "dorian",
    "phr": "phrygian", "lyd": "lydian", "mix": "mixolydian", "loc": "locrian",
}  # fmt: skip
_NO_MODE = ("clef", "treble", "bass", "alto", "tenor", "perc", "transpose", "octave", "middle", "exp", "none", "octav")


def prepare(text: str, where: str = "") -> str:
    """Rewrite one tune so that music21's tokenizer loses nothing that a `Melody` holds.

    Raises `FileProblem` for what ABC can say and a `Melody` cannot: voice overlays and key signatures of single
    accidentals.
    """
    lines, in_body, context = [], False, {"M": "", "L": ""}
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        field = _FIELD.match(line)
        if line.startswith("%"):
            lines.append(line)
        elif field is None or (in_body and _REPEAT_AFTER_NOTE.match(line)):
            lines.append(_music_line(line, context, where) if in_body else "")
        elif field[1] in _KEPT_IN_BODY or (not in_body and field[1].isupper()):
            if field[1] == "K" and not context["M"] and not context["L"]:
                lines.append("L:1/8")
            lines.append(_field_line(field[1], field[2], context, where))
            in_body = in_body or field[1] == "K"
    return "\n".join(lines) + "\n"


def key_of(value: str, where: str = "") -> Key | None:
    """Read the value of a `K:` field; None for one that names no key (`none`, pipes, a clef alone).

    >>> key_of(" F# dor"), key_of("Bb transpose=-2"), key_of("none")
    (Key(fifths=4, mode='dorian'), Key(fifths=-2, mode='major'), None)
    """
    match = _KEY.match(value.strip())
    if match is None:
        return None
    step, accidental, word = match.groups()
    word = "" if word.lower().startswith(_NO_MODE) else word.lower()
    mode = _MODES.get("m" if word == "m" else word[:3])
    if mode is None:
        return None
    try:
        return Key.parse(f"{step}{accidental} {mode}")
    except ValueError as error:
        raise FileProblem(f"cannot read the key {value.strip()!r}: {error}", where=where) from None


def _music_line(line: str, context: dict[str, str], where: str) -> str:
    def replacement(match: re.Match[str]) -> str:
        kind = match.lastgroup
        if kind == "tuplet":
            return match[0]
        if kind == "mark":
            return f"\nN:{match['mark']}\n"
        if kind == "plus":
            return f"\nN:!{match['plus']}!\n"
        if kind == "value":
            return f"\n{_field_line(match['tag'], match['value'], context, where)}\n"
        if kind == "bar":
            return " | "
        if kind == "rest":
            return _whole_measures(int(match["rest"][1:] or 1), context)
        if kind == "invisible":
            return "z"
        if kind == "sign":
            return f"\nN:!{DECORATIONS[match['sign']]}!\n" if match["sign"] in DECORATIONS else ""
        if kind == "lone" and match["lone"] == "&":
            raise FileProblem("holds a voice overlay (&), so it is not a single melodic line", where=where)
        return ""

    return _SIGNS.sub(replacement, line)


def _field_line(tag: str, value: str, context: dict[str, str], where: str) -> str:
    value = _unescaped(value).split("%")[0].strip()
    if tag in context:
        context[tag] = value
    if tag == "M":
        return _metre_line(value, where)
    if tag == "L":
        return f"L:{_unit_of(value, where)}"
    if tag != "K":
        return f"{tag}: {value}" if tag.isupper() else ""
    if re.search(r"(^|\s|[a-z])[\^_=]+[a-gA-G](\s|$)", value) or value.lower().startswith("exp"):
        raise FileProblem(f"has a key signature of single accidentals (K:{value})", where=where)
    key = key_of(value, where)
    if key is None:
        return f"K:{value}"
    signature = Key(key.fifths).tonic
    transposition = re.search(r"transpose=\s*(-?\d{1,2})\b", value)
    semitones = transposition[1] if transposition else "0"
    return f"K:{str(signature)[:-1]}\nN:!key {key.fifths} {key.mode} {semitones}!"


def _metre_line(value: str, where: str) -> str:
    """The metre in plain numbers; checked here, since music21 takes minutes over one of 100,000 beats."""
    try:
        metre = metre_of(value)
    except ValueError as error:
        raise FileProblem(f"has the metre {value[:20]!r}: {error}", where=where) from None
    if metre is None:
        raise FileProblem(f"has no metre (M:{value[:20]})", where=where, remedy="Give it one, such as M:4/4.")
    return f"M:{metre}\nN:!metre {value}!" if metre.groups else f"M:{metre}"


def _unit_of(value: str, where: str) -> str:
    match = re.fullmatch(r"(\d{1,2})\s*(?:/\s*(\d{1,3}))?", value)
    if match is None or not int(match[1]) or not int(match[2] or 1):
        raise FileProblem(f"has the unit note length {value[:20]!r}", where=where, remedy="Give it one, such as L:1/8.")
    return f"{match[1]}/{match[2] or 1}"


def _unescaped(value: str) -> str:
    return re.sub(r"\\([\\%])", lambda match: PERCENT if match[1] == "%" else "\\", value)


def _whole_measures(count: int, context: dict[str, str]) -> str:
    """A rest of some measures, spelled out; counted in the unit note length that holds."""
    metre = metre_of(context["M"] or "4/4")
    if metre is None:
        return ""
    unit = context["L"] or default_unit(metre)
    numerator, _, denominator = unit.partition("/")
    length = metre.duration / 4 * int(denominator or 1) / int(numerator)
    return " | ".join([f"z{length.numerator}/{length.denominator}"] * min(count, 999))


def metre_of(value: str) -> Metre | None:
    """Read the value of an `M:` field; None if it says that there is no metre.

    >>> metre_of("C|"), metre_of("none")
    (Metre(numerator=2, denominator=2, groups=()), None)
    """
    named = {"C": Metre(4, 4), "C|": Metre(2, 2)}
    if value in named:
        return named[value]
    match = re.fullmatch(r"(?:FREI)?\s*(\(?\d+(?:\s*\+\s*\d+)*\)?)\s*/\s*(\d+)\]?", value)
    if match is None:
        return None
    groups = tuple(int(number) for number in re.findall(r"\d+", match[1]))
    return Metre(sum(groups), int(match[2]), groups if len(groups) > 1 else ())


def default_unit(metre: Metre) -> str:
    """The unit note length that holds where no `L:` field says so (ABC standard 2.1, section 3.1.7)."""
    return "1/16" if metre.duration < 3 else "1/8"
