"""Files far larger than music, each of one kind of thing, in full size or a share of it."""

import io
import random
import zipfile
from itertools import pairwise

from tests.formats.midi_bytes import END, chunk, head, length, meta, track

HEAD = "X:1\nT:Much\nM:4/4\nL:1/8\nK:C\n"
TUNE = "CDEF GABc|"
BACK = "<backup><duration>16</duration></backup>"


def _abc(body):
    return ".abc", (HEAD + body).encode()


def _n(n, share):
    return max(1, int(n * share))


def note(step="C", octave=4, duration=4, more=""):
    return (
        f"<note><pitch><step>{step}</step><octave>{octave}</octave></pitch><duration>{duration}</duration>{more}</note>"
    )


def score(measures, parts=1, title="Much"):
    """MusicXML of measures given as text."""
    body = "".join(f'<measure number="{i}">{m}</measure>' for i, m in enumerate(measures, 1))
    listed = "".join(f'<score-part id="P{i}"><part-name>P{i}</part-name></score-part>' for i in range(parts))
    text = f"<score-partwise><work><work-title>{title}</work-title></work><part-list>{listed}</part-list>"
    text += "".join(f'<part id="P{i}">{body}</part>' for i in range(parts)) + "</score-partwise>"
    return ".musicxml", text.encode()


def attributes(divisions=4, beats=4, beat_type=4, fifths=0):
    return (
        f"<attributes><divisions>{divisions}</divisions><key><fifths>{fifths}</fifths></key>"
        f"<time><beats>{beats}</beats><beat-type>{beat_type}</beat-type></time></attributes>"
    )


def midi(*bodies, ticks=480):
    return ".mid", head(0 if len(bodies) == 1 else 1, len(bodies), ticks) + b"".join(track(body) for body in bodies)


def _run(onsets, gate=0.9, seed=0):
    """Notes one after the other at onsets in ticks, on pitches at random."""
    rng, parts, now = random.Random(seed), [], 0
    for begins, ends in pairwise(onsets):
        pitch, off = rng.choice((60, 62, 64, 65, 67, 69, 71, 72)), begins + max(1, int((ends - begins) * gate))
        parts += [length(begins - now), bytes([0x90, pitch, 80]), length(off - begins), bytes([0x80, pitch, 0])]
        now = off
    return b"".join(parts)


def _played(n, seed=0, step=240, spread=15):
    rng, onsets, now = random.Random(seed), [], 0
    for _ in range(n + 1):
        onsets.append(max(now + rng.randint(-spread, spread), onsets[-1] + 1 if onsets else 0))
        now += step
    return _run(onsets, seed=seed)


def _even(n, step):
    return _run([rank * step for rank in range(n + 1)])


def _notes(n, duration=2, more=""):
    rng = random.Random(n)
    return [note(rng.choice("CDEFGAB"), rng.choice((4, 5)), duration, more) for _ in range(n)]


def _measured(notes, n=8):
    measures = ["".join(notes[i : i + n]) for i in range(0, len(notes), n)]
    return [attributes() + measures[0], *measures[1:]]


def _melody(n, seed=3):
    rng = random.Random(seed)
    return "|\n".join("".join(rng.choice("CDEFGABcdef") for _ in range(8)) for _ in range(n // 8)) + "|]\n"


def _tiny_measures(n):
    first = attributes(64, 4, 4) + note(duration=1)
    return score([first, *[note("CDEFGAB"[i % 7], duration=1 + i % 5) for i in range(n - 1)]])


def _own_divisions(n):
    return score([attributes(3 + 2 * i, 4, 4) + note(duration=4 * (3 + 2 * i)) for i in range(n)])


def _zip(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


LARGE = {
    "abc_blank_lines": lambda s: _abc("\n" * _n(150_000, s) + TUNE),
    "abc_lines_of_blanks": lambda s: _abc(" \n\t\n" * _n(75_000, s) + TUNE),
    "abc_one_long_blank_line": lambda s: _abc(" " * _n(290_000, s) + "\n" + TUNE),
    "text_blank_lines": lambda s: (".txt", b"\n" * _n(150_000, s) + HEAD.encode() + TUNE.encode()),
    "abc_long_head": lambda s: (
        ".abc",
        (
            "%%MIDI program 1\n" * _n(125_000, s)
            + "".join(f"X:{i}\nT:T{i}\nK:C\n{TUNE}\n\n" for i in range(_n(1500, s)))
        ).encode(),
    ),
    "abc_ten_thousand_tunes": lambda s: (
        ".abc",
        "".join(f"X:{i}\nT:T{i}\nK:C\n{TUNE * 4}\n\n" for i in range(_n(10_000, s))).encode(),
    ),
    "abc_many_x_fields": lambda s: (".abc", b"X:1\n" * _n(99_000, s)),
    "abc_rests_of_many_measures": lambda s: _abc(TUNE + "Z999|" * _n(3000, s)),
    "abc_pairs_of_keys": lambda s: _abc("".join(f"[K:{'CGDAEBF'[i % 7]}]C[K:Am]D" for i in range(_n(7000, s)))),
    "abc_slurs_opened": lambda s: _abc("(" * _n(30_000, s) + TUNE),
    "abc_slurs": lambda s: _abc("(CD)" * _n(60_000, s)),
    "abc_carets": lambda s: _abc("^" * _n(90_000, s) + "C" + TUNE),
    "abc_braces": lambda s: _abc("{" * _n(90_000, s) + TUNE),
    "abc_brackets": lambda s: _abc("[" * _n(90_000, s) + TUNE),
    "abc_quotes": lambda s: _abc('"' * _n(89_999, s) + TUNE),
    "abc_exclamations": lambda s: _abc("!x" * _n(90_000, s) + TUNE),
    "abc_dots": lambda s: _abc("." * _n(90_000, s) + TUNE),
    "abc_ties": lambda s: _abc("C-" * _n(14_000, s) + TUNE),
    "abc_tuplets": lambda s: _abc("(3" * _n(30_000, s) + TUNE),
    "abc_broken_rhythm": lambda s: _abc("C" + ">" * _n(90_000, s) + "D|"),
    "abc_slashes": lambda s: _abc("C" + "/" * _n(90_000, s) + "D|"),
    "abc_barlines": lambda s: _abc("C|" + "|" * _n(90_000, s) + "D|"),
    "abc_barlines_apart": lambda s: _abc("C | " + "| " * _n(90_000, s) + "D|"),
    "abc_long_title": lambda s: (".abc", ("X:1\nT:" + "long " * _n(50_000, s) + "\nK:C\n" + TUNE).encode()),
    "abc_words": lambda s: _abc((TUNE + "\nw: la la la la la la la la\n") * _n(5_000, s)),
    "abc_voices": lambda s: _abc("".join(f"V:{i}\n{TUNE}\n" for i in range(_n(15_000, s)))),
    "abc_overlays": lambda s: _abc("&".join(["CDEF"] * _n(15_000, s)) + "|"),
    "abc_chords": lambda s: _abc("[CEG]" * _n(30_000, s) + "|"),
    "abc_wide_chord": lambda s: _abc("[" + "C" * _n(90_000, s) + "]|"),
    "abc_most_notes": lambda s: _abc(_melody(_n(14_992, s))),
    "abc_six_thousand_notes": lambda s: _abc(_melody(_n(6_000, s))),
    "abc_metres": lambda s: _abc("".join(f"[M:{2 + i % 7}/8]CDEF|" for i in range(_n(5000, s)))),
    "abc_tempos": lambda s: _abc("".join(f"[Q:1/4={60 + i % 99}]C" for i in range(_n(9000, s)))),
    "abc_macros": lambda s: (
        ".abc",
        (
            "X:1\n"
            + "".join(f"U:{c} = !trill!\n" for c in "HIJKLMNOPQRSTUVWhijklmnopqrstuvw" * _n(300, s))
            + "K:C\n"
            + TUNE
        ).encode(),
    ),
    "abc_entities": lambda s: _abc("&amp;" * _n(50_000, s) + TUNE),
    "abc_tags": lambda s: _abc("<p" * _n(90_000, s) + TUNE),
    "abc_begun_blocks": lambda s: _abc("%%begintext\n" * _n(20_000, s) + TUNE),
    "abc_mail": lambda s: _abc("=\n" * _n(90_000, s) + "=3D" + TUNE),
    "abc_quoted_mail": lambda s: (".abc", ("> " * _n(100_000, s) + "X:1\n> K:C\n> " + TUNE).encode()),
    "abc_long_prose": lambda s: (".abc", (HEAD + TUNE + "\n\n" + "once upon a time " * _n(60_000, s)).encode()),
    "abc_continued_lines": lambda s: _abc("C\\\n" * _n(20_000, s) + TUNE),
    "abc_no_music_in_tunes": lambda s: (
        ".abc",
        "".join(f"X:{i}\nT:T\nK:C\n" for i in range(_n(50_000, s))).encode(),
    ),
    "xml_tiny_measures": lambda s: _tiny_measures(_n(4000, s)),
    "xml_tiny_measures_most": lambda s: _tiny_measures(_n(14_900, s)),
    "xml_divisions": lambda s: _own_divisions(_n(1000, s)),
    "xml_eight_megabytes": lambda s: score(_measured(_notes(_n(90_000, s)))),
    "xml_parts_of_eight_megabytes": lambda s: score(_measured(_notes(_n(2_900, s))), parts=31),
    "xml_twenty_megabytes_beside": lambda s: score(
        [attributes() + note(duration=16) + "<direction><words>" + "a" * _n(18_000_000, s) + "</words></direction>"]
    ),
    "xml_six_thousand_notes": lambda s: score(_measured(_notes(_n(6_000, s)))),
    "xml_fifteen_thousand_in_voices": lambda s: score(
        [attributes() + "".join(_notes(4, 4)), *["".join(
            note("CDEFGAB"[(i + v) % 7], 5 - v % 4, 16, f"<voice>{v}</voice>") + BACK
            for v in range(8)) + "<forward><duration>16</duration></forward>" for i in range(_n(1800, s))]]
    ),
    "xml_many_voices": lambda s: score(
        [attributes() + "".join(
            note("CDEFGAB"[v % 7], 4, 16, f"<voice>{v}</voice>") + "<backup><duration>16</duration></backup>"
            for v in range(_n(14_000, s)))]
    ),
    "xml_slurs": lambda s: score(
        _measured(_notes(_n(5_000, s), 2, "<notations>" '<slur type="start" number="1"/><slur type="stop" number="2"/>'
        '<slur type="stop" number="1"/><slur type="start" number="2"/>' * 3 + "</notations>"))
    ),
    "xml_slurs_on_one_note": lambda s: score(
        [attributes() + note(duration=8, more="<notations>" + '<slur type="start" number="1"/>' * _n(60_000, s)
         + "</notations>") + note(duration=8, more="<notations>" + '<slur type="stop" number="1"/>' * 10
         + "</notations>")]
    ),
    "xml_lyrics": lambda s: score(
        [attributes() + note(duration=16, more="<lyric><text>la</text></lyric>" * _n(100_000, s))]
    ),
    "xml_chord_notes": lambda s: score([attributes() + note(duration=16) + "<note><chord/><pitch><step>E</step>"
        "<octave>4</octave></pitch><duration>16</duration></note>" * _n(14_000, s)]),
    "xml_ties": lambda s: score(_measured([note("C", 4, 2, '<tie type="stop"/><tie type="start"/>')] * _n(5_900, s))),
    "xml_deep": lambda s: (".musicxml", b"<a>" * _n(200_000, s) + b"</a>" * _n(200_000, s)),
    "xml_deep_words": lambda s: score([attributes() + note(duration=16) + "<direction>" * 50 + "</direction>" * 50]),
    "xml_attributes_changes": lambda s: score(
        [attributes(fifths=i % 7) + "".join(_notes(4, 4)) for i in range(_n(1_400, s))]
    ),
    "xml_metres": lambda s: score(
        [attributes(beats=2 + i % 5) + "".join(_notes(2 + i % 5, 4)) for i in range(_n(1_400, s))]
    ),
    "xml_tempos": lambda s: score([attributes() + '<sound tempo="99"/><sound tempo="98"/>' * _n(100_000, s)
                                   + note(duration=16)]),
    "xml_dynamics": lambda s: score([attributes() + "<direction><direction-type><dynamics><p/></dynamics>"
                                     "</direction-type></direction>" * _n(60_000, s) + note(duration=16)]),
    "xml_wedges": lambda s: score([attributes() + '<direction><direction-type><wedge type="crescendo"/>'
                                   "</direction-type></direction>" * _n(60_000, s) + note(duration=16)]),
    "xml_backups": lambda s: score([attributes() + note(duration=16) + "<backup><duration>1</duration></backup>"
                                    "<forward><duration>1</duration></forward>" * _n(100_000, s)]),
    "xml_long_title": lambda s: score([attributes() + note(duration=16)], title="long " * _n(200_000, s)),
    "xml_parts": lambda s: score([attributes() + note(duration=16)], parts=_n(20_000, s)),
    "xml_loose_ampersands": lambda s: score([attributes() + note(duration=16)], title="& " * _n(200_000, s)),
    "xml_doctype": lambda s: (".musicxml", b"<!DOCTYPE a [" + b"<!-- x -->" * _n(300_000, s)),
    "xml_attributes_of_one": lambda s: (
        ".musicxml",
        ("<score-partwise " + " ".join(f'a{i}="1"' for i in range(_n(400_000, s))) + "/>").encode(),
    ),
    "xml_graces": lambda s: score([attributes() + "<note><grace/><pitch><step>C</step><octave>4</octave></pitch></note>"
                                   * _n(14_000, s) + note(duration=16)]),
    "xml_long_numbers": lambda s: score([attributes() + note(duration="1" * _n(1_000_000, s))]),
    "mxl_eight_megabytes": lambda s: (".mxl", _zip([("a.xml", score(_measured(_notes(_n(90_000, s))))[1])])),
    "mxl_many_members": lambda s: (".mxl", _zip([(f"{i}.xml", b"") for i in range(_n(30_000, s))])),
    "mid_tempos": lambda s: midi(meta(0x51, b"\x07\xa1\x20", 1) * _n(200_000, s) + _even(8, 480)),
    "mid_distinct_tempos": lambda s: midi(
        b"".join(meta(0x51, (400_000 + i).to_bytes(3, "big"), 24) for i in range(_n(200_000, s))),
        _even(8, 480 * 1000),
    ),
    "mid_keys": lambda s: midi(
        b"".join(meta(0x59, bytes([i % 7, 0]), 24) for i in range(_n(60_000, s))), _even(400, 480)
    ),
    "mid_metres": lambda s: midi(
        b"".join(meta(0x58, bytes([1 + i % 9, 3, 24, 8]), 24) for i in range(_n(60_000, s))), _even(400, 480)
    ),
    "mid_small_metre": lambda s: midi(meta(0x58, bytes([1, 5, 24, 8])) + _even(_n(30_000, s), 60)),
    "mid_small_metre_most": lambda s: midi(meta(0x58, bytes([1, 5, 24, 8])) + _even(_n(9_990, s), 60)),
    "mid_played": lambda s: midi(_played(_n(20_000, s))),
    "mid_played_most": lambda s: midi(_played(_n(9_990, s))),
    "mid_played_loosely": lambda s: midi(_played(_n(9_990, s), spread=100)),
    "mid_most_notes": lambda s: midi(_even(_n(9_990, s), 240)),
    "mid_chords": lambda s: midi(
        b"".join(
            b"".join(length(0) + bytes([0x90, p, 80]) for p in range(40, 100))
            + b"".join(length(240 * (p == 40)) + bytes([0x80, p, 0]) for p in range(40, 100))
            for _ in range(_n(1_600, s))
        )
    ),
    "mid_held_notes": lambda s: midi(
        b"".join(length(1) + bytes([0x90, 60 + i % 24, 80]) for i in range(_n(60_000, s)))
    ),
    "mid_offs": lambda s: midi(_even(8, 480) + b"\x00\x80\x3c\x00" * _n(100_000, s)),
    "mid_empty_tracks": lambda s: (
        ".mid", head(1, 65_535, 480) + chunk(b"MTrk", END) * _n(60_000, s) + track(_even(8, 480))
    ),
    "mid_tracks": lambda s: midi(*[_even(8, 480)] * _n(20_000, s)),
    "mid_texts": lambda s: midi(meta(1, b"la", 1) * _n(200_000, s) + _even(8, 480)),
    "mid_names": lambda s: midi(*[meta(3, b"name " * 150) + _even(4, 480)] * _n(3_000, s)),
    "mid_long_text": lambda s: midi(meta(3, b"x" * _n(2_000_000, s)) + _even(8, 480)),
    "mid_controllers": lambda s: midi(_even(8, 480) + b"\x01\xb0\x40\x7f" * _n(390_000, s)),
    "mid_one_note_far": lambda s: midi(_even(4, 480) + length(2**28 - 1) + b"\x90\x3c\x50\x60\x80\x3c\x00"),
    "mid_odd_ticks": lambda s: midi(_run([7 * i + i % 5 for i in range(_n(9_990, s))]), ticks=1),
    "mid_many_ticks": lambda s: midi(_played(_n(9_990, s), step=32_767 // 3, spread=600), ticks=32_767),
    "mid_running": lambda s: midi(_even(1, 480) + b"\x10\x90\x3c\x50" + b"\x10\x3c\x00\x10\x3e\x50" * _n(50_000, s)),
    "mid_fives": lambda s: midi(_run([i * 96 for i in range(_n(9_990, s))], gate=0.8)),
    "mid_broken_lengths": lambda s: (
        ".mid", head(1, 9, 480) + b"".join(chunk(b"MTrk", b"\0\x90\x3c", 9 + i % 99) for i in range(_n(50_000, s)))
    ),
    "mid_scales": lambda s: midi(_run(range(0, 480 * _n(800, s), 40))),
}  # fmt: skip
"""By name: a share from 0 to 1 of the full size in, a suffix and the bytes out."""
