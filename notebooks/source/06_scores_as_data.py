# %% [markdown] id="title"
# # Scores as data
#
# By the end you can turn a score into numbers, say what each way of doing so forgets, and set up a collection of
# thousands of tunes so that nobody is cheated: neither the people it comes from, nor you.
#
# **Time:** 40 minutes. **You need:** lesson 00.

# %% [markdown] id="why"
# Lessons 01 to 05 began with sound. A score is another thing: not what was heard but what was *meant*, in exact
# numbers. Most of what machines know about melody they know from scores.
#
# Here are four measures in *ABC*, the text in which folk musicians share tunes. ♪ The `D` before the first bar is an
# *upbeat* (anacrusis); `(3` begins a *triplet*, three notes in the time of two; `-` is a *tie*, which joins two written
# notes into one sound; `z` is a rest.
#
# **music21** is the best known library for scores. ⌨ `parse` reads text and builds *objects*, things that know
# something about themselves. Printed for each note: when it begins, how long it lasts (both in quarter notes), its
# name. Would a listener count as many notes?

# %% id="music21"
import zlib

import numpy as np
from music21 import converter

from musicedu.course.asks import datasets, functions
from musicedu.course.checks import check
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict

begin_lesson()
abc = """X:1
T:Four measures
M:3/4
L:1/4
K:G
D | G3/2 A/ B | (3c/B/A/ G2- | G z A/B/ | G2 |]
"""
stream = converter.parse(abc, format="abc")
for note in stream.flatten().notes:
    tie = f", tie {note.tie.type}" if note.tie else ""
    print(f"{note.offset!s:>5}  {note.quarterLength!s:>4}  {note.nameWithOctave}{tie}")

# %% [markdown] id="melody-ask"
# Twelve notes are printed; below you hear eleven. music21 keeps what is *written*: two notes and a tie, barlines, clefs,
# even where the page turns. That is right for printing, and in the way for counting. This course uses a smaller
# thing, `Melody`, which keeps what is *meant*:
#
# | | music21 | `Melody` |
# |---|---|---|
# | a tie | two notes | one note |
# | a rest | an object | a gap between notes |
# | when a note begins | `offset`, counted from its measure or from the start | `onset`, always from the start |
# | time | decimal numbers, and fractions for triplets | fractions only, so that sums are exact |
# | voices and chords | any number | one line |
# | after it is made | can be changed by whoever holds it | never changes (⌨ *frozen*) |

# %% id="melody"
from musicedu import show_player, show_score
from musicedu.formats.abc import parse_abc

melody = parse_abc(abc)
for note in melody.notes:
    print(f"{note.onset!s:>5}  {note.duration!s:>4}  {note.spelling} = pitch {note.pitch}")
print("rests:", [f"{first} to {last}" for first, last in melody.rests])
show_score(melody)
show_player(melody, program=73)

# %% [markdown] id="roll-ask"
# ## A table of switches
#
# A network wants neither objects nor fractions: it wants a table of numbers. The plainest is the *piano roll*, named
# after the punched paper of player pianos: a row for each of the 128 MIDI pitches, a column for each small step of
# time, and a switch that is on while the note sounds.
#
# ## Task 1: punch the roll
#
# Write it. ⌨ `out[64, 3:5] = True` switches row 64 on, from column 3 up to but not including column 5. A note knows
# its `pitch`, `onset` and `offset` (when it ends), in quarter notes. `int(...)` makes a whole number.

# %% id="task-1"
def punch(melody, steps_per_quarter):
    out = np.zeros((128, int(melody.duration * steps_per_quarter)), dtype=bool)
    for one in melody.notes:  # solution: loop over the notes, switch each on, then return out
        first, last = one.onset * steps_per_quarter, one.offset * steps_per_quarter  # solution
        out[one.pitch, int(first) : int(last)] = True  # solution
    return out  # solution


check("Task 1", punch, functions.is_function, datasets.draws_the_roll, praise="It would play.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. Time in quarter notes becomes a column when it is multiplied by the steps in a quarter note.
# 2. Begin with `for note in melody.notes:`. Two columns are needed, for `note.onset` and `note.offset`; between them, the
#    row `note.pitch` is on.
# 3. In the loop, fill the gaps of `first = int(note.onset * ?)`, the same for `last`, and `out[?, first:last] = True`.

# %% [markdown] id="grid-ask"
# Below is the package's own roll of our tune. How many steps make a quarter note is your choice, and whatever falls
# between two steps is moved. **Turn the knob** until the triplet in the second measure comes out even. Which is the
# smallest number that moves nothing? Why that one?

# %% id="grid-explorer" tags=["widget", "nbval-ignore-output"]
from musicedu.display.explorer import explore, slider
from musicedu.display.plots import plot_picture
from musicedu.display.step_view import plot_roll
from musicedu.encoding.piano_roll import off_grid, onset_roll, piano_roll


def draw(steps):
    moved = off_grid(melody, steps)
    words = f"{steps} steps to a quarter note: {moved} of {len(melody.notes)} notes are moved"
    ax = plot_roll(piano_roll(melody, steps), steps)
    ax.set_title(words, fontsize=10)
    return plot_picture(ax, words)


explore(draw, steps=slider(1, 12, 1, value=4))

# %% id="grid-figures"
for steps in (1, 2, 3, 4, 6, 12):
    moved, size = off_grid(melody, steps), piano_roll(melody, steps).size
    print(f"{steps:2} steps: {moved} notes moved, a table of {size} switches")

# %% [markdown] id="prediction-1-ask"
# Halves need 2, thirds need 3, both together 6. The package takes 12, which holds sixteenths as well; the price is a
# table of thousands of switches for eleven notes, nearly all off.
#
# ## Predict
#
# Take two quarter notes C, C and one half note C, on a grid as fine as you like. Are their rolls **different** or
# **the same**?

# %% id="prediction-1"
guess = "the same"  # solution: "different" or "the same"
predict("Prediction 1", guess, choices=("different", "the same"))

# %% id="repeated-notes"
from musicedu import Melody

twice, once = Melody.from_text("C4:1 C4:1"), Melody.from_text("C4:2")
same = np.array_equal(piano_roll(twice, 12), piano_roll(once, 12))
print(compare("Prediction 1", "the same" if same else "different"))
onsets = [onset_roll(tune, 1)[60].astype(int) for tune in (twice, once)]
print("onsets alone:", onsets[0], onsets[1])

# %% [markdown] id="representation"
# A roll forgets where a note *begins*; a second table, of onsets, remembers. It also forgets key, metre, barlines and
# spelling (F♯ or G♭). Every way of writing music down for a machine forgets something: ask what, before you train.
#
# ## Thousands of tunes
#
# music21 brings collections of folk tunes and chorales. The package has read them into one table of `Melody`s. The
# first time this takes half a minute. Each row knows where it comes from, and on what terms.

# %% id="corpus"
from musicedu import load_corpus

corpus = load_corpus()
columns = ["id", "collection", "title", "licence", "non_commercial", "family"]
rows = corpus.table.select(columns).to_pylist()
print(f"{len(rows)} tunes")
for name in sorted({row["collection"] for row in rows}):
    own = [row for row in rows if row["collection"] == name]
    terms = own[0]["licence"].split(":")[0].split(",")[0]
    print(f"{name:>13}: {len(own):5}  {terms}")

# %% [markdown] id="licence"
# ♪ The tunes are old: nobody owns "The Rakes of Mallow". But a person typed it in, and a collection as a whole may be
# protected where you live. Essen's editors allow non-commercial use only. "No terms stated" is not a yes either: it
# means that somebody has to ask before it matters. A model learns from its data, and inherits these questions; so the
# terms travel with every tune.
#
# ## Task 2: what may be sold?
#
# A publisher wants a model of folk tunes. Make a list of the rows whose terms do not forbid commercial use. ⌨ A
# condition inside square brackets keeps some of a list: `[row for row in rows if row["collection"] == "fife"]`.

# %% id="task-2"
usable = [row for row in rows if not row["non_commercial"]]  # solution: a list of rows
asked = [datasets.is_list_of_rows, datasets.free_for_sale(rows)]
check("Task 2", usable, *asked, praise="Lessons that train a model to be shared begin here.")

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. Each row has a column that says it plainly. Print `rows[0]`.
# 2. The column holds `True` where selling is forbidden; you want the others. ⌨ `not` turns `True` around.
# 3. Fill in the gap: `[row for row in rows if not row["?"]]`.

# %% [markdown] id="variants-ask"
# ## The same tune twice
#
# Tunes travel. Look at one *family*: what the machine took for variants of one another, because they share runs of
# notes, in whatever key. Then compare two that were printed more than a century apart.

# %% id="variants"
from musicedu.evaluation.listening.truth import opening

for row in rows:
    if row["family"] == "airds/book2/221":
        print(f"{row['id']:>26}: {row['title']}")
for name in ("airds/book2/221", "oneills/1801-1850/1814"):
    variant = opening(corpus.tune(name).melody, 6)
    print(f"{name}: intervals {variant.intervals[:12]}")
    show_score(variant)

# %% [markdown] id="variants-mean"
# ♪ One note in the first two measures differs. Two of the six are German songs. Play one,
# `show_player(corpus.tune("essen/erk10/526").melody)`, and judge: a machine that compares tunes finds cousins, and now and then takes a stranger for one.
#
# ## Learning from one, tested on the other
#
# Before a model is trained, some tunes are put aside as its *test set*: does it do well on what it has not seen? If
# "The Rakes of Mallow" is learned from Aird and asked about from O'Neill, the answer is worth nothing. How often would
# that happen if tunes were put aside by chance?

# %% id="leak"
families = np.array([row["family"] for row in rows])
in_test = np.random.default_rng(0).random(len(rows)) < 0.1
learned = families[~in_test]
by_chance = np.isin(families[in_test], learned).mean()
print(f"by chance: {by_chance:.2f} of the test set has a relative that was learned")

test = corpus.select(split="test").table["family"].to_pylist()
train = corpus.select(split="train").table["family"].to_pylist()
by_family = np.isin(test, train).mean()
print(f"whole families: {by_family:.2f} of {len(test)} test tunes")
shared = corpus.report.shared_runs
print(f"runs of eight notes in the test set that were learned too: {shared:.2f}")
names = sorted(set(families))[:2000]  # for task 3

# %% [markdown] id="task-3-ask"
# A third of the test would have been a test of memory. (The last line is what is left when no relative is: the
# small change of folk music, scales and endings that belong to nobody.)
#
# ## Task 3: a split that holds
#
# Write `side(family)`: it says `"test"` for about one family in ten and `"train"` for the others. All variants carry
# the same family name, so they land on one side, provided that the same name always gives the same answer: tomorrow,
# and on another computer. Chance will not do, and neither will Python's own `hash`.
#
# ⌨ `zlib.crc32(family.encode())` makes a large whole number from a text, always the same; `%` is the remainder of a
# division.

# %% id="task-3"
def side(family):
    number = zlib.crc32(family.encode())
    return "test" if number % 10 == 0 else "train"  # solution: "test" for one number in ten, else "train"


check("Task 3", side, functions.is_function, datasets.splits_families(names))

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. A number that jumps about as if by chance, yet is fixed for each name: every tenth of such numbers is one in ten.
# 2. `number % 10` is the last digit. One of the ten digits means "test".
# 3. Fill in the gaps: `return "test" if number % ? == ? else "train"`.

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **A melody holds a tie over a barline. How many notes does `Melody` keep for it?**
# - [x] One, with the whole duration :: The tie is a matter of writing; it comes back when the score is drawn.
# - [ ] Two, and a mark between them :: That is music21's way, which keeps what is written.
# - [ ] One, without the part after the barline :: Then music would be lost. Durations are added.
#
# **Your roll has 4 steps to a quarter note. Which rhythm does it bend?**
# - [ ] Sixteenths :: A sixteenth is exactly one step.
# - [ ] A dotted eighth and a sixteenth :: Three steps and one: exact.
# - [x] A triplet :: Thirds of a quarter fall between the steps.
#
# **Why is a test set divided by families and not by tunes?**
# - [ ] So that both sides are equally large :: Families differ in size, so the sides are a little less equal.
# - [x] So that no variant of a test tune was learned :: Otherwise memory passes for understanding.
# - [ ] Because variants are wrong :: They are how folk music lives. They only must not sit on both sides.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - read a score with music21 and as a `Melody`, and say what each keeps;
# - write a melody as a table, and say what the table forgets;
# - choose tunes by their terms, and divide them so that a test is a test.

# %% [markdown] id="where-next"
# ## Where next
#
# Lesson 07 learns from these tunes which dance they are; lesson 09 asks how one proves that two tunes are one. The
# package keeps the collections in `musicedu.corpus` (families in `families`, terms in `collections`), reading and
# writing in `musicedu.formats`, rolls in `musicedu.encoding.piano_roll`.
#
# To read: M. Cuthbert and C. Ariza (2010), *music21: a toolkit for computer-aided musicology and symbolic music data*;
# T. Gebru and others (2021), *Datasheets for datasets*.
