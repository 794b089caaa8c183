import csv
import io
from dataclasses import replace
from itertools import combinations

import pytest
from pypdf import PdfReader

from musicedu.classroom.assign import assign
from musicedu.classroom.pieces import finish_pieces, make_pieces, pupil_seed, refuse_wishes, spread
from musicedu.classroom.roster import parse_roster
from musicedu.errors import FileProblem, StorageProblem, UnknownName, Unsatisfiable
from musicedu.exercise.generator import generate
from musicedu.exercise.recipe import parse_recipe
from musicedu.exercise.specification import Specification
from tests.sheet.examples import PHRASE, exercise

CLASS = parse_roster("name,instrument\nAnna,\nZoë/../Smith,flute\nAnna,\nЮлия,\n=SUM(A1),\n".encode())
LEVEL_2 = Specification(2, measures=4)


def quick(specification):
    """An exercise without the generator: its tune follows from the seed."""
    notes = ["D4", "E4", "F#4", "G4", "A4"]
    text = " ".join(f"{notes[specification.seed // 5**k % 5]}:1" for k in range(8)) + f" {PHRASE}"
    made = exercise(text, specification.level, specification.instrument, specification.seed)
    return replace(made, plan=replace(made.plan, specification=specification))


@pytest.fixture(scope="module")
def assigned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "week3"
    told = []
    assignment = assign(CLASS, LEVEL_2, folder, 7, progress=lambda *step: told.append(step))
    return assignment, told


def test_everyone_gets_a_sheet_with_their_name_and_level(assigned):
    assignment, told = assigned
    assert [path.name for (path,) in assignment.files] == [
        "Anna.pdf", "Zoë-..-Smith.pdf", "Anna 2.pdf", "Юлия.pdf", "=SUM(A1).pdf",
    ]  # fmt: skip
    for (path,), piece in zip(assignment.files, assignment.pieces, strict=True):
        assert path.parent == assignment.folder / "pupils"
        text = PdfReader(path).pages[0].extract_text()
        assert piece.pupil.name in text
        assert "Level 2, before grade 1" in text
        assert piece.exercise.recipe in text
    assert [step[:2] for step in told] == [(n, 5) for n in range(1, 6)]


def test_all_pieces_differ_and_are_of_the_same_level_and_similar_difficulty(assigned):
    pieces = assigned[0].pieces
    for one, other in combinations(pieces, 2):
        assert one.exercise.melody.notes != other.exercise.melody.notes
    assert {piece.exercise.plan.level.number for piece in pieces} == {2}
    least, largest = spread(pieces)
    assert largest - least < 1.5


def test_the_list_of_recipes_makes_every_piece_again(assigned):
    assignment, _ = assigned
    data = assignment.recipes.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["Anna", "Zoë/../Smith", "Anna 2", "Юлия", "'=SUM(A1)"]
    assert [row["instrument"] for row in rows] == ["Violin", "Flute", "Violin", "Violin", "Violin"]
    for row, piece in zip(rows, assignment.pieces, strict=True):
        assert generate(parse_recipe(row["recipe"])).melody == piece.exercise.melody


def test_one_file_holds_the_whole_class(assigned):
    pages = PdfReader(assigned[0].class_sheets).pages
    assert len(pages) == 5
    assert "Юлия" in pages[3].extract_text()


def test_the_same_call_makes_the_same_files_and_a_newcomer_changes_nobody(tmp_path):
    first = assign(CLASS, LEVEL_2, tmp_path / "a", 7, generate=quick)
    assign(CLASS, LEVEL_2, tmp_path / "b", 7, generate=quick)
    for path in sorted((tmp_path / "a").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()
    larger = parse_roster("name,instrument\nBen,\nAnna,\nZoë/../Smith,flute\nAnna,\nЮлия,\n=SUM(A1),\n".encode())
    recipes = {p.pupil.name: p.exercise.recipe for p in make_pieces(larger, LEVEL_2, 7, quick)}
    assert all(recipes[piece.pupil.name] == piece.exercise.recipe for piece in first.pieces)


def test_another_class_seed_makes_other_pieces():
    seven, eight = (list(make_pieces(CLASS, LEVEL_2, seed, quick)) for seed in (7, 8))
    assert all(a.exercise.melody != b.exercise.melody for a, b in zip(seven, eight, strict=True))
    assert pupil_seed(7, "Anna") != pupil_seed("7 ", "Anna")


def test_score_midi_and_sound_come_along_if_wanted(tmp_path):
    assignment = assign(
        parse_roster(b"name\nAnna"),
        LEVEL_2,
        tmp_path / "w",
        1,
        kinds=("pdf", "musicxml", "midi", "wav"),
        generate=quick,
    )
    assert [path.suffix for path in assignment.files[0]] == [".pdf", ".musicxml", ".mid", ".wav"]
    assert all(path.is_file() for path in assignment.files[0])


def test_a_large_class_gets_as_many_different_pieces():
    roster = parse_roster(b"name\n" + b"Anna\n" * 40)
    pieces = list(make_pieces(roster, LEVEL_2, 3, quick))
    assert len({piece.exercise.melody for piece in pieces}) == 40


def test_too_few_melodies_are_refused_by_name():
    roster = parse_roster(b"name\nAnna\nBen")
    with pytest.raises(Unsatisfiable, match="too few melodies: no new one for Ben after 1"):
        list(make_pieces(roster, LEVEL_2, 3, lambda specification: exercise(PHRASE)))


def test_a_wrong_wish_names_the_line_and_nothing_is_written(tmp_path):
    roster = parse_roster(b"name,instrument\nAnna,violin\nBen,kazoo", where="class.csv")
    with pytest.raises(UnknownName, match=r"class\.csv, line 3 \(Ben\)"):
        assign(roster, LEVEL_2, tmp_path / "week", 1, generate=quick)
    assert not list(tmp_path.iterdir())


def test_all_wrong_wishes_are_named_at_once_with_their_lines(tmp_path):
    roster = parse_roster(b"name,instrument,key\nAnna,violin,\nBen,kazoo,\nCem,,H dur\n", where="class.csv")
    with pytest.raises(FileProblem, match=r"class\.csv: 2 faults: line 3 \(Ben\): .*kazoo.*; line 4 \(Cem\): .*H dur"):
        assign(roster, LEVEL_2, tmp_path / "week", 1, generate=quick)
    assert not list(tmp_path.iterdir())


def test_a_line_is_told_by_its_number_whatever_the_file_and_the_pupil_are_called(tmp_path):
    roster = parse_roster(b"name,instrument\nAda line 9,kazoo\nBen,lute\n", where="line 7.csv")
    said = r"line 7\.csv: 2 faults: line 2 \(Ada line 9\): .*kazoo.*; line 3 \(Ben\): .*lute"
    with pytest.raises(FileProblem, match=said):
        assign(roster, LEVEL_2, tmp_path / "week", 1, generate=quick)


def test_wrong_wishes_stand_beside_the_other_faults_of_a_roster():
    data = b"name,instrument\nAnna,kazoo\n,flute\n"
    with pytest.raises(FileProblem, match=r"2 faults: line 2 \(Anna\): .*kazoo.*; line 3 has no name"):
        parse_roster(data, check=lambda pupil: refuse_wishes(pupil, LEVEL_2))


@pytest.mark.parametrize("jobs", [1, 2])
def test_however_many_processes_share_the_work_the_files_are_the_same(tmp_path, jobs, assigned):
    assign(CLASS, LEVEL_2, tmp_path / "week3", 7, jobs=jobs)
    for path in sorted(assigned[0].folder.rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "week3" / path.relative_to(assigned[0].folder)).read_bytes()


@pytest.mark.parametrize("jobs", [2, None])
def test_however_many_processes_share_the_work_the_pieces_are_the_same(jobs):
    roster = parse_roster(b"name\n" + b"Anna\n" * 30)
    shared = list(make_pieces(roster, LEVEL_2, 3, quick, jobs=jobs))
    assert shared == list(make_pieces(roster, LEVEL_2, 3, quick, jobs=1))


def test_where_few_melodies_can_be_had_sharing_the_work_changes_nobodys():
    roster = parse_roster(b"name\n" + b"".join(b"P%d\n" % number for number in range(30)))
    alone, shared = (
        [piece.exercise.melody for piece, _ in finish_pieces(roster, LEVEL_2, 3, _one_of_sixty, no_more, jobs=jobs)]
        for jobs in (1, 2)
    )
    assert alone == shared
    assert len(set(alone)) == 30


def _one_of_sixty(specification):
    return quick(replace(specification, seed=specification.seed % 60))


def no_more(piece):
    return None


def test_a_pupil_with_an_id_keeps_the_piece_under_another_name():
    before = make_pieces(parse_roster(b"name,id\nAnna,17\nBen,18"), LEVEL_2, 7, quick)
    after = make_pieces(parse_roster(b"id,name\n18,Benedict\n17,Anna-Maria"), LEVEL_2, 7, quick)
    assert {p.pupil.id: p.exercise.recipe for p in before} == {p.pupil.id: p.exercise.recipe for p in after}


def test_an_interruption_leaves_nothing_behind(tmp_path):
    def interrupt(done, total, name):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assign(CLASS, LEVEL_2, tmp_path / "week", 1, generate=quick, progress=interrupt)
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_way_is_a_storage_problem(tmp_path):
    (tmp_path / "week").write_text("in the way")
    with pytest.raises(StorageProblem):
        assign(CLASS, LEVEL_2, tmp_path / "week", 1, generate=quick)
    assert (tmp_path / "week").read_text() == "in the way"


def test_unknown_kinds_are_refused(tmp_path):
    with pytest.raises(ValueError, match="kinds must be some of pdf, musicxml"):
        assign(CLASS, LEVEL_2, tmp_path, 1, kinds=("docx",), generate=quick)
