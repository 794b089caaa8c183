# %% [markdown] id="title"
# # Whose tune is it?
#
# By the end you can recognise a recording from five noisy seconds, know a tune again under its disguise, and report what a
# melody shares with others, knowing what such a report does *not* prove.
#
# **Time:** 40 minutes. **You need:** lesson 02 (spectrogram), lesson 06 (the corpus).

# %% [markdown] id="two-questions"
# "What is this?" can mean two things:
#
# - *Which recording is it?* The very same sound stands on a shelf. An **audio fingerprint** finds it.
# - *Which tune is it?* Somebody else plays it, in another key, with ornaments. That is **melodic similarity**.
#
# First a shelf of eight old tunes, each on another instrument, and five seconds from the middle of one. Do you
# know it?

# %% id="shelf"
from dataclasses import replace
from fractions import Fraction

from musicedu import TempoAt, load_corpus, show_score, show_sound
from musicedu.audio.takes import record_take, with_noise
from musicedu.course.asks import likeness
from musicedu.course.asks.functions import is_function
from musicedu.course.asks.requirements import is_melody
from musicedu.course.checks import answer_to, check
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict
from musicedu.melody.cutting import cut_measures

begin_lesson()
corpus = load_corpus(include_non_commercial=False)
on_the_shelf = {  # id in the corpus: General MIDI instrument
    "fife/americanfifeopus/6": 73,
    "airds/book4/619": 40,
    "fife/americanfifeopus/30": 56,
    "oneills/1801-1850/1814": 71,
    "airds/book1/109": 24,
    "airds/book4/681": 41,
    "oneills/0951-0981/971": 65,
    "oneills/1376-1475/1418": 0,
}


def record(melody, program, tempo_bpm=110):
    """Play a melody at a tempo: samples and sample rate."""
    at_tempo = replace(melody, tempos=(TempoAt(Fraction(0), Fraction(tempo_bpm)),))
    take = record_take(at_tempo, program=program)
    return take.y, take.sr


shelf = {}
for name, program in on_the_shelf.items():
    melody = corpus.tune(name).melody
    melody = cut_measures(melody, 1, min(16, melody.measures[-1].number))
    y, sr = record(melody, program)
    shelf[melody.title.strip(".")] = (melody, program, y)
for title, (melody, _, y) in shelf.items():
    print(f"{title}: {melody.metre}, {len(y) / sr:.0f} s")
grenadiers, flute, whole = shelf["British Grenadiers"]
excerpt = whole[4 * sr : 9 * sr]
show_sound(excerpt, sr, "five seconds of a flute")

# %% [markdown] id="stars-ask"
# ## Stars
#
# Add a little noise, and no sample is the same. A. Wang (2003, for *Shazam*) kept only the brightest points of the
# spectrogram, like stars: noise and MP3 change almost everything but those.
#
# A held note has no brightest moment, but it has a beginning. So our stars stand **where a semitone grows louder than
# it and its neighbours were a moment before**. `semitone_spectrogram` is lesson 02's spectrogram with a row for each
# ♪ *semitone* (piano key). ⌨ `maximum_filter` replaces each value by the largest around it.

# %% id="stars"
import numpy as np
from scipy.ndimage import maximum_filter

from musicedu.display.likeness_view import plot_stars
from musicedu.display.plots import show_plot
from musicedu.originality.constellation import HOP_LENGTH, SR, semitone_spectrogram


def find_stars(y, sr, per_sec=10):
    """The stars of a sound as rows (frame, semitone, strength), in order of time."""
    loudness = semitone_spectrogram(y, sr)
    before = maximum_filter(loudness[:, :-4], size=(3, 1), mode="nearest")
    rise = np.zeros_like(loudness)
    rise[:, 4:] = np.maximum(0, loudness[:, 4:] - before)
    is_peak = (rise == maximum_filter(rise, size=(3, 5), mode="constant")) & (rise > 0)
    semitone, frame = np.nonzero(is_peak)
    n_kept = round(per_sec * rise.shape[1] * HOP_LENGTH / SR)
    strongest = np.argsort(-rise[is_peak])[:n_kept]
    strengths = rise[is_peak]
    return sorted((int(frame[k]), int(semitone[k]), float(strengths[k])) for k in strongest)


stars = find_stars(excerpt, sr)
frames, semitones, strengths = zip(*stars, strict=True)
print(f"{len(stars)} stars in 5 seconds of {len(excerpt)} samples")
ax = plot_stars(semitone_spectrogram(excerpt, sr), frames, semitones)
show_plot(ax, f"Spectrogram with {len(stars)} stars: a wave of melody, its overtones above it")

# %% [markdown] id="hash-ask"
# The lowest stars are the melody.
#
# ## Task 1: a hash of three stars
#
# One star says nothing, *three* a lot. A ⌨ *hash* is a short value, the same whenever the things are the same, so
# that a ⌨ *dictionary* finds it at once.
#
# Write a hash of three stars, each `(frame, semitone)`, that stays the same when the music is played **later, slower or
# faster**. Missing is *where* the second star lies between the first and the third, as a whole number from 0 to 16.

# %% id="task-1"
def hash_of(first, second, third):
    """Three stars, each (frame, semitone), as a value that neither time nor tempo changes."""
    place = round(16 * (second[0] - first[0]) / (third[0] - first[0]))  # solution: a number from 0 to 16
    return first[1], second[1], third[1], place


asked = [is_function, likeness.same_at_any_tempo, likeness.tells_tunes_apart]
check("Task 1", hash_of, *asked, praise="A fingerprint that does not mind the tempo.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. If all times double, both distances from the first star double. What of the two stays the same?
# 2. Divide the way to the second star by the way to the third. `second[0]` is the second star's frame.
# 3. Fill in the gap: `round(16 * (second[0] - first[0]) / (?))`. `round` makes it coarse enough for 5 %.

# %% [markdown] id="book-ask"
# ## A book of hashes, and a vote
#
# Each star is joined with the six strongest of the next two seconds, in all pairs. All hashes of the shelf go into a
# dictionary: hash → where it was seen. An excerpt's hashes *vote*, each for a recording and a place in it. By chance
# votes scatter; for the right recording they agree. (Until task 1 is done, the package's hashes vote.)

# %% id="book"
from collections import Counter, defaultdict
from itertools import combinations

from musicedu.originality.constellation import hash_of_stars

my_hash = answer_to("Task 1", until_then=hash_of_stars)


def hashes_of(stars):
    """All hashes of some stars, each with the frame at which it begins."""
    for star in stars:
        later = [other for other in stars if 3 <= other[0] - star[0] < 95]
        strongest = sorted(sorted(later, key=lambda other: other[2])[-6:])
        for second, third in combinations(strongest, 2):
            if third[0] - second[0] >= 3:
                yield my_hash(star[:2], second[:2], third[:2]), star[0]


book = defaultdict(list)
for title, (_, _, y) in shelf.items():
    for value, frame in hashes_of(find_stars(y, sr)):
        book[value].append((title, frame))


def vote(y):
    """How many votes each recording gets for its best place, most first."""
    places = Counter()
    for value, frame in hashes_of(find_stars(y, sr)):
        for title, recorded in book[value]:
            places[title, (recorded - frame) // 32] += 1  # 32 frames are 0.7 s
    best = dict.fromkeys(shelf, 0)
    for (title, _), votes in places.items():
        best[title] = max(best[title], votes)
    return dict(sorted(best.items(), key=lambda item: -item[1]))


print(f"{len(book)} different hashes")
for title, votes in list(vote(excerpt).items())[:3]:
    print(f"{votes} votes: {title}")

# %% [markdown] id="prediction-1-ask"
# ## Predict: what breaks it?
#
# Four changes: **noise** as loud as the music (0 dB); the flute plays 5 % **faster**; a semitone **higher**; or a
# **trumpet** plays the same notes. Which leaves the fewest votes?

# %% id="prediction-1"
guess = "higher"  # solution: "noise", "faster", "higher" or "trumpet"
predict("Prediction 1", guess, choices=("noise", "faster", "higher", "trumpet"))

# %% id="break"
noisy = with_noise(excerpt, 0.0, np.random.default_rng(1))
changed = {
    "noise": noisy / np.abs(noisy).max(),
    "faster": record(grenadiers, flute, 115.5)[0][int(4 / 1.05 * sr) : int(9 / 1.05 * sr)],
    "higher": record(grenadiers.transposed(1), flute)[0][4 * sr : 9 * sr],
    "trumpet": record(grenadiers, 56)[0][4 * sr : 9 * sr],
}
show_sound(changed["noise"], sr, "the same five seconds in noise")
counted = {change: vote(y) for change, y in changed.items()}
for change, votes in counted.items():
    share = votes["British Grenadiers"] / vote(excerpt)["British Grenadiers"]
    wins = max(votes, key=votes.get) == "British Grenadiers"
    half = "more" if share > 0.5 else "less"
    end = "wins" if wins else "loses"
    print(f"{change}: {half} than half of the votes; the right one {end}")
fewest = min(counted, key=lambda change: counted[change]["British Grenadiers"])
print(compare("Prediction 1", fewest))

# %% [markdown] id="why-it-breaks"
# The hash holds the semitones themselves, so a semitone higher is another world, and another instrument has other
# overtones. That is no fault: it is to know *this recording*.
#
# Turn the knobs. How much noise makes another bar as long as the orange one? Does any tempo?

# %% id="explorer" tags=["widget", "nbval-ignore-output"]
from musicedu.display.explorer import explore, slider
from musicedu.display.likeness_view import plot_votes
from musicedu.display.plots import plot_picture


def draw(noise_db, tempo_percent):
    """Votes for an excerpt; noise in dB above the music, tempo in percent of the recording."""
    y, _ = record(grenadiers, flute, 110 * tempo_percent / 100)
    y = y[400 * sr // tempo_percent : 900 * sr // tempo_percent]
    votes = vote(with_noise(y, -noise_db, np.random.default_rng(1)))
    ax = plot_votes(votes, "British Grenadiers")
    n_right = votes["British Grenadiers"]
    words = f"Noise {noise_db} dB, tempo {tempo_percent} %: {n_right} votes for the right one"
    return plot_picture(ax, words)


explore(draw, noise_db=slider(-20, 20, 5, value=0), tempo_percent=slider(80, 120, 5, value=100))

# %% id="explorer-in-figures"
for noise_db in (-10, 0, 10, 20):
    votes = vote(with_noise(excerpt, -noise_db, np.random.default_rng(1)))
    wins = max(votes, key=votes.get) == "British Grenadiers"
    print(f"noise {noise_db:+} dB: {'found' if wins else 'lost'}")
for tempo_percent in (70, 80, 90, 110, 120, 130):
    y, _ = record(grenadiers, flute, 110 * tempo_percent / 100)
    votes = vote(y[400 * sr // tempo_percent : 900 * sr // tempo_percent])
    wins = max(votes, key=votes.get) == "British Grenadiers"
    print(f"tempo {tempo_percent} %: {'found' if wins else 'lost'}")

# %% [markdown] id="package-ask"
# ## The same from the package
#
# `musicedu.originality.fingerprint` does one thing more: it lays the stars of the excerpt over the winner's and says how
# well they fit. So it can say **none of them**, the harder half of the job: some tune always gets most votes.

# %% id="package"
from musicedu.originality.fingerprint import build_index

index = build_index((title, y, sr) for title, (_, _, y) in shelf.items())
stranger = cut_measures(corpus.tune("oneills/1276-1375/1361").melody, 1, 16)
stranger_y, _ = record(stranger, flute)
excerpts = {"as it is": excerpt, **changed, "another tune": stranger_y[4 * sr : 9 * sr]}
for what, y in excerpts.items():
    match = index.identify(y, sr)
    if match is None:
        print(f"{what}: none of these recordings")
    else:
        where = f"from second {match.offset_sec:.0f}, tempo x {match.tempo_ratio:.2f}"
        print(f"{what}: {match.name}, {where}")

# %% [markdown] id="from-recording-to-tune"
# ## Which tune?
#
# Whoever hums the *Grenadiers* higher and slower hums the *Grenadiers*. Two things survive that: ♪ *intervals* (steps
# from note to note) and how lengths relate. The longest **shared run** of notes with the same of both is the plainest
# measure of likeness. By hand:

# %% id="run-by-hand"
def longest_run(one, other):
    """How many notes in a row two melodies share, in any key and at any tempo."""
    steps, other_steps = np.diff(one.pitches), np.diff(other.pitches)
    times = np.diff([note.onset for note in one.notes])
    other_times = np.diff([note.onset for note in other.notes])
    longest = 0
    for i in range(len(steps)):
        for j in range(len(other_steps)):
            n = 0
            while (
                i + n < len(steps)
                and j + n < len(other_steps)
                and steps[i + n] == other_steps[j + n]
                and times[i + n] / times[i] == other_times[j + n] / other_times[j]
            ):
                n += 1
            longest = max(longest, n)
    return longest + 1 if longest else 0


tune = cut_measures(grenadiers, 1, 8)
show_score(tune)
higher = tune.transposed(5)
print(f"{len(tune.notes)} notes; shared five semitones higher: {longest_run(tune, higher)}")

# %% [markdown] id="alignment"
# One ornament cuts a run in two. An **alignment** forgives it (Smith and Waterman 1981, for genes): walk through both
# melodies at once; equal notes gain, different and left-out ones cost, the best walk counts. The package gives half a
# point for the pitch, half for the length, and leaving out a *short* note costs little. `similarity` is the score by
# that of the shorter melody with itself: 1 is the same tune.

# %% id="align"
from musicedu import Melody
from musicedu.display.likeness_view import plot_alignment
from musicedu.originality.similarity import align

dressed_up = Melody.from_text(
    "D5:1/4 E5:1/4 D5:1/4 C#5:1/4 D5:1/2 E5:1/2 F#5:1/2 G5:1/4 F#5:1/4 E5:1/2 F#5:1/2"
    " G5:1/2 F#5:1/2 E5:1/4 F#5:1/4 E5:1/4 D5:1/4 C#5:1 B4:1/2 A4:1/2"
    " D5:3/4 C#5:1/4 D5:1/2 E5:1/2 F#5:1/2 G5:1/4 F#5:1/4 E5:3/4 F#5:1/4"
    " G5:1 F#5:1/4 E5:1/4 D5:1/2 C#5:1/2 D5:1/4 C#5:1/4 B4:1/2 A4:1/2",
    metre="2/4", key="D", title="dressed up",
)
found = align(dressed_up, tune)
print(f"longest shared run: {longest_run(dressed_up, tune)} notes")
print(f"likeness: {found.similarity:.2f}")
words = f"{len(found.pairs)} notes of the dressed-up tune, joined to those of the tune"
show_plot(plot_alignment(dressed_up, tune, found), words)

# %% [markdown] id="task-2-ask"
# ## Task 2: a disguise
#
# Disguise the tune yourself, all of it. Write at least **30 notes** so that no run of more than **five** is shared with
# it, and yet the likeness stays at **0.4** or more: an ear would still know it. Another key, another metre, other
# lengths, notes in between: all is allowed. The tune in words:
#
# `D5:1/2 C#5:1/2 D5:1/2 E5:1/2  F#5:1 E5:1/2 F#5:1/2  G5:1/2 F#5:1/2 E5:1/2 D5:1/2  C#5:1 B4:1/2 A4:1/2`, and once
# more, ending `C#5:1 D5:1/4 C#5:1/4 B4:1/4 A4:1/4`.

# %% id="task-2"
disguised = Melody.from_text("C5:1 B4:1/2 C5:1/2 D5:1 E5:1/2 F5:1/4 E5:1/4 D5:1 E5:1"  # solution: Melody.from_text("...", metre="...", key="...", title="my disguise")
    " F5:3/2 E5:1/2 D5:1 C5:1/2 D5:1/4 C5:1/4 B4:2 A4:1 G4:2 C5:1/2 B4:1/2 C5:1 D5:1"  # solution
    " E5:3/2 D5:1/2 E5:1 F5:1/2 G5:1/4 F5:1/4 E5:1/2 D5:1/2 C5:1 B4:1 C5:1/2 B4:1/2"  # solution
    " A4:1/2 G4:1/2", metre="3/4", title="my disguise")  # solution
asked = [is_melody, likeness.has_notes(30)]
asked += [likeness.shares_at_most(tune, 5), likeness.still_like(tune, 0.4)]
praise = "Nobody will ever know. Or will they?"
check("Task 2", disguised, *asked, praise=praise, then=show_score)

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. Begin with the tune as it stands and change something at every fifth note: the run ends there, the rest stays.
# 2. Another length, a note in between or another pitch ends a run. Two notes for one (`F#5:1` as
#    `F#5:1/2 G5:1/4 F#5:1/4`) do it, and cost little likeness.
# 3. Go on from here, four notes at a time: `D5:1/2 C#5:1/2 D5:3/4 E5:1/4 F#5:1/2 G5:1/4 F#5:1/4 E5:? F#5:?`.

# %% [markdown] id="both-ears-ask"
# Both ears on the disguise (until task 2 is done, the dressed-up tune): the fingerprint has the same flute to hear; the
# alignment looks through five thousand tunes. Below the report, the passages: yours, then the nearest tune's.

# %% id="both-ears"
from musicedu.display.likeness_view import show_passages
from musicedu.originality.copied import originality

suspect = answer_to("Task 2", until_then=dressed_up)
y, sr = record(suspect, flute)
match = index.identify(y[: 5 * sr], sr)
print("fingerprint:", "none of these recordings" if match is None else match.name)
report = originality(suspect, corpus)
print(report.text())
nearest = report.nearest[0]
show_passages(suspect, nearest.passage.notes, nearest.tune.melody, nearest.passage.tune_notes)

# %% [markdown] id="chance-ask"
# ## How much is chance?
#
# With five thousand tunes and seven notes in a key, unrelated tunes must share runs: here are the longest of five tunes,
# variants left out.
#
# Our own machine learned from such tunes. So an exercise says so if it shares more with one than luck explains (only
# hashes of the tunes travel with the package): a scale is nobody's, ten notes of many leaps are somebody's.

# %% id="chance"
from musicedu import generate, in_words, parse_recipe

rows = corpus.table.select(["id", "family"]).to_pylist()
by_chance = []
for number in ("book1/40", "book2/250", "book3/450", "book4/645", "book5/900"):
    one = corpus.tune(f"airds/{number}")
    variants = [row["id"] for row in rows if row["family"] == one.family]
    run = originality(one.melody, corpus, leave_out=variants).longest_run
    by_chance.append(run.n_notes)
    print(f"{one.title.strip('.')}: {run.n_notes} notes of {run.tune.title.strip('.')}")
print(f"the middle one: {np.median(by_chance):.0f} notes")
quoting = generate(parse_recipe("me1 violin L5 s25"))
show_score(quoting)
print(in_words(quoting.reasons[-1]))

# %% [markdown] id="proof"
# ## What a report proves, and what it does not
#
# (No legal advice; laws and courts differ.)
#
# - It shows **likeness in notes**, not where it came from: both tunes may go back to a third, or to a formula that all
#   use. In 1976 a New York court found that *My Sweet Lord* had copied *He's So Fine*, if subconsciously; in 2022 a
#   Californian one found that the eight notes *Dark Horse* shares with an earlier song belong to nobody.
# - **No number of notes is free**, and none is forbidden: "up to seven notes is allowed" is a myth.
# - **Nothing found proves nothing.** Most of the world's music was not on our shelf.
# - **Notes are not all.** Words, an arrangement or a recording can be protected although the tune is free.
# - Likeness is not theft: variation and quotation are how music goes on. Say whose tune it is; ask a living composer.

# %% [markdown] id="task-3-ask"
# ## Task 3: an originality report
#
# Report on your disguise: the **id** of the nearest tune, how many **notes** the longest shared run has, and the
# conclusion you dare to draw:
#
# - **A** The melody is original: its longest shared run is short.
# - **B** The melody is a copy of the tune.
# - **C** It resembles that tune in the notes shown; how that came about, and what follows, a person must judge.
# - **D** It may be used freely, since so few notes are shared.

# %% id="task-3"
my_report = {  # solution: {"tune": ..., "shared_notes": ..., "conclusion": ...}
    "tune": report.nearest[0].tune.id,  # solution
    "shared_notes": report.longest_run.n_notes,  # solution
    "conclusion": "C",  # solution
}  # solution
asked = [likeness.is_report, likeness.agrees_with(report), likeness.claims_what_it_shows]
check("Task 3", my_report, *asked, praise="A report that claims what it can show.")

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. The cell with both ears printed it all: the longest run first, then the tunes, nearest first.
# 2. The id stands in brackets, such as `"airds/book4/619"`. From notes 3 to 7 are five notes, not four.
# 3. Fill in the gaps: `{"tune": "fife/?", "shared_notes": ?, "conclusion": "?"}`.

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **A radio station wants to count how often each record is broadcast. What does it need?**
# - [x] Audio fingerprints :: The same recording, over and over: that is what they are for.
# - [ ] Melodic similarity :: It would count every singer of the same song as one record.
#
# **Why does a hash hold where the second star lies *between* the others, and not the seconds?**
# - [ ] To save memory :: A number is a number.
# - [x] Because a ratio stays when the tempo changes :: All distances grow or shrink alike.
#
# **Two melodies share a run of six notes. What follows?**
# - [ ] One was copied from the other :: You saw unrelated tunes share as many.
# - [ ] Nothing at all :: It is a reason to look at the notes around it.
# - [x] That it is worth looking closer :: How rare *these* six are tells more.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - find a recording by its stars, through noise and at another tempo, and say when it is none you know;
# - find a tune behind another key, ornaments and other lengths, and show the passages;
# - write a report that says what was found, where it was looked for, and no more.

# %% [markdown] id="where-next"
# ## Where next
#
# Lesson 10 *makes* melodies, and lesson 16 asks of them what you asked here. The package keeps all this in
# `musicedu.evaluation`: `constellation` and `fingerprint` for sound, `similarity`, `originality` and `quotes` for scores.
#
# To read: A. Wang (2003), *An industrial-strength audio search algorithm*; R. Sonnleitner and G. Widmer (2016), *Robust
# quad-based audio fingerprinting*.

