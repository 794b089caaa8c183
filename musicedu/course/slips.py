"""Slips of the pen, in one sentence: what a student's cell said wrong, in which line, and what to do about it.

Python's own words are for programmers; these are for a musician who forgot a quote.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from inspect import Parameter, signature
from typing import Any

from musicedu.errors import MusicEduError

_LONGEST = 140
_KINDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a decimal number",
    "bool": "True or False",
    "list": "a list",
    "tuple": "several values with commas between them",
    "dict": "a dictionary",
    "set": "a set",
    "NoneType": "nothing (None)",
    "function": "a function",
    "builtin_function_or_method": "a function",
    "method": "a function",
    "type": "a kind of thing, not a thing",
    "module": "a package",
    "ndarray": "an array",
    "ellipsis": "three dots",
}
DOTS = "three dots are still there: write your answer in their place"


def kind_of(value: object) -> str:
    """What a value is, in a musician's words.

    >>> kind_of("G4:1"), kind_of(None)
    ('a text', 'nothing (None)')
    """
    return _named(type(value).__name__)


def reason_of(fault: BaseException, *, code: str = "", names: Iterable[str] = (), function: str = "") -> str:
    """What went wrong and what to do, without a capital at the beginning and without a full stop.

    `code` is the line that failed, `names` are those that a name may have been meant for, `function` is the one in
    which it happened: they make the advice better where they are known.
    """
    if "ellipsis" in str(fault).lower() and not isinstance(fault, NameError):
        return DOTS
    if isinstance(fault, MusicEduError):
        return str(fault).rstrip(".")
    if isinstance(fault, SyntaxError):
        return _unreadable(fault, code)
    if isinstance(fault, UnboundLocalError):
        return f"{_quoted(fault)} is used before it has a value"
    if isinstance(fault, NameError):
        return _unknown_name(fault, code, names)
    if isinstance(fault, RecursionError):
        return f"{function or 'a function'} calls itself without end. It must give something back without doing so"
    for kind, say in _SAYINGS.items():
        if isinstance(fault, kind):
            return say(fault, code)
    said = _shortened(fault)
    return said if said == type(fault).__name__ else f"{type(fault).__name__}: {said}"


def missed_argument(fault: BaseException, function: Callable[..., Any] | None) -> str | None:
    """What to say of an argument that a function does not have, with the nearest it has; None if it is not that."""
    match = re.search(r"(\w+)(?:\.__init__)?\(\) got an unexpected keyword argument '(\w+)'", str(fault))
    if not match:
        return None
    name, argument = match.groups()
    return f"{name} has no {argument!r}{_meant(argument, _arguments_of(function))}"


def _arguments_of(function: Callable[..., Any] | None) -> list[str]:
    try:
        parameters = signature(function).parameters.values() if function else ()
    except (TypeError, ValueError):  # some functions written in C have none to show
        return []
    return [one.name for one in parameters if one.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)]


def _unreadable(fault: SyntaxError, code: str) -> str:
    """Why Python cannot read a line; `code` is that line where it is known."""
    said, line = fault.msg or "", (fault.text or code).strip()
    curly = re.search(r"invalid (?:non-printable )?character (?:'(.)' )?\(?(U\+\w+)", said)
    if curly:
        if curly[1] and curly[1] in "“”„‘’‚«»":
            return f'{curly[1]} is a printed quote. Type a straight one: "'
        return f"there is a character that Python cannot read ({curly[2]}). Delete it and type it again"
    for pattern, sentence in _UNREADABLE.items():
        match = re.search(pattern, said)
        if match:
            return sentence.format(*match.groups())
    outside = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", line)
    if "?" in outside:
        return "a question mark is still there: write what belongs in its place"
    if re.search(r"\d\.\d+\.\d", outside):
        return "a number has one point at most. Is it a text? Then put quotes around it"
    words = re.search(r"=\s*([^\W\d]\w*(?:\s+[^\W\d]\w*)+)\s*(?:%\s*)?$", outside) or re.search(
        r"=\s*(\w+(?: \w+)+ ?%?)\s*$", outside
    )
    if words:
        return f'Python cannot read this. A text needs quotes around it: "{words[1].strip()}"'
    return "Python cannot read this. Look for a missing comma, bracket or quote, also in the line before"


_UNREADABLE = {
    r"unterminated": "a quote is missing: a text begins and ends with the same kind of quote",
    r"incomplete input": "a bracket or a quote is opened here and never closed",
    r"'(.)' was never closed": "the bracket {0} is never closed",
    r"unmatched '(.)'": "there is a {0} too many, or its partner is missing",
    r"parenthesis '(.)' does not match opening parenthesis '(.)'": "{0} does not close {1}: brackets go in pairs",
    r"expected an indented block after (.+?) on line": "the lines after the {0} must be indented by four spaces",
    r"unexpected indent": "the line is indented too far: begin it below the line before",
    r"unindent does not match|inconsistent use of tabs": "the line must begin exactly below another: count its spaces",
    r"'return' outside function": "return stands outside of the function: indent it by four spaces",
    r"expected ':'": "a colon is missing at its end",
    r"Perhaps you forgot a comma": "something is missing between two values: a comma, or quotes around a text",
    r"Maybe you meant '=='|cannot assign": "on the left of = there must be a name, and == asks whether two are equal",
    r"leading zeros": "a number does not begin with 0",
    r"invalid decimal literal": "a name does not begin with a digit. Is it a text? Then put quotes around it",
    r"positional argument follows keyword": "what has no name goes before what has one, as in f(1, a=2)",
    r"keyword argument repeated: (\w+)": "{0} is given twice",
    r"Missing parentheses in call to 'print'": "print needs brackets: print(...)",
}


def _unknown_name(fault: NameError, code: str, names: Iterable[str]) -> str:
    name = getattr(fault, "name", None) or _quoted(fault)
    said = f"Python knows no {name}"
    if re.search(rf"=\s*{re.escape(name)}\s*(#.*)?$", code) and not _near(name, names):
        return f'{said}. If you mean the word, put quotes around it: "{name}"'
    meant = _meant(name, [*names, *vars(builtins)])
    return f"{said}{meant or '. Is it spelled right, and are the cells above run? A word needs quotes'}"


def _no_attribute(fault: BaseException, _: str) -> str:
    owner, name = getattr(fault, "obj", None), getattr(fault, "name", None)
    if name is None:
        return _shortened(fault)
    known = [one for one in dir(owner) if not one.startswith("_")]
    called = getattr(owner, "__name__", None) if isinstance(owner, type) or hasattr(owner, "__spec__") else None
    return f"{called or _named(type(owner).__name__)} has no {name!r}{_meant(name, known)}"


def _wrong_type(fault: BaseException, _: str) -> str:
    said = str(fault)
    for pattern, sentence in _WRONG_TYPES.items():
        match = re.search(pattern, said)
        if match:
            return sentence.format(*(_named(one) if one in _KINDS else one for one in match.groups()))
    return _shortened(fault)


_WRONG_TYPES = {
    r"'(NoneType)' object": "something here is nothing (None): a function without return gives nothing back",
    r"'(\w+)' object is not callable": "there are brackets after {0}. Is a comma or a sign missing between them?",
    r"(\w+)(?:\.__init__)?\(\) missing \d+ required .*?: (.+)": "{0} needs {1} as well",
    r"(\w+)(?:\.__init__)?\(\) takes (.+?) positional arguments? but (\d+)": "{0} takes {1} in its brackets, not {2}",
    r"unsupported operand.*: '(\w+)' and '(\w+)'": "{0} and {1} do not go together. Numbers stand without quotes",
    r"not supported between instances of '(\w+)' and '(\w+)'": "{0} cannot be compared with {1}",
    r"can only concatenate (\w+) \(not \"(\w+)\"\)": "{0} and {1} cannot be joined. Numbers stand without quotes",
    r"'(\w+)' object is not (?:subscriptable|iterable)": "{0} has no parts to look at",
    r"object of type '(\w+)' has no len": "{0} has no length",
    r"must be real number, not (\w+)": "a number is wanted here, and this is {0}",
    r"string multiply ufunc": "a text cannot be multiplied. Numbers stand without quotes",
    r"ufunc '(\w+)' (?:did not contain a loop|not supported)": "numbers are wanted here, and something else was given",
}
_SAYINGS: dict[type[BaseException], Callable[[BaseException, str], str]] = {
    ZeroDivisionError: lambda fault, _: "here something is divided by 0. Ask with if before you divide",
    IndexError: lambda fault, _: f"an entry is asked for that is not there ({_shortened(fault)}). Counting begins at 0",
    KeyError: lambda fault, _: f"{_shortened(fault)} is looked up and is not there",
    AttributeError: _no_attribute,
    TypeError: _wrong_type,
    ImportError: lambda fault, _: f"there is nothing to import: {_shortened(fault)}",
    FileNotFoundError: lambda fault, _: f"there is no file {getattr(fault, 'filename', '')!r}",
    NotImplementedError: lambda fault, _: _shortened(fault),
    ValueError: lambda fault, _: _shortened(fault),
    KeyboardInterrupt: lambda fault, _: "you stopped the cell here. Run it again when you like",
}


def _named(kind: str) -> str:
    article = "an" if kind[:1].lower() in "aeio" else "a"
    return _KINDS.get(kind, f"{article} {kind}")


def _quoted(fault: BaseException) -> str:
    match = re.search(r"'(\w+)'", str(fault))
    return match[1] if match else str(fault)


def _near(name: str, names: Iterable[str]) -> list[str]:
    known = [one for one in names if not one.startswith("_") and one != name]
    return get_close_matches(name, known, n=1, cutoff=0.75)


def _meant(name: str, names: Iterable[str]) -> str:
    near = _near(name, names)
    return f". Did you mean {near[0]!r}?" if near else ""


def _shortened(fault: BaseException) -> str:
    """The first line of what a library says, cut where it grows long."""
    said = (str(fault).strip().splitlines() or [type(fault).__name__])[0].rstrip(".")
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST].rsplit(' ', 1)[0]} …"
