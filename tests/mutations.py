"""Damage to small real files, by the byte, by the word and by the part of an archive: a seed gives one damage."""

import io
import random
import re
import zipfile

NUMBERS = (
    "0", "-1", "1", "2", "255", "65536", "2147483648", "99999999999999999999", "-99999999999", "0.5", "1e400", "1e-400",
    "nan", "inf", "-0", "", "3/0", "1/3", "0x10", "٣", "9" * 400, "-" + "8" * 5000,
)  # fmt: skip
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_BYTES = (b"\0", b"\xff", b"\x7f", b"\xfe\xff", b"\xff\xff\xff\xff", b"\x80\x80\x80\x80", b"\n", b" ", b"\x1b[31m")
_MOST = 60_000  # bytes of what is damaged: damage is of every kind, not of every size


def mutated(data: bytes, rng: random.Random, words: tuple[str, ...], others: tuple[bytes, ...] = ()) -> bytes:
    """The same bytes after one to six accidents; words: of the format, those that readers trip over."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        data = rng.choice(_ACCIDENTS)(data, rng, words, others)[:_MOST]
    return data


def _place(data, rng):
    return rng.randint(0, len(data))


def _insert_word(data, rng, words, others):
    at = _place(data, rng)
    return data[:at] + rng.choice(words).encode() * rng.choice((1, 1, 1, 2, 50)) + data[at:]


def _insert_bytes(data, rng, words, others):
    at = _place(data, rng)
    return data[:at] + rng.choice(_BYTES) * rng.choice((1, 1, 3, 100)) + data[at:]


def _other_number(data, rng, words, others):
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    match = rng.choice(found)
    return data[: match.start()] + rng.choice(NUMBERS).encode() + data[match.end() :]


def _other_text(data, rng, words, others):
    """What stands between two marks is another word, as an element's text is."""
    found = list(re.finditer(rb"(?<=[>:=,;\"\[ ])[^<>:=,;\"\[\] \n]{1,40}", data))
    if not found:
        return data
    match = rng.choice(found)
    return data[: match.start()] + rng.choice(words).encode() + data[match.end() :]


def _cut(data, rng, words, others):
    begin = _place(data, rng)
    return data[:begin] + data[begin + rng.choice((1, 2, 5, 20, 200)) :]


def _truncate(data, rng, words, others):
    return data[: _place(data, rng)]


def _flip(data, rng, words, others):
    if not data:
        return data
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def _repeat(data, rng, words, others):
    begin = _place(data, rng)
    end = begin + rng.choice((1, 4, 30, 200, 1000))
    return data[:end] + data[begin:end] * rng.choice((1, 2, 20)) + data[end:]


def _repeat_line(data, rng, words, others):
    lines = re.split(rb"(?<=[>\n])", data)
    at = rng.randrange(len(lines))
    lines[at : at + 1] = [lines[at]] * rng.choice((2, 3, 40))
    return b"".join(lines)


def _swap_lines(data, rng, words, others):
    lines = re.split(rb"(?<=[>\n])", data)
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def _drop_line(data, rng, words, others):
    lines = re.split(rb"(?<=[>\n])", data)
    del lines[rng.randrange(len(lines))]
    return b"".join(lines)


def _splice(data, rng, words, others):
    other = rng.choice(others or (data,))
    return data[: _place(data, rng)] + other[_place(other, rng) :]


_ACCIDENTS = (
    _insert_word, _insert_word, _insert_bytes, _other_number, _other_number, _other_text, _other_text, _cut, _truncate,
    _flip, _flip, _repeat, _repeat_line, _swap_lines, _drop_line, _splice,
)  # fmt: skip


def members_of(data: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def archive_of(members: dict[str, bytes]) -> bytes:
    """An archive of parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.partition("\0")[0] or "x", content)  # a name ends at its first zero
    return buffer.getvalue()


def mutated_archive(data: bytes, rng: random.Random, words: tuple[str, ...]) -> bytes:
    """An archive with an accident to its bytes, or to one of its parts, which is packed again."""
    if rng.random() < 0.2:
        return mutated(data, rng, words)
    members = members_of(data)
    name = rng.choice(sorted(members))
    kind = rng.random()
    if kind < 0.1:
        del members[name]
    elif kind < 0.2:
        members[rng.choice(words) or "x"] = members.pop(name)
    elif kind < 0.3:
        members[name] = rng.choice(list(members.values()))
    else:
        members[name] = mutated(members[name], rng, words)
    return archive_of(members)
