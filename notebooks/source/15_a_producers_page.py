# %% [markdown] id="title"
# # A producer's page
#
# By the end you can put chords under a tune with a model you counted yourself, lead voices, write drums, and hand the whole
# to a music program.
#
# **Time:** 45 minutes. **You need:** lesson 05 (chords), lesson 10 (the Markov chain).
#
# ## The finish first
#
# `make_piece` writes a tune and a band for it. ♪ A *lead sheet* is all that a band needs on paper: the tune, and over it the
# names of the chords.

# %% id="finish"
from musicedu import Metre, show_sound
from musicedu.audio.synthesise import render_stems
from musicedu.course.asks import accompanying
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import check
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict
from musicedu.display.arrangement_view import show_lead_sheet
from musicedu.display.embed import show
from musicedu.exercise.piece.making import make_piece
from musicedu.exercise.piece.wishes import PieceWishes

begin_lesson()
piece = make_piece(PieceWishes(engine="markov", key="D", metre="3/4", bars=8, seed=12))
song = piece.arrangement
show_lead_sheet(song.melody, song.chords)
stems = render_stems(song)
show_sound(stems.sound()[: 6 * stems.sr], stems.sr, "the first bars")
print(f"The same again: musicedu make --recipe '{piece.recipe}'")

# %% [markdown] id="hidden-ask"
# ## What is hidden, what is heard
#
# Which chord goes under a note? The note C belongs to C major, F major and A minor. But after a G *chord* comes a C chord
# more often than any other. Two kinds of knowledge, then: *which notes sound over a chord*, and *which chord follows a chord*.
#
# ⌨ A **hidden Markov model** is just these two tables. The chords are *hidden states*, a Markov chain as in lesson 10;
# the tune is what is *heard*. To count them we need tunes with good chords: J. S. Bach set four hundred ♪ *chorales*
# (hymns) for four voices. `read_chorales` gives the tune and, for every beat, the chord that the voices make.
#
# Every chorale has its own key. So chords are counted from the ♪ *tonic*, the home note, in Roman numerals: I stands on
# home, V a fifth above; small numerals are minor chords, ° a *diminished* one. We keep the seven ♪ *triads* (three-note chords) of a major key;
# the rest has no row (`None`). Notes, too, are counted in semitones above home.

# %% id="chorales"
from bisect import bisect_right
from itertools import islice, pairwise

import numpy as np

from musicedu.corpus.chorale_harmony import read_chorales
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody.cutting import cut_measures

chorales = [one for one in islice(read_chorales("train"), 160) if not one.melody.key.is_minor]
held_out = [one for one in read_chorales("test") if not one.melody.key.is_minor]
first = chorales[0]
upbeat = first.melody.anacrusis                       # left out of the picture
inside = [at for at in first.chords if upbeat <= at.onset < upbeat + 16]
opening = [ChordAt(at.onset - upbeat, at.chord) for at in inside]
show_lead_sheet(cut_measures(first.melody, 1, 4), opening)
print(f"{len(chorales)} chorales in major to learn from, {len(held_out)} held out")

NAMES = ["I", "ii", "iii", "IV", "V", "vi", "vii°"]
STEPS = [0, 2, 4, 5, 7, 9, 11]                        # semitones of the root above the tonic
TRIADS = {(0, "major"): 0, (2, "minor"): 1, (4, "minor"): 2, (5, "major"): 3,
          (7, "major"): 4, (9, "minor"): 5, (11, "diminished"): 6}


def degree_of(chord, key):
    """The row of a chord in NAMES; None if the key does not have it."""
    step = (chord.root - key.tonic_pitch_class) % 12
    return TRIADS.get((step, chord.triad.quality))


def notes_of(melody, onsets):
    """What the tune sings at each onset, in semitones above the tonic."""
    begins = [note.onset for note in melody.notes]
    places = [max(0, bisect_right(begins, onset) - 1) for onset in onsets]
    tonic = melody.key.tonic_pitch_class
    return [(melody.notes[place].pitch - tonic) % 12 for place in places]


rows = []                                             # one (degrees, notes) for every chorale
for one in chorales:
    degrees = [degree_of(at.chord, one.melody.key) for at in one.chords]
    rows.append((degrees, notes_of(one.melody, [at.onset for at in one.chords])))
print("degrees:", " ".join("?" if d is None else NAMES[d] for d in rows[0][0][:12]))
print("notes:  ", *rows[0][1][:12])

# %% [markdown] id="task-1-ask"
# ## Task 1: which notes sound over a chord?
#
# Write the first table: 7 rows (chords), 12 columns (notes). `degrees` and `notes` say beat by beat which there were. Every
# count begins at **1**, so that nothing is impossible because it was never seen; at the end each row adds up to 1.

# %% id="task-1"
def note_table(degrees, notes):
    """Shares of the 12 notes over each of the 7 chords."""
    counts = np.ones((7, 12))
    for degree, note in zip(degrees, notes):
        counts[degree, note] += 1  # solution: count what was heard
    # then every row shall add up to 1
    return counts / counts.sum(axis=1, keepdims=True)  # solution: make rows of shares


asked = [is_function, accompanying.counts_notes]
check("Task 1", note_table, *asked, praise="That is half of the model.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. A count needs one place of the table for every beat: the row of its chord, the column of its note.
# 2. Adding 1 at `counts[degree, note]` counts one beat. Divide by the sums of the rows: `keepdims=True` keeps their shape.
# 3. The last line: `return counts / counts.sum(axis=?, keepdims=True)`. Which axis runs along a row?

# %% [markdown] id="tables-ask"
# The package's `counted_shares` does the same for any table, so the second is one line. Read it row by row: *after this
# chord, in percent*.

# %% id="tables"
from musicedu.display.arrangement_view import plot_shares
from musicedu.display.plots import show_plot
from musicedu.harmony.chord_tables import counted_shares

seen = [(d, n) for degrees, notes in rows for d, n in zip(degrees, notes) if d is not None]
pairs = [pair for degrees, _ in rows for pair in pairwise(degrees) if None not in pair]
notes_over = counted_shares(*zip(*seen), (7, 12))
moves = counted_shares(*zip(*pairs), (7, 7))
likeliest = [f"{NAMES[row.argmax()]} after {name}" for name, row in zip(NAMES, moves)]
words = f"Percent of chords (columns) after each (rows). Likeliest: {', '.join(likeliest)}"
show_plot(plot_shares(moves, NAMES, NAMES), words)
print("; ".join(likeliest))
SHARES = ("about a quarter", "about half", "about three quarters")  # of prediction 1

# %% [markdown] id="prediction-1-ask"
# ## Predict: how far does the ear for one note lead?
#
# The ⌨ *greedy* way: at every beat take the chord whose row likes the note best, and look at nothing else. On how many beats
# will it write Bach's chord?

# %% id="prediction-1"
guess = "about half"  # solution: "about a quarter", "about half" or "about three quarters"
predict("Prediction 1", guess, SHARES)

# %% id="greedy"
def greedy(notes):
    """The chord that likes each note best."""
    return [int(notes_over[:, note].argmax()) for note in notes]


def agreement(find):
    """On what share of the held-out beats a way to find chords agrees with Bach."""
    right = total = 0
    for one in held_out:
        bach = [degree_of(at.chord, one.melody.key) for at in one.chords]
        found = find(notes_of(one.melody, [at.onset for at in one.chords]))
        right += sum(mine == his for mine, his in zip(found, bach))
        total += len(bach)
    return right / total


share = agreement(greedy)
always = agreement(lambda notes: [0] * len(notes))
print(f"greedy agrees with Bach on {share:.0%} of beats, I throughout on {always:.0%}")
print(compare("Prediction 1", SHARES[round(4 * share) - 1]))

# %% [markdown] id="viterbi-ask"
# ## The best row of chords
#
# We want the **row** of chords whose shares, multiplied along the way, are largest; ⌨ with *logarithms*, products become
# sums. There are 7 × 7 × 7 … rows. A. Viterbi (1967) saw that one need not try them: for every chord keep only **the best
# way to arrive there**. A beat later, the best way to a chord comes from one of those seven.
#
# ## Task 2: one step
#
# `best` holds seven sums: the best way to each chord by now. `moves[before, after]` is the worth of each move, `worth` what
# the next note says of each chord (all logarithms). Return **two** things: the seven new sums, and from which chord each came.

# %% id="task-2"
def step(best, moves, worth):
    """One beat further: the new sums, and where each came from."""
    arrivals = best[:, None] + moves                  # a row for every chord before
    sums = arrivals.max(axis=0) + worth  # solution: the largest of each column, plus worth
    # and where it came from
    origins = arrivals.argmax(axis=0)  # solution: the row in which it stood
    return sums, origins


asked = [is_function, accompanying.steps_like_viterbi]
check("Task 2", step, *asked, praise="All rows of chords searched, seven sums at a time.")

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. `arrivals[before, after]` is a way with one more move. For each `after`, only the largest matters.
# 2. `max` and `argmax` with an `axis` go along rows or down columns; `argmax` says where the largest stood.
# 3. `sums = arrivals.max(axis=?) + worth`, and the same axis for `argmax`.

# %% [markdown] id="sounds-worse"
# ## Why greedy sounds worse
#
# Hear the end of the *Ode to Joy*, both ways. Then measured: how often a chorale ends with V or IV and then I (♪ a
# *cadence*, music's full stop), and how surprising the moves are, in bits (as nats, but base 2).

# %% id="ode"
from fractions import Fraction

from musicedu import Melody
from musicedu.arrangement import with_tempo
from musicedu.audio.takes import record_take
from musicedu.harmony.hidden_chords import best_path


def best_chords(notes, weight=1.0, told=True):
    """The best row, told to end on I; weight: how much the notes count beside the moves."""
    heard = weight * np.log(notes_over[:, notes].T)   # a row for every beat
    if told:
        heard[-1, 1:] = -np.inf                       # at the end, nothing but I
    # best_path takes your step at every beat, then follows the origins back from the end.
    return best_path(heard[0], [np.log(moves)] * (len(notes) - 1), heard[1:])


print(f"greedy: {agreement(greedy):.0%}, best row: {agreement(best_chords):.0%}")

QUALITY = ["major", "minor", "minor", "major", "major", "minor", "diminished"]
line = "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 E4:3/2 D4:1/2 D4:2"
ode = with_tempo(Melody.from_text(line, key="D"), 176)
beats = [Fraction(beat) for beat in range(16)]


def named(row):
    """A row of degrees as chords of the Ode, each with its beat."""
    home = ode.key.tonic_pitch_class
    return [ChordAt(at, Chord((home + STEPS[d]) % 12, QUALITY[d])) for at, d in zip(beats, row)]


for name, find in (("greedy", greedy), ("best row", best_chords)):
    chords = named(find(notes_of(ode, beats)))
    take = record_take(ode, chords=chords)
    show_sound(take.y, take.sr, f"Ode to Joy, {name}")
    print(f"{name}:", " ".join(at.chord.name for at in chords))

# %% id="measured"
def comes_home(row):
    """Whether a row of degrees ends with V or IV, then I."""
    last_move = [a for a, b in pairwise(row) if a != b]
    return row[-1] == 0 and bool(last_move) and last_move[-1] in (3, 4)


def bits_a_move(found):
    """How surprising the moves are on average, by our own table."""
    pairs = [(a, b) for row in found for a, b in pairwise(row) if None not in (a, b)]
    return np.mean([-np.log2(moves[a, b]) for a, b in pairs])


sung = [notes_of(one.melody, [at.onset for at in one.chords]) for one in held_out]
bach = [[degree_of(at.chord, one.melody.key) for at in one.chords] for one in held_out]
table = {
    "greedy": map(greedy, sung),
    "greedy, told to end on I": ([*greedy(notes)[:-1], 0] for notes in sung),
    "best row": map(best_chords, sung),
    "best row, not told": (best_chords(notes, told=False) for notes in sung),
    "Bach": bach,
}
for name, found in table.items():
    found = list(found)
    home = np.mean([comes_home(row) for row in found])
    print(f"{name:24} comes home in {home:4.0%}; {bits_a_move(found):.1f} bits a move")
for weight in (0, 0.5, 1, 2, 4):
    found = [best_chords(notes, weight) for notes in sung]
    share = agreement(lambda notes, weight=weight: best_chords(notes, weight))
    print(f"weight {weight}: agreement {share:.0%}, {bits_a_move(found):.1f} bits a move")

# %% [markdown] id="explorer-ask"
# Greedy never comes home: under the last note it likes vi better. The best row's moves lead there, even
# untold. It is *less* surprising than Bach: it takes the beaten path every time. `weight`, how much the notes count beside the
# moves, stands between the two. Move it: what happens at 0? At 4?

# %% id="explorer" tags=["widget", "nbval-ignore-output"]
from musicedu.display.arrangement_view import lead_sheet_picture
from musicedu.display.explorer import explore, slider


def draw(weight):
    """The Ode with the best row at one weight of the notes."""
    row = best_chords(notes_of(ode, beats), weight)
    n_changes = sum(a != b for a, b in pairwise(row))
    words = f"Weight {weight}: the chord changes {n_changes} times"
    return lead_sheet_picture(ode, named(row), words)


explore(draw, weight=slider(0.0, 4.0, 0.5, value=1.0))

# %% [markdown] id="package-ask"
# ## The same from the package
#
# `find_chords` is this model grown up: 48 chords, minor keys, and a table of moves for each place of a phrase, so that it
# knows when a cadence is due. It was counted on 333 chorales; `best_triads` is a rule of thumb: the triad of the key that
# holds most of each beat.

# %% id="package"
from musicedu.evaluation.accompaniment import harmonisers, judge_harmonies

everything = list(read_chorales("test"))
for name, score in judge_harmonies(everything, harmonisers()).items():
    print(f"{name:24} {score.agreement:.0%} ({score.low:.0%} to {score.high:.0%})")

# %% [markdown] id="package-means"
# This is harder: minor keys, and the chords that we left out. In brackets a 95 % interval: with so few tunes, the model's
# and the rule's overlap. And 100 % is no aim: a tune can be set well in many ways.
#
# ## Voices
#
# ♪ **Voice leading**: every voice goes to the *nearest* note of the next chord, none leaves its range, and no two run in
# ♪ *parallel fifths or octaves*, in which two voices melt into one. Chords stacked from the bass up do so at every change.

# %% id="parallels"
from musicedu.arrangement import Arrangement, Part
from musicedu.harmony.hidden_chords import find_chords
from musicedu.generation.accompaniment.voicing import lead_voices, stack_voices
from musicedu.harmony.voices import measure_voice_leading


def parallels(before, after):
    """How many pairs of voices keep a fifth (7) or an octave (0) while both move."""
    count = 0
    for high in range(len(before)):
        for low in range(high + 1, len(before)):
            same = (before[high] - before[low]) % 12 == (after[high] - after[low]) % 12
            moved = before[high] != after[high] and before[low] != after[low]
            count += same and moved and (after[high] - after[low]) % 12 in (0, 7)
    return count


print("C-E-G to D-F-A, stacked:", parallels((67, 64, 60), (69, 65, 62)), "parallel")
ode_chords = find_chords(ode, chords_per_measure=2, plain=True)
for name, set_voices in (("stacked", stack_voices), ("led", lead_voices)):
    voices = set_voices(ode, ode_chords)
    found = measure_voice_leading((ode, *voices))
    print(f"{name:8} {found.parallels} parallels, {found.mean_move:.1f} semitones a move")
    parts = [Part("Voice", 19, (line,), 0.8) for line in (ode, *voices)]
    organ = render_stems(Arrangement(ode, ode_chords, tuple(parts)))
    show_sound(organ.sound()[: 4 * organ.sr], organ.sr, f"the Ode, {name}")

# %% [markdown] id="grid-ask"
# ## Drums
#
# ♪ The deep *kick* says where the measure begins; something lighter answers. Here is a waltz in six steps of an eighth.
# Press and listen. When is it no longer a waltz?

# %% id="grid" tags=["widget", "nbval-ignore-output"]
from musicedu.display.rhythm_input import step_grid


def play_pattern(pattern):  # for task 3
    show(step_grid(pattern, metre="4/4", tempo_bpm=110).shown)


waltz = {"kick": "x.....", "stick": "..x.x.", "closed hat": "xxxxxx"}
grid = step_grid(waltz, metre="3/4", tempo_bpm=150)
grid

# %% [markdown] id="drums-ask"
# ## Task 3: your pattern
#
# In text, a pattern has a line for each sound: `x` a stroke, `X` a strong one, `o` a soft one, `.` silence. A line divides
# the measure evenly: eight characters of 4/4 are eighths.
#
# Write one for 4/4: the kick on the first beat but not on all four; something lighter on beats 2, 3 and 4; no more than 24
# strokes, so that a tune has air.

# %% id="task-3"
kick = "X...x..."  # solution: eight characters, in quotes
# what answers it
snare = "..x...x."  # solution: eight characters
# and what fills the time between
hat = "xoxoxoxo"  # solution: eight characters
my_pattern = {"kick": kick, "snare": snare, "closed hat": hat}
asked = [accompanying.is_pattern, accompanying.grooves_in(Metre(4, 4))]
check("Task 3", my_pattern, *asked, praise="One can dance to it.", then=play_pattern)

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. In eighths, the four beats are characters 1, 3, 5 and 7 of each line.
# 2. Kick on 1 and 3, snare on 2 and 4 is what nearly all rock does.
# 3. `kick = "X...?..."`, `snare = "..x...?."`, and a line of `x` and `o` in turn.

# %% [markdown] id="bass-ask"
# ## A bass, and all together
#
# A bass ties drums and chords together: low, and on the ♪ *root* (the note that names the chord) where a chord begins. Root
# and fifth in turn is the plainest; a *walking* bass steps on to where the next chord begins. `arrange` puts everything
# under a tune.
#
# ♪ A *stem* is one player's sound alone. Is the sum of the stems *exactly* the mix?
#
# ## To a music program
#
# Producers work in a ⌨ *DAW* (digital audio workstation: Ardour, Reaper, Logic, Live). Two things go in:
#
# - **MIDI**: notes without sound, a track a player. Everything can be changed. Drums are on channel 10, where each key is
#   another drum.
# - **Stems**: sound without notes, fit for mixing: louder, to the left, an echo on the snare alone.
#
# There a producer exchanges sounds, leaves players out of the first verse, and rewrites what does not convince.

# %% id="bass"
import tempfile

from musicedu.formats.midi_write import render_arrangement_midi
from musicedu.formats.midi_events import read_events
from musicedu.generation.accompaniment.arranging import arrange
from musicedu.sheet.piece_folder import save_piece


def root_and_fifth(chord, n_strokes):
    """The low root and, in turn, the chord's fifth below it (7 up, an octave down: -5)."""
    root = 36 + chord.root
    return [root if stroke % 2 == 0 else root - 5 for stroke in range(n_strokes)]


print("two measures of D:", root_and_fifth(Chord.parse("D"), 4))
swing = arrange(ode, "swing")
walk = next(part.line for part in swing.parts if part.name == "Bass")
print("walking:", " ".join(str(note.spelling) for note in walk.notes))
stems = render_stems(swing)
show_sound(stems.sound(), stems.sr, "the Ode in swing")
exact = np.array_equal(stems.samples.astype(int).sum(axis=0), stems.mix)
print(f"{len(stems.names)} stems: {', '.join(stems.names)}; their sum is the mix: {exact}")
with tempfile.TemporaryDirectory() as folder:         # a folder of yours: "my_piece"
    paths = save_piece(piece, folder)
    for path in (*paths[:5], *paths.stems):
        print(path.relative_to(folder).as_posix())
for track in read_events(render_arrangement_midi(song)).tracks:
    where = " on channel 10" if track.is_drums else ""
    print(f"{track.name}: {len(track.notes)} notes{where}")

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **Why is the best row of chords not the row of the best chords?**
# - [ ] Viterbi's search is only approximate :: It is exact: no row of chords has a larger sum.
# - [x] A chord that suits its note may lead nowhere :: The moves count too, so a beat gives in for its neighbours' sake.
# - [ ] The notes are counted twice :: Each note counts once, with its weight.
#
# **The model agrees with Bach on about half of the beats. What does that say?**
# - [ ] The other half sounds wrong :: Listen: most of it is another good chord.
# - [ ] Nothing: taste cannot be measured :: It tells the model from I throughout, on tunes it never saw.
# - [x] It has learnt habits of that style :: And there is more than one good answer. For rock, chorales are the wrong teacher.
#
# **A friend wants your song lower, and with a clarinet. What do you send?**
# - [ ] The mix :: The tune cannot be taken out of it again.
# - [ ] The stems :: They can be mixed anew, but a recorded violin stays a violin.
# - [x] The MIDI file :: It holds notes, and says only which instrument is meant.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - count a hidden Markov model, and search the best row of hidden states;
# - say by measure why greedy chords wander, and what parallels are;
# - write drums, and hand over MIDI and stems.

# %% [markdown] id="where-next"
# ## Where next
#
# `musicedu make --key G --metre 6/8` fills a folder; put your own tune through `arrange`. The package keeps this lesson in `musicedu.generation.accompaniment`, `musicedu.arrangement` and
# `musicedu.audio.synthesise`; `musicedu train chords` counts the tables, and `benchmarks/accompaniment.py` measures them.
# Lesson 16 asks whether any of this is good.
#
# To read: M. Allan and C. Williams (2005), *Harmonising chorales by probabilistic inference*; I. Simon, D. Morris and
# S. Basu (2008), *MySong: automatic accompaniment generation for vocal melodies*.
