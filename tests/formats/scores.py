"""MusicXML written by hand, as other programs write it."""

from __future__ import annotations

_TYPES = {"w": "whole", "h": "half", "q": "quarter", "e": "eighth", "s": "16th", "t": "32nd"}


def attributes(divisions: object = 4, key: str = "<fifths>0</fifths><mode>major</mode>", metre: str = "4/4") -> str:
    """The attributes of a first measure; an empty argument leaves its element out."""
    beats, _, unit = metre.partition("/")
    return (
        "<attributes>"
        + (f"<divisions>{divisions}</divisions>" if divisions != "" else "")
        + (f"<key>{key}</key>" if key else "")
        + (f"<time><beats>{beats}</beats><beat-type>{unit}</beat-type></time>" if metre else "")
        + "</attributes>"
    )


def note(
    name: str, duration: object = "", kind: str = "", *, voice: object = "", staff: object = "", ratio: str = "",
    extra: str = "", shown: bool = True, chord: bool = False,
) -> str:  # fmt: skip
    """A note such as `F#4`, or a rest `r`; `kind` is a letter of `whqest` with dots, `ratio` such as 3:2."""
    step, octave, alter = name[0], name[-1], {"#": 1, "b": -1}.get(name[1:2])
    pitch = f"<alter>{alter}</alter>" if alter else ""
    pitch = "<rest/>" if name == "r" else f"<pitch><step>{step}</step>{pitch}<octave>{octave}</octave></pitch>"
    actual, _, normal = ratio.partition(":")
    return (
        ("<note>" if shown else '<note print-object="no">')
        + ("<chord/>" if chord else "")
        + pitch
        + (f"<duration>{duration}</duration>" if duration != "" else "")
        + extra
        + (f"<voice>{voice}</voice>" if voice else "")
        + (f"<type>{_TYPES[kind[0]]}</type>" + "<dot/>" * (len(kind) - 1) if kind else "")
        + (
            f"<time-modification><actual-notes>{actual}</actual-notes><normal-notes>{normal}</normal-notes>"
            "</time-modification>"
            if ratio
            else ""
        )
        + (f"<staff>{staff}</staff>" if staff else "")
        + "</note>"
    )


def back(duration: object) -> str:
    return f"<backup><duration>{duration}</duration></backup>"


def forward(duration: object) -> str:
    return f"<forward><duration>{duration}</duration></forward>"


def part_of(*measures: str, number: int = 1) -> str:
    body = "".join(f'<measure number="{n}">{content}</measure>' for n, content in enumerate(measures, start=1))
    return f'<part id="P{number}">{body}</part>'


def score_of(*measures: str, head: str = "", names: str = "Flute") -> bytes:
    """A score of one part."""
    listed = f'<part-list><score-part id="P1"><part-name>{names}</part-name></score-part></part-list>'
    text = f'<score-partwise version="3.1">{head}{listed}{part_of(*measures)}</score-partwise>'
    return text.encode()
