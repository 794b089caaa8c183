"""Which rows of a table are people, and which are points, averages, titles and the like, passed over with a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from musicedu.classroom.heads import Columns, head_word
from musicedu.classroom.names import clean_name
from musicedu.classroom.tables import Row

_WORDS = {
    "points": """
        points; points possible; possible points; max points; maximum points; max score; maximum score; out of;
        possible; total points; weight; weighting; punkte; punktzahl; maximalpunktzahl; maximale punktzahl;
        gewichtung; bareme; points possibles; puntos; puntos posibles; puntuacion maxima; punti;
        punteggio massimo; punteggio""",
    "a total": """
        total; totals; grand total; sum; summe; gesamt; insgesamt; somme; total general; suma; totale; totali; count;
        anzahl; number of students; anzahl schuler""",
    "an average": """
        average; averages; class average; overall average; mean; class mean; median; standard deviation; std dev;
        durchschnitt; klassendurchschnitt; mittelwert; schnitt; notenschnitt; moyenne; moyenne de la classe; moyennes;
        media; promedio; media de la clase; media della classe; mediane; mediana; minimum; maximum; highest; lowest""",
    "dates": "date; due date; due; datum; abgabedatum; fecha; fecha de entrega; data di consegna; date limite",
    "a setting of the grade book": """
        manual posting; muted; category; assignment; assignments; aufgabe; read only; grading; scale""",
}
_WHY = {word.strip(): why for why, words in _WORDS.items() for word in " ".join(words.split()).split(";")}
_TEST_STUDENTS = frozenset({"student test", "test student"})
_FIGURES = re.compile(r"[\d\s.,%/:()*+-]*")
_REMARK = re.compile(r"\d{2}|\d[:/.]|:|https?")
_COUNT = re.compile(r"[\s:=]*\(?[\d.,/% ]*\)?\s*$")


def why_passed_over(row: Row, columns: Columns, head: Sequence[str], *, wide: bool) -> str | None:
    """Why a row below the head is nobody, None if it may be somebody.

    head: the words of the head; wide: whether most rows have several cells, so that a remark in one can be told.
    """
    cells = [clean_name(cell) for cell in row.cells]
    filled = {place: cell for place, cell in enumerate(cells) if cell}
    names = [filled[place] for place in columns.names if place in filled]
    known = {place for place in (*columns.ids, *columns.emails) if place in filled}
    label = filled[min(filled)]
    if [head_word(cell) for cell in filled.values()] == list(head):
        return "the heads again"
    if head_word(" ".join(names)) in _TEST_STUDENTS:
        return "a test student"
    why = _WHY.get(head_word(label)) or _WHY.get(head_word(_COUNT.sub("", label)))
    in_parts = len(columns.names) > 1  # then a name of one word has half of it missing
    if (
        why
        and "=" not in label
        and set(names) <= {label}
        and (in_parts or {filled[place] for place in known} <= {label})
    ):
        return why
    if wide and len(filled) == 1 and _REMARK.search(label):
        return "a remark"
    if not names and not known and not any(place in filled for place, _ in columns.wishes):
        return _why_nameless(filled)
    return None


def _why_nameless(filled: Mapping[int, str]) -> str | None:
    reasons = {_WHY.get(head_word(cell)) for cell in filled.values() if not _FIGURES.fullmatch(cell)}
    if None in reasons:
        return None  # somebody's, and the name is missing
    return next(iter(reasons), "figures without a name")
