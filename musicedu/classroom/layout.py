"""How a table of people is laid out: which line is its head, which column is what, and which rows are people.

Names, ids, e-mail and wishes are known by the words that schools use: English, German, French, Spanish, Italian and
Dutch, as the exports of Canvas, Moodle, Google Classroom, Teams and school offices have them. Points, averages, titles
and the like are passed over with a reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from musicedu.classroom.names import clean_name
from musicedu.classroom.tables import Row, Table

_TEXTS = ("instrument", "key", "metre", "lowest", "highest")
_NUMBERS = ("level", "measures", "tempo_bpm", "largest_leap")
WISHES = (*_TEXTS, *_NUMBERS)
"""Columns that say what a pupil's piece shall be like, as the fields of `Specification`."""
WHOLE_NUMBERS = frozenset(_NUMBERS)

FIRST, LAST, EITHER, FULL, ID, EMAIL = "first", "last", "either", "full", "id", "e-mail"
_WORDS = {
    FIRST: """
        first name; firstname; first names; first; given name; given names; givenname; forename; forenames;
        christian name; student first name; pupil first name; legal first name; vorname; vornamen; rufname;
        prenom; prenoms; prenom de l eleve; nombres; primer nombre; nombre de pila; voornaam; roepnaam; nome proprio""",
    LAST: """
        last name; lastname; last names; last; surname; surnames; family name; familyname; student last name;
        pupil last name; legal last name; nachname; nachnamen; familienname; zuname; langname; nom de famille;
        nom de l eleve; apellido; apellidos; primer apellido; segundo apellido; apellido paterno; apellido materno;
        apellido s; cognome; cognomi; achternaam; tussenvoegsel""",
    EITHER: "name; names; nom; noms; nombre; nome; naam",
    FULL: """
        full name; fullname; student; students; student name; student full name; name of student; pupil; pupils;
        pupil name; name of pupil; learner; learner name; display name; displayname; participant; participant name;
        member; child; child name; player; musician; sortable name; last first; last name first name;
        surname first name; first and last name; first last; first name last name; preferred name; vollstandiger name;
        anzeigename; schuler; schulerin; schuler in; schulerinnen; schulername; schuler name; name des schulers;
        name vorname; nachname vorname; vorname nachname; vor und nachname; vorname und nachname; teilnehmer; kind;
        eleve; eleves; nom complet; nom prenom; nom et prenom; prenom nom; prenom et nom; etudiant; etudiante;
        nom de l etudiant; alumno; alumna; alumno a; alumnos; nombre completo; nombre y apellidos; nombre y apellido;
        apellidos y nombre; apellidos nombre; apellido y nombre; nombre del alumno; estudiante; studente; studenti;
        alunno; alunna; allievo; allieva; nome completo; nome e cognome; cognome e nome; cognome nome; leerling;
        volledige naam; naam leerling; aluno""",
    ID: """
        id; id number; idnumber; student id; studentid; student id number; pupil id; learner id; sis user id; sis id;
        user id; userid; external id; local id; student number; student no; pupil number; admission number; adno; upn;
        uln; unique pupil number; school id; person id; schuler id; schulerid; schulernummer; schuler nummer;
        schuler nr; matrikelnummer; matrikelnr; id nummer; idnummer; numero d etudiant; numero etudiant;
        numero d identification; identifiant; identifiant national; matricule; ine; matricula;
        numero de matricula; numero de identificacion;
        numero id; numero de id; id del alumno; matricola; numero di matricola; id studente; numero id studente;
        leerlingnummer; student code; sis login id; login id; login; username; user name; benutzername; anmeldename;
        nom d utilisateur; nombre de usuario; usuario; nome utente; gebruikersnaam""",
    EMAIL: """
        e mail; email; e mail address; email address; mail; e mail adresse; mailadresse; emailadresse;
        adresse e mail; adresse de courriel; courriel; adresse mail; correo; correo electronico;
        direccion de correo; direccion de correo electronico; indirizzo email; indirizzo e mail; posta elettronica;
        user principal name; e mailadres; student email; parent email""",
}
_KIND_OF = {word.strip(): kind for kind, words in _WORDS.items() for word in " ".join(words.split()).split(";")}
_WHOSE = """legal official student students pupil pupils learner child s schuler schulers schulerin des der du de del
    dello della l eleve enfant alumno alumna studente alunno"""
_QUALIFIERS = frozenset(_WHOSE.split())
_IDS = tuple(word for word, kind in _KIND_OF.items() if kind == ID)  # the better ones first
_MOST_LINES_ABOVE = 30
_MOST_WORDS = 2 / 3
_NO_PERSON_WORDS = {
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
_WHY = {word.strip(): why for why, words in _NO_PERSON_WORDS.items() for word in " ".join(words.split()).split(";")}
_TEST_STUDENTS = frozenset({"student test", "test student"})
_FIGURES = re.compile(r"[\d\s.,%/:()*+-]*")
_REMARK = re.compile(r"\d{2}|\d[:/.]|:|https?")
_COUNT = re.compile(r"[\s:=]*\(?[\d.,/% ]*\)?\s*$")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what, by position.

    titles: every column that has one, as written; first, last: columns of the two parts of a name; full: the column of
    whole names, None if they are in parts; ids: columns that may hold ids, the best first; emails; wishes: column and
    field.
    """

    titles: dict[int, str]
    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    full: int | None = None
    ids: tuple[int, ...] = ()
    emails: tuple[int, ...] = ()
    wishes: tuple[tuple[int, str], ...] = ()
    width: int = 0

    @property
    def names(self) -> tuple[int, ...]:
        """The columns a name is made of, in the order it is spoken."""
        return (self.full,) if self.full is not None else (*self.first, *self.last)


def head_word(cell: str) -> str:
    """A column's title without what differs from program to program: case, accents, signs, what stands in brackets.

    >>> head_word("Prénom : "), head_word("E-Mail_Address"), head_word("Schüler*in (7A)")
    ('prenom', 'e mail address', 'schuler in')
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"\([^)]{2,}\)", " ", cell).casefold())
    kept = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^\w]|_", " ", kept).split())


def _kind_of(word: str) -> str | None:
    """What a head is, whosever it says it is: "Legal surname", "Nom de l'enfant"."""
    bare = " ".join(part for part in word.split() if part not in _QUALIFIERS)
    return _KIND_OF.get(word) or _KIND_OF.get(bare)


def find_head(table: Table) -> tuple[int, Columns] | None:
    """The row that names the columns, by its place among the rows: the one with the most words that are known."""
    best: tuple[int, int] | None = None
    for place, row in enumerate(table.rows[:_MOST_LINES_ABOVE]):
        known = _n_known(row)
        if known and (best is None or known > best[0]):
            best = known, place
    return None if best is None else (best[1], columns_of(table.rows[best[1]].cells))


def worth(table: Table) -> int:
    """How many columns of a table are known by their heads."""
    return max(map(_n_known, table.rows[:_MOST_LINES_ABOVE]), default=0)


def _n_known(row: Row) -> int:
    words = [head_word(cell) for cell in row.cells]
    kinds = [_kind_of(word) for word in words]
    if not any(kind in (FIRST, LAST, EITHER, FULL) for kind in kinds):
        return 0
    return sum(kind is not None or word.replace(" ", "_") in WISHES for kind, word in zip(kinds, words, strict=True))


def columns_of(cells: Sequence[str]) -> Columns:
    """What the columns below a head are; of the words that may be a whole name or a part, the others decide.

    "Name" beside "Vorname" is the last name, "Nombre" beside "Apellidos" the first, and alone the whole.
    """
    titles = {place: clean_name(cell) for place, cell in enumerate(cells) if clean_name(cell)}
    words = {place: head_word(title) for place, title in titles.items()}

    def of(kind: str) -> tuple[int, ...]:
        return tuple(place for place, word in words.items() if _kind_of(word) == kind)

    first, last, either, full = of(FIRST), of(LAST), of(EITHER), of(FULL)
    if either and bool(first) != bool(last):
        first, last = (first, either[:1]) if first else (either[:1], last)
    elif len(either) > 1 and {words[place] for place in either[:2]} == {"nome", "nombre"}:
        full = either[:1]
    whole = either[:1] or full[:1]
    in_parts = bool(first and last) or not whole
    return Columns(
        titles,
        first if in_parts else (),
        last if in_parts else (),
        None if in_parts else whole[0],
        tuple(sorted(of(ID), key=lambda place: _rank(words[place]))),
        of(EMAIL),
        tuple((place, w) for place, word in words.items() if (w := word.replace(" ", "_")) in WISHES),
        len(cells),
    )


def _is_words(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell))


def _rank(word: str) -> int:
    return _IDS.index(word) if word in _IDS else len(_IDS)


def with_part_beside(columns: Columns, rows: Sequence[Row], *, beyond: bool) -> Columns:
    """The columns, the one of names joined by the next if that has no head and two thirds of its cells are words.

    So it is where a head was merged over first and last name. beyond: whether it may stand right of all heads.
    """
    if columns.full is None or (columns.full + 1 >= columns.width and not beyond):
        return columns
    beside = columns.full + 1
    named = [row.cells for row in rows if columns.full < len(row.cells) and row.cells[columns.full].strip()]
    words = sum(beside < len(cells) and _is_words(cells[beside]) for cells in named)
    if not columns.titles or beside in columns.titles or not words or words < _MOST_WORDS * len(named):
        return columns
    return replace(columns, full=None, first=(columns.full, beside), width=max(columns.width, beside + 1))


def named_twice(columns: Columns) -> str | None:
    """The title that two columns have which are read here, None if there is none."""
    places = [*columns.names, *(place for place, _ in columns.wishes)]
    words = [head_word(columns.titles[place]) for place in places if place in columns.titles]
    words += [
        word for place, title in columns.titles.items() if place not in places and (word := head_word(title)) in words
    ]
    return next((word for word in words if words.count(word) > 1), None)


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
