# %% [markdown] id="title"
# # Harmony
#
# At the end of this lesson you can have a computer name the chords of a recording and the key of a piece, and you know
# its typical mistakes.
#
# **Time:** 40 minutes. **You need:** lesson 02 (what a spectrum is).

# %% [markdown] id="words"
# - ♪ *Chord*: notes heard together. Here three, a *triad*: a *root*, a *third* and a *fifth* above it. The third of a
#   **major** chord (`C`) lies 4 semitones above the root, that of a **minor** one (`Cm`) only 3.
# - ⌨ *Pitch class*: a note without its octave, numbered 0 (C) to 11 (B). `% 12` (⌨ *modulo*, the remainder)
#   takes octaves away: the A of 440 Hz has pitch 69, and `69 % 12` is 9.
#
# The first cell puts chords under *Greensleeves* by the rules of a first harmony book and has it played by violin and
# guitar. Since we chose the chords, we know the truth.

# %% id="listen"
from fractions import Fraction

from musicedu import Melody, show_score, show_sound
from musicedu.audio.takes import record_take
from musicedu.course.asks import harmonies
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import check
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict
from musicedu.harmony.harmonising import harmonise

begin_lesson()
greensleeves = Melody.from_text(
    "A4:1/2 C5:1 D5:1/2 E5:3/4 F5:1/4 E5:1/2 D5:1 B4:1/2 G4:3/4 A4:1/4 B4:1/2 "
    "C5:1 A4:1/2 A4:3/4 G#4:1/4 A4:1/2 B4:1 G#4:1/2 E4:1 A4:1/2 "
    "C5:1 D5:1/2 E5:3/4 F5:1/4 E5:1/2 D5:1 B4:1/2 G4:3/4 A4:1/4 B4:1/2 "
    "C5:3/4 B4:1/4 A4:1/2 G#4:3/4 F#4:1/4 G#4:1/2 A4:1 A4:1/2 A4:1",
    metre="6/8", key="A minor", anacrusis=Fraction(1, 2),
)
take = record_take(
    greensleeves, program=40, chord_program=24, room="room", chords=harmonise(greensleeves)
)
show_score(greensleeves)
show_sound(take.y[: 6 * take.sr], take.sr, "Greensleeves, violin and guitar")
print("chords:", " ".join(one.chord.name for one in take.chords))

# %% [markdown] id="chroma-ask"
# ## Twelve numbers for a sound
#
# A spectrum has two thousand rows. Harmony needs twelve: how strongly each pitch class sounds. That is **chroma**.
# Give every row its pitch, the pitch its pitch class, and add up.

# %% id="chroma-by-hand"
import numpy as np

from musicedu.audio.spectrum import extract_spectrum
from musicedu.display.harmony_view import PITCH_CLASS_NAMES, plot_chroma
from musicedu.display.plots import show_plot


def chroma_of(y, sr):
    """How strongly each pitch class sounds: 12 rows, one column a frame, the strongest 1."""
    spectrum = extract_spectrum(y, sr, n_fft=4096, hop_length=2048)
    heard = (spectrum.rows >= 55) & (spectrum.rows <= 5000)     # hertz: where notes live
    pitch = np.round(69 + 12 * np.log2(spectrum.rows[heard] / 440)).astype(int)
    power = spectrum.values[heard].astype(float) ** 2
    chroma = np.array([power[pitch % 12 == row].sum(axis=0) for row in range(12)])
    return chroma / np.maximum(chroma.max(axis=0), 1e-10), spectrum.times_sec


chroma, times_sec = chroma_of(take.y, take.sr)
second = take.chords[1]
during = (times_sec > second.onset_sec) & (times_sec < second.offset_sec)
order = np.argsort(-chroma[:, during].mean(axis=1))
strongest = ", ".join(PITCH_CLASS_NAMES[row] for row in order[:3])
words = f"Strongest during {second.chord.name}: {strongest}"
show_plot(plot_chroma(chroma, times_sec), f"Chroma of Greensleeves over time. {words}")
print(words)

# %% [markdown] id="prediction-1-ask"
# ## Predict
#
# G, B and D: that is the chord. Dark in the map is the violin; the guitar is the pale rest. Now **one** trumpet plays
# **one** note, a G. How many pitch classes will be at least half as strong as the strongest: `"one"`, `"two"` or
# `"three or more"`?

# %% id="prediction-1"
guess = "three or more"  # solution: "one", "two" or "three or more"
predict("Prediction 1", guess, choices=("one", "two", "three or more"))

# %% id="one-note"
from musicedu.audio.harmony import extract_harmony

trumpet = record_take(Melody.from_text("G3:4"), program=56)
by_hand = chroma_of(trumpet.y, trumpet.sr)[0].mean(axis=1)
freed = extract_harmony(trumpet.y, trumpet.sr).pitch_class_weights
strong = {}
for name, weights in (("by hand", by_hand), ("without overtones", freed)):
    order = [row for row in np.argsort(-weights) if weights[row] > 0.5 * weights.max()]
    strong[name] = [PITCH_CLASS_NAMES[row] for row in order]
    print(f"one G, {name}: {', '.join(strong[name])}")
outcome = ("one", "two", "three or more")[min(len(strong["by hand"]), 3) - 1]
print(compare("Prediction 1", outcome))

# %% [markdown] id="one-note-after"
# A note brings its *overtones*, multiples of its frequency. Three times a G is a D, five times a B: **a single note
# already looks like a major chord**, and here its D is the strongest. `extract_harmony` asks instead: which few
# notes, *with* their overtones, explain this spectrum?
#
# ## Twenty-four templates
#
# A *template* is what a chord should look like: 1 for its notes, 0 for the rest. That of C major is
# `[1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0]`.

# %% [markdown] id="task-1-ask"
# ## Task 1: a template for every minor chord
#
# Write the function that gives the template of the **minor** chord on any root from 0 to 11: a list of twelve
# numbers.

# %% id="task-1"
def minor_template(root):
    row = [0] * 12
    for step in (0, 3, 7):  # solution: put a 1 on each note of the chord,
        row[(root + step) % 12] = 1  # solution:
    return row  # solution: then return the row


asked = [is_function, harmonies.marks_minor_chords]
check("Task 1", minor_template, *asked, praise="Twelve minor chords from three numbers.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. Start with twelve zeros and put a 1 on three of them. Which three, for the root C? And what changes for D?
# 2. The third lies 3 semitones above the root, the fifth 7. `row[place] = 1` marks a place. Above B the count goes
#    round: `% 12`.
# 3. Two lines, with two gaps: `for step in (0, ?, 7):` and below it, indented, `row[(root + ?) % 12] = 1`. Then
#    `return row`.

# %% [markdown] id="flicker-ask"
# ## The best template flickers
#
# Now hold all 24 templates against every frame, ten times a second. The fit is the *cosine*: 1 where both point the
# same way, 0 where they share nothing. The best wins. The upper row is what was played; below, hatched orange is wrong.

# %% id="flicker"
from musicedu.audio.harmony import sounding_chords, templates
from musicedu.display.harmony_view import plot_chord_rows
from musicedu.evaluation.listening.harmony import score_chords


def fits_of(chroma):
    return templates() @ (chroma / np.maximum(np.linalg.norm(chroma, axis=0), 1e-9))


fits = fits_of(chroma)                                  # 24 chords, one column a frame
heard = sounding_chords(fits.argmax(axis=0), times_sec)
right = score_chords(take.chords, heard)
words = f"Best template of each frame: {len(heard)} chords, right for {right:.0%} of the time"
show_plot(plot_chord_rows({"played": take.chords, "heard": heard}, truth="played"), words)
print(words)

# %% [markdown] id="viterbi-ask"
# Dozens of chords where eight were played: a frame takes every passing note of the violin for harmony. A musician
# knows that chords *stay*.
#
# So let every **change cost** something, and find the row of chords with the highest sum of fits less costs. We need
# not try all rows. Go from left to right and keep, for each chord, only the best row that ends on it: either that chord
# stayed, or the leader of the moment changed to it and paid. At the end, follow the marks back. ⌨ That is *dynamic
# programming*, here named after **Viterbi**.

# %% id="viterbi-by-hand"
def best_row(fits, cost):
    """The chord of every frame in the row with the highest sum of fits, less cost a change."""
    total, marks = fits[:, 0], []
    for fit in fits.T[1:]:
        leader = total.argmax()
        changes = total[leader] - cost > total          # cheaper to come from the leader?
        marks.append(np.where(changes, leader, np.arange(len(total))))
        total = np.where(changes, total[leader] - cost, total) + fit
    row = [total.argmax()]
    for mark in reversed(marks):                        # follow the marks back
        row.append(mark[row[-1]])
    return np.array(row[::-1])


frame_sec = times_sec[1]
for cost_sec in (0, 0.05, 0.2, 0.4):
    heard = sounding_chords(best_row(fits, cost_sec / frame_sec), times_sec)
    right = score_chords(take.chords, heard)
    print(f"cost {cost_sec:.2f} s: {len(heard):2} chords, right for {right:.0%} of the time")

# For task 2: Amazing Grace, and what is asked of a cost
grace = Melody.from_text(
    "D4:1 G4:2 B4:1/2 G4:1/2 B4:2 A4:1 G4:2 E4:1 D4:2 "
    "D4:1 G4:2 B4:1/2 G4:1/2 B4:2 A4:1 D5:5", metre="3/4", key="G", anacrusis=1,
)
noisy = record_take(
    grace, program=24, chord_program=48, room="room", snr_db=10, chords=harmonise(grace)
)
noisy_chroma, noisy_sec = chroma_of(noisy.y, noisy.sr)
hears_grace = harmonies.hears_steadily(
    fits_of(noisy_chroma), noisy_sec, noisy.chords, right=0.8, at_most=10
)


def play_grace(_):
    show_sound(noisy.y[: 4 * noisy.sr], noisy.sr, "Amazing Grace, its opening, in noise")

# %% [markdown] id="explorer-ask"
# The cost is counted in seconds of perfect fit. **Change** it: where does the flicker stop, and which chord is
# swallowed first? (Run the cell; the slider needs the kernel.)

# %% id="explorer" tags=["widget", "nbval-ignore-output"]
from musicedu.display.explorer import explore, slider
from musicedu.display.plots import plot_picture


def draw(cost_sec):
    heard = sounding_chords(best_row(fits, cost_sec / frame_sec), times_sec)
    right = score_chords(take.chords, heard)
    words = f"Cost {cost_sec:.2f} s: {len(heard)} chords, right for {right:.0%} of the time"
    axes = plot_chord_rows({"played": take.chords, "heard": heard}, truth="played")
    axes.set_title(words, fontsize=10)
    return plot_picture(axes, words)


explore(draw, cost_sec=slider(0.0, 0.6, 0.02, value=0.06))

# %% [markdown] id="task-2-ask"
# ## Task 2: a cost for another recording
#
# *Amazing Grace*, guitar over strings, in noise. Find a cost that is right for **80 %** of the time in no more than
# **10** chords.

# %% id="task-2"
my_cost = 0.08  # solution: a number of seconds
asked = [harmonies.is_cost, hears_grace]
check("Task 2", my_cost, *asked, praise="Steady, and not deaf.", then=play_grace)

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. A cost that is too low flickers; one that is too high swallows short chords. The verdict says which you have.
# 2. Halve or double it until the verdict changes sides, then go between.
# 3. It lies between 0 and 0.15: `my_cost = 0.?`.

# %% [markdown] id="package-ask"
# ## Where our chroma fails, and what the package does
#
# `estimate_chords` works as ours does, but on chroma without overtones, and it listens for the root **in the bass**.
# The second recording is the *Ode to Joy*, two chords a measure, a flute above a soft piano. The third adds noise.

# %% id="package"
from musicedu.audio.harmony import estimate_chords

ode = Melody.from_text(
    "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 F#4:3/2 E4:1/2 E4:2 "
    "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 E4:3/2 D4:1/2 D4:2", key="D",
)
chords = harmonise(ode, chords_per_measure=2)
flute = record_take(ode, program=73, room="room", chords=chords)
hissing = record_take(ode, program=73, room="room", chords=chords, snr_db=10)
print("right for so much of the time: by hand, cost 0.2 s | estimate_chords")
named = {"Greensleeves": take, "Ode to Joy": flute, "Ode in noise": hissing}
for name, one in named.items():
    ours, at_sec = chroma_of(one.y, one.sr)
    simple = sounding_chords(best_row(fits_of(ours), 0.2 / frame_sec), at_sec)
    package = estimate_chords(one.y, one.sr)
    shares = [score_chords(one.chords, row) for row in (simple, package)]
    print(f"{name:13} {shares[0]:4.0%} | {shares[1]:4.0%}")

# %% [markdown] id="package-after"
# By hand we heard the flute, not the harmony, and no cost mends that. Fast chords under a flute *in noise* beat the
# package too. And these are synthetic players: a band with drums is harder.
#
# ## The key
#
# ♪ The *key* says which note is home (the *tonic*) and which scale is used. It shows in how long each pitch class
# sounds. Krumhansl and Kessler (1982) played listeners a cadence, then single notes, and asked how well each fits: the
# mean answers are a **profile**. Here is that of D major, over the notes of the Ode.

# %% id="key-by-hand"
from musicedu.display.harmony_view import plot_pitch_classes
from musicedu.harmony.tonality import PROFILES, estimate_key, pitch_class_histogram

major = np.array(PROFILES["krumhansl"].major)           # from the tonic up
histogram = pitch_class_histogram(ode)                  # quarter notes, from C up
for tonic in (2, 4):
    correlation = np.corrcoef(histogram, np.roll(major, tonic))[0, 1]
    print(f"{PITCH_CLASS_NAMES[tonic]} major: correlation {correlation:+.2f}")
words = "How long each pitch class sounds in the Ode, and the profile of D major over it"
show_plot(plot_pitch_classes(histogram, np.roll(major, 2)), words)

# %% [markdown] id="task-3-ask"
# ## Task 3: find the tonic
#
# `np.roll(profile, tonic)` turns a profile to a tonic, and the *correlation* (from -1 to 1) says how well two rows of
# numbers rise and fall together. Write the function that tries **all twelve** tonics and returns the best one.

# %% id="task-3"
def tonic_of(weights, profile):
    fit = [np.corrcoef(weights, np.roll(profile, at))[0, 1] for at in range(12)]  # solution: list the fit of every tonic,
    return int(np.argmax(fit))  # solution: then return the tonic that fits best


asked = [is_function, harmonies.finds_tonics(histogram, major, tonic=2)]
check("Task 3", tonic_of, *asked, praise="It follows the music into any key.")

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. The cell above does it for two tonics. You need a list of twelve.
# 2. `[... for tonic in range(12)]` makes the list; `np.argmax` gives the place of its largest number.
# 3. One gap: `fit = [np.corrcoef(weights, np.roll(profile, ?))[0, 1] for tonic in range(12)]`, then
#    `return np.argmax(fit)`.

# %% [markdown] id="scores-ask"
# ## On sound, on scores, and where it errs
#
# `estimate_key` does it with major and minor profiles, and takes the weights of a score or of a recording alike. We
# ask it for the keys of our recordings, then of nearly 400 printed tunes.

# %% id="scores"
from musicedu import load_corpus
from musicedu.evaluation.listening.harmony import is_tonal, score_key

for name, one in named.items():
    found = estimate_key(extract_harmony(one.y, one.sr).pitch_class_weights)
    print(f"{name}: {found[0].key.name}, then {found[1].key.name}")

held_out = load_corpus(include_non_commercial=False, split="test")
tunes = [tune for tune in held_out.tunes() if is_tonal(tune.melody)]
tunes = [tune for tune in tunes if tune.collection != "bach_bass"]  # their files name no mode
print(f"\n{len(tunes)} tunes  right  fifth  relative  parallel  else  score")
for name in PROFILES:
    guesses = [estimate_key(pitch_class_histogram(tune.melody), name)[0] for tune in tunes]
    # 1 for the key, 0.5 a fifth off, 0.3 the relative key, 0.2 the parallel one
    points = [score_key(tune.melody.key, guess.key) for tune, guess in zip(tunes, guesses)]
    counts = [points.count(value) for value in (1.0, 0.5, 0.3, 0.2, 0.0)]
    cells = [f"{count:{width}}" for count, width in zip(counts, (5, 7, 10, 10, 6))]
    print(f"{name:11}{''.join(cells)}   {np.mean(points):.2f}")

# %% [markdown] id="errors-ask"
# Half of the errors are neighbours. ♪ *Relative* keys (G major and E minor) share all their notes and differ in where
# home is; keys a *fifth* apart share all but one. A histogram has no order: it cannot know that a tune *ends* at home.
#
# Hear the end of *The Foggy Dew*, printed in G major and taken for E minor, with chords of one key, then of the other.
# Which comes home? (Not every error is the computer's: another tune is printed in F major and ends on a long D.)

# %% id="two-homes"
from dataclasses import replace

from musicedu.melody import KeyAt
from musicedu.melody.cutting import cut_measures

dew = load_corpus().tune("oneills/0101-0200/186").melody
ending = cut_measures(dew, 10, 3)
for guess in (dew.key, estimate_key(pitch_class_histogram(dew))[0].key):
    in_key = replace(ending, keys=(KeyAt(Fraction(0), guess),))
    played = record_take(in_key, program=73, chords=harmonise(in_key))
    print(guess.name, "with", " ".join(one.chord.name for one in played.chords))
    show_sound(played.y, played.sr, f"the end, in {guess.name}")

night = Melody.from_text(  # for task 4
    "D5:2 D5:1 B4:3 C5:2 C5:1 G4:3 A4:2 A4:1 C5:3/2 B4:1/2 A4:1 G4:3/2 A4:1/2 G4:1 E4:3",
    metre="3/4", key="C", title="Silent Night",
)
show_score(night)


def listen_to(chords):
    mine = harmonies.take_with(night, chords)
    heard = estimate_chords(mine.y, mine.sr)
    show_sound(mine.y, mine.sr, "Silent Night with your chords")
    right = score_chords(mine.chords, heard)
    print("heard:", " ".join(one.chord.name for one in heard), f"(right for {right:.0%})")

# %% [markdown] id="task-4-ask"
# ## Task 4: your chords
#
# *Silent Night*, the last score above. Put one chord under each, **three different ones or more**, ending at home. Then
# the computer listens to *you*.

# %% id="task-4"
my_chords = ["G", "G", "C", "C", "F", "F", "C", "C"]  # solution: a list of eight, such as "C", "Am" or "F#m"
asked = [harmonies.is_list_of_chords, harmonies.one_chord_a_measure(night)]
asked += [harmonies.n_different_chords(3), harmonies.carries(night)]
asked += [harmonies.comes_home(night)]
check("Task 4", my_chords, *asked, praise="Press play.", then=listen_to)

# %% [markdown] id="task-4-hints" tags=["hints"]
# 1. Which note does the tune stand on longest in each measure? A chord that holds it will do.
# 2. C holds C, E, G; F holds F, A, C; G holds G, B, D; Am, Dm and Em are their relatives. Home is C.
# 3. Two gaps: `["G", "?", "C", "C", "?", "F", "C", "C"]`.

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **A single note of a trombone: what may simple chroma take it for?**
# - [ ] A minor chord on that note :: The fifth overtone lies a *major* third (and two octaves) above.
# - [x] A major chord on that note :: The third overtone is its fifth, the fifth its major third.
# - [ ] Nothing: one note is no chord :: A template takes what fits best. Only a "no chord" row could refuse.
#
# **With a very high cost of change, what is heard?**
# - [ ] Nothing :: Staying costs nothing. Something is always heard.
# - [x] One chord throughout :: No change can pay for itself, so the one that fits best on the whole remains.
# - [ ] The true chords, later :: A cost does not delay. The row is found with all frames known.
#
# **A tune in E minor is taken for G major. Why is this mistake so common?**
# - [ ] The two keys sound the same :: Play them. They have their home on different notes.
# - [x] They share their seven notes, and a histogram does not know which comes last :: Order is what it threw away.
# - [ ] The recording was out of tune :: Scores are never out of tune, and show the same mistake.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - turn a spectrum into twelve numbers, and say why one note looks like a chord;
# - find the chords of a recording, and choose what a change should cost;
# - find a key, on paper and in sound, and hear relative and fifth errors for what they are.

# %% [markdown] id="where-next"
# ## Where next
#
# Try a recording of your own: load it as in lesson 01, then `estimate_chords(y, sr)`. The package keeps this lesson in `musicedu.audio.harmony`, `musicedu.harmony.tonality`
# and `.harmonising`; `benchmarks/listening_table.py` measures it. Lesson 06 turns to scores by the thousand.
#
# To read: M. Mauch and S. Dixon (2010), *Approximate note transcription for the improved identification of difficult
# chords*; D. Temperley (1999), *What's key for key? The Krumhansl-Schmuckler key-finding algorithm reconsidered*.
