# %% [markdown] id="title"
# # Is it any good?
#
# By the end you can judge a machine that writes music: measure it, know what fools each measure, let your ears decide
# blindly, and say how sure they are.
#
# **Time:** 50 minutes. **You need:** lessons 09 and 12.

# %% [markdown] id="four-writers"
# Whoever builds a machine that writes music finds that it writes well. Today you are the sceptic. Four writers get the
# same orders: "four measures of 3/4 in major, this many notes, this high, with such leaps". Each order comes from a tune
# that was **kept aside**: no machine has met it, nor any variant of it.
#
# - the **people** who wrote those tunes;
# - the **network**, the VAE of lesson 12;
# - a **copier**, who knows 400 tunes by heart and plays pieces of them, whatever was ordered;
# - **chance**: any notes of the scale.

# %% id="orders"
import numpy as np

from musicedu import load_corpus, show_player, show_score
from musicedu.course.asks import functions, judging
from musicedu.course.checks import answer_to, check
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict
from musicedu.encoding.events import window_melody
from musicedu.evaluation.making.baselines import RandomInKey
from musicedu.evaluation.making.material import Material, Tunes
from musicedu.evaluation.making.pieces import line_of_window, requests_like
from musicedu.exercise.engines import shipped_engine

begin_lesson()
corpus = load_corpus(include_non_commercial=False)
rng = np.random.default_rng(1)
splits = []
for split, n_tunes in (("train", 400), ("test", 100), ("validation", 100)):
    tunes = list(corpus.select(split=split).melodies())
    splits.append([tunes[i] for i in rng.permutation(len(tunes))[:n_tunes]])
network = shipped_engine("vae")
material = Material(Tunes(*splits), 4, network.rank)
people = material.requests.chosen(rng.choice(len(material.requests), 200, replace=False))
orders = requests_like(people)
known_by_heart = material.training.windows
print(f"{len(orders)} orders; the copier knows {len(known_by_heart)} pieces")
recalled = rng.choice(len(known_by_heart), 200, replace=False)
written = {
    "people": list(people.windows),
    "network": network.sample(200, orders, rng),
    "copier": [known_by_heart[i] for i in recalled],
    "chance": RandomInKey(network.rank).sample(200, orders, rng),
}
for writer in ("network", "chance"):
    melody = window_melody(written[writer][3])
    print(f"{writer}: {len(melody.notes)} notes")
    show_score(melody)
    show_player(melody, program=73)

# %% [markdown] id="overlap-ask"
# ## A figure by hand: overlap
#
# Chance is heard at once; the rest needs measuring. One idea (Yang and Lerch 2020): measure an *attribute*, such as the
# mean interval, on every melody of the people and of the machine. A good imitation has the same **distribution**: as many
# calm melodies, as many leaping ones.
#
# ⌨ A *density* is a soft histogram: each melody adds a small bell, and the heights add up to 1.
#
# ## Task 1: what lies under both
#
# The **overlap** is the area under both curves: 1 for twins, 0 for strangers. Write it in one line.

# %% id="task-1"
def area_under_both(first, second):
    return np.minimum(first, second).sum()  # solution: one number from two arrays that each add up to 1


asked = [functions.is_function, judging.is_one_for_the_same]
asked += [judging.strangers_share_nothing, judging.takes_what_is_under_both]
check("Task 1", area_under_both, *asked, praise="Now it can be seen.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. At every point only what lies under the *lower* of the two curves lies under both.
# 2. `np.minimum(first, second)` compares two arrays place by place. Then add up.
# 3. Fill in the gaps: `np.?(first, second).sum()`.

# %% [markdown] id="overlap-widget-ask"
# `density` makes such a curve; your function measures (until task 1 is done, the package's). Turn the knobs. Where does
# chance betray itself most?

# %% id="overlap-widget" tags=["widget", "nbval-ignore-output"]
from musicedu.display.evaluation_view import plot_densities
from musicedu.display.explorer import choice, explore
from musicedu.display.plots import plot_picture
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.evaluation.making.pieces import measure_windows
from musicedu.evaluation.overlap import common_area, mean_overlap

under_both = answer_to("Task 1", until_then=common_area)


def density(values, points, width):
    """A bell of this width on every value; the heights at the points add up to 1."""
    bells = np.exp(-0.5 * ((points[:, None] - values[None]) / width) ** 2)
    return bells.sum(axis=1) / bells.sum()


measured = {writer: measure_windows(windows) for writer, windows in written.items()}
measured["people"] = material.reference.values  # other tunes kept aside than those asked like


def draw(attribute, writer):
    """The densities of one attribute, of people and of one writer."""
    column = CONDITION_ATTRIBUTES.index(attribute)
    ours, theirs = (measured[name][:, column] for name in ("people", writer))
    width = max(0.35 * ours.std(), 1e-6)
    low, high = min(ours.min(), theirs.min()), max(ours.max(), theirs.max())
    points = np.linspace(low - 3 * width, high + 3 * width, 300)
    curves = {"people": density(ours, points, width), writer: density(theirs, points, width)}
    area = under_both(*curves.values())
    ax = plot_densities({"people": ours, writer: theirs}, points, curves)
    words = f"{attribute.replace('_', ' ')}, people and {writer}: {area:.2f} lies under both"
    ax.set(xlabel=attribute.replace("_", " "))
    return plot_picture(ax, words)


machines = ("network", "copier", "chance")
explore(draw, writer=choice(machines), attribute=choice(CONDITION_ATTRIBUTES))

# %% [markdown] id="prediction-1-ask"
# ## Predict: who comes nearest?
#
# The package takes the mean over six attributes, beside *other* tunes kept aside. Whose overlap will be the greatest?

# %% id="prediction-1"
guess = "copier"  # solution: "network", "copier" or "chance"
predict("Prediction 1", guess, choices=("network", "copier", "chance"))

# %% id="overlap"
overlap = {
    writer: mean_overlap(measure_windows(windows), material.reference.values)
    for writer, windows in written.items()
}
for writer, area in overlap.items():
    print(f"{writer:>8}: {area:.2f}")
print(compare("Prediction 1", max(machines, key=overlap.get)))

# %% [markdown] id="fooled"
# **People do not reach 1.** Compare a machine with what *people* reach.
#
# **The thief passes**: likeness cannot tell a copy from a composition.

# %% [markdown] id="task-2-ask"
# ## Task 2: catch the copier
#
# Lesson 09's cure: **runs**. A run is eight notes in a row, as seven *intervals* and seven *times from note to note*: the
# same in every key. Write `runs`: the **set** of all runs of a melody, each a tuple of 14 numbers.

# %% id="task-2"
def runs(pitches, onsets):
    intervals, times = np.diff(pitches).tolist(), np.diff(onsets).tolist()
    return {(*intervals[i : i + 7], *times[i : i + 7]) for i in range(len(intervals) - 6)}  # solution: a set of tuples, each seven intervals and then seven times


asked = [functions.is_function, judging.is_set_of_runs]
asked += [judging.stays_in_any_key, judging.hears_pitch_and_rhythm]
check("Task 2", runs, *asked, praise="No key hides a copy from it.")

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. A melody of ten notes has nine intervals. A run begins at its first, second or third.
# 2. Seven intervals from the i-th on are `intervals[i : i + 7]`; `range(len(intervals) - 6)` gives every i.
# 3. Fill in the gaps: `return {(*intervals[i : i + 7], *times[?]) for i in range(?)}`.

# %% id="copied"
from musicedu.evaluation.making.copying import copied_interval

index = material.tunes.index  # every run of the copier's 400 tunes
copied = {}
for writer, windows in written.items():
    lines = [line_of_window(window) for window in windows]
    copied[writer] = index.share(lines)
    if writer == "people":
        counts = index.counts(lines)
        low, high = copied_interval(*counts, people.tunes, np.random.default_rng(1))
    print(f"{writer:>8}: {copied[writer]:.2f} of all runs stand in the copier's tunes")
print(f"people's own share lies, 19 times of 20, between {low:.2f} and {high:.2f}")

# %% [markdown] id="copied-read"
# People share runs too. So **zero is not the aim** (chance has zero); *at most what people share* is.

# %% [markdown] id="narrow-ask"
# ## Unique is not enough
#
# A lazy machine takes **one** melody and moves some of its notes a little. Is it varied? Three measures:
#
# - **unique**: how many different melodies there are, of all;
# - **spread**: how much two of its melodies differ, by how much two of people's do;
# - **coverage** (Naeem et al. 2020): the share of people's melodies that have one of the machine's for a neighbour.
#
# Move the knob: how many notes must move until each measure is content?

# %% id="narrow" tags=["widget", "nbval-ignore-output"]
from dataclasses import replace

from musicedu.display.explorer import slider
from musicedu.display.likeness_view import plot_votes
from musicedu.evaluation.making.diversity import content_table, judge_coverage
from musicedu.evaluation.making.diversity import mean_distance, unique_share

only_one = max(written["network"][:50], key=lambda window: len(window.events))
order = rng.permutation(len(material.reference))[:200]
other_people = [material.reference.windows[i] for i in order]


def lazy(n_moved, seed=1):
    """200 melodies: the same one, each time with some other notes moved."""
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(200):
        events = list(only_one.events)
        for place in chance.choice(len(events), n_moved, replace=False):
            value, token = events[place]
            if token > 4:  # a note, not a rest or a tie
                events[place] = (value, min(token + int(chance.choice([-3, -2, 2, 3])), 38))
        made.append(replace(only_one, events=tuple(events)))
    return made


def variety(windows):
    """Unique, spread and coverage of melodies, beside people's."""
    chance = np.random.default_rng(1)
    covered = judge_coverage(content_table(other_people), content_table(windows))
    spread = mean_distance(windows, chance) / mean_distance(other_people, chance)
    return {"unique": unique_share(windows), "spread": spread, "coverage": covered.coverage}


def draw_variety(moved):
    """The three measures as bars."""
    found = variety(lazy(moved))
    words = ", ".join(f"{name} {value:.2f}" for name, value in found.items())
    ax = plot_votes(found, what="1 is as varied as people")
    ax.set(xlim=(0, 1.05))
    return plot_picture(ax, f"{moved} notes moved: {words}")


explore(draw_variety, moved=slider(0, 16, 1, value=4))

# %% id="narrow-in-figures"
varied = {writer: variety(windows) for writer, windows in written.items()}
varied["lazy"] = variety(lazy(4))
for writer, found in varied.items():
    print(f"{writer:>8}: " + ", ".join(f"{name} {value:.2f}" for name, value in found.items()))


def judge_writers(verdict):  # for task 3
    overlap["lazy"] = mean_overlap(measure_windows(lazy(4)), material.reference.values)
    copied["lazy"] = index.share([line_of_window(window) for window in lazy(4)])
    for writer in varied:
        known = {"overlap": overlap[writer], "copied": copied[writer], **varied[writer]}
        print(f"{writer:>8}: {'listen to it' if verdict(known) else 'refused'}")

# %% [markdown] id="narrow-read"
# All "unique", and all one melody. Nor is spread enough: chance has most. Each measure is blind somewhere; together they
# see.

# %% [markdown] id="task-3-ask"
# ## Task 3: make a verdict
#
# Write `verdict`: from a writer's figures (a dictionary with `overlap`, `copied`, `unique`, `spread` and `coverage`) to
# `True` if it is worth listening to. People must pass, and networks nearly as varied; cheats must not. The check tries
# eight writers. (Beside *all* training tunes people share about 0.25 of their runs.)

# %% id="task-3"
def verdict(figures):
    is_like = figures["overlap"] > 0.85  # solution: what must hold of the overlap?
    is_own = figures["copied"] < 0.35  # solution: and of what is copied?
    is_varied = figures["spread"] > 0.8 and figures["coverage"] > 0.6  # solution: and of how varied it is?
    return is_like and is_own and is_varied  # solution: True or False


asked = [functions.is_function, judging.lets_good_music_pass, judging.lets_no_cheat_pass]
praise = "Above, your four writers and the lazy one."
check("Task 3", verdict, *asked, praise=praise, then=judge_writers)

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. Each cheat is bad at one thing. Set a bound for every figure that betrays one, a little beyond what people reach.
# 2. `unique` betrays nobody here. Copying needs an *upper* bound.
# 3. Fill in the gaps: `figures["overlap"] > ? and figures["copied"] < ?`, and so on for spread and coverage.

# %% [markdown] id="table-ask"
# ## The whole table
#
# `musicedu evaluate` does all this and more to every engine of the course: 500 orders, five times. Its record makes the
# table in the README, and these bars. Three figures are new. *Control*: do what was ordered and what came rank alike?
# *Nats*: how little a Markov chain expects each event. *Cadence*: how many tunes' ends come home to the tonic.
#
# Orange is people. Is *higher* better, or *nearer to orange*?

# %% id="table" tags=["widget", "nbval-ignore-output"]
from musicedu.data import data_path
from musicedu.display.evaluation_view import plot_figure
from musicedu.evaluation.making.sweep import load_record
from musicedu.evaluation.making.table import label

record = load_record(data_path("evaluation.json"))
rows = [row for row in record.rows if row.kind == "matched" and row.n_measures == 4]


def draw_table(figure):
    """One figure of every writer."""
    said = ", ".join(f"{label(row)} {row.mean(figure):.2f}" for row in rows)
    return plot_picture(plot_figure(rows, figure), f"{figure}: {said}")


figures = ["overlap", "control", "coverage", "copied", "nats", "cadence"]
explore(draw_table, figure=choice(figures))

# %% id="table-in-figures"
for row in rows:
    if row.draws > 1 or row.name in ("held-out people", "training tune retrieved"):
        said = [f"{name} {row.mean(name):.2f}" for name in figures if name != "coverage"]
        print(f"{label(row)}: {', '.join(said)}")

# %% [markdown] id="table-read"
# Read it as a sceptic:
#
# - A training tune, looked up, follows orders and writes nothing: control alone proves **nothing**.
# - "Best of 16" is the same writer with ears, and a Markov *pool* of 8,000 ties the VAE: much skill is **choosing**.
# - The VAE's overlap is people's own; its *cadences* are not: without rules it seldom comes home.
# - Five seeds of *sampling* show the luck of the draw, not that of another training.

# %% [markdown] id="blind-ask"
# ## Let your ears decide
#
# No figure says whether music is *good*. Ears do, if they do not know. Twelve pairs: one melody by a person, kept aside; the
# other the network's answer to the same order, the best of 16. Both begin a tune and break off after four measures.
#
# Nothing is told until the last pair: who is told learns the machine's tricks. Answers are kept in `listening_test.json`
# beside this notebook. Tab and Enter are enough.
#
# Before you begin: how many will you get right? Who hears no difference gets about six.

# %% id="blind" tags=["widget", "nbval-ignore-output"]
from musicedu.course.listening_test import blind_test, load_answers
from musicedu.display.blind_test import Pair

begins = [i for i, one in enumerate(orders) if one.begins_tune and not one.is_minor]
_, first = np.unique(people.tunes[begins], return_index=True)  # one window of a tune
chosen = [begins[i] for i in np.sort(first)[:12]]
answers = network.sample(12, [orders[i] for i in chosen], np.random.default_rng(2), n_draws=16)
pairs = [
    Pair(f"pair {number}", window_melody(people.windows[i]), window_melody(answer))
    for number, (i, answer) in enumerate(zip(chosen, answers), start=1)
]
blind_test(pairs, seed=16, program=73)

# %% [markdown] id="interval-ask"
# ## How sure are your ears?
#
# (Until you have answered all twelve, an example listener stands in.) Suppose you truly recognise the human in a share *p*
# of all pairs. Which *p* go with what happened? Try all; keep those with which a result as high, or as low, is no great
# surprise (each 1 time in 40).

# %% id="interval-by-hand"
from math import comb

from musicedu.evaluation.proportions import clopper_pearson


def exact_interval(n_right, n_pairs):
    """The lowest and the highest share that go with so many right answers, to a thousandth."""
    fitting = []
    for p in np.linspace(0, 1, 1001):
        ways = [comb(n_pairs, k) for k in range(n_pairs + 1)]
        chances = [n * p**k * (1 - p) ** (n_pairs - k) for k, n in enumerate(ways)]
        if sum(chances[n_right:]) > 0.025 and sum(chances[: n_right + 1]) > 0.025:
            fitting.append(p)
    return min(fitting), max(fitting)


heard = load_answers(pairs)
low, high = exact_interval(heard.n_right, len(heard))
print("an example listener's answers" if heard.is_example else "your answers")
print(f"{heard.n_right} of {len(heard)} right: a share between {low:.2f} and {high:.2f}")
print("chance alone explains it:", low <= 0.5 <= high)
for n_right in (9, 10, 12):
    low, high = clopper_pearson(n_right, 12)  # the package's, and exact
    print(f"{n_right} of 12 would be between {low:.2f} and {high:.2f}")

# %% [markdown] id="interval-read"
# Ten of twelve are needed before chance gives way. And "they could not tell" is **no proof of equality**: with seven of
# twelve the share may be 0.85. Ask a class: 120 answers make the interval a third as wide.

# %% [markdown] id="who-ask"
# ## Whose music is it?
#
# Four questions remain that no figure answers. First lesson 09's report, as it belongs beside what a machine wrote:

# %% id="report"
from musicedu.originality.copied import originality

one = window_melody(answers[1])
show_score(one)
print(originality(one, corpus.select(split="train"), n_nearest=2).text())

# %% [markdown] id="who"
# (No legal advice; laws differ, and move.)
#
# **Emotion.** The network has no joy to express: it was ordered "many notes, leaps", and *you* heard joy. Your feeling is
# real; the machine's is a claim without evidence.
#
# **Authorship.** In 2025 a court of appeals in Washington held that a work made by a machine *alone* has no author in the
# sense of American law (*Thaler v. Perlmutter*), and left open how much of you there must be in it. The Copyright Office
# finds ordering too little (2025). Note what you chose and, above all, *changed*.
#
# **Consent.** The people behind these tunes could not be asked: most lived two centuries ago. One collection is left out,
# since its terms allow no commercial use. The living you *can* ask; in the EU they may opt out of training, except for
# research (directive 2019/790, articles 3 and 4). "It was on the internet" is not asking.
#
# **Rights in what was learnt.** A Munich court held in 2025 (*GEMA v. OpenAI*; an appeal was pending) that song texts a
# model can recite stand *in* it as copies. That is why one measures: you met a copier today, and a network that shares
# fewer runs than people.

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **A new model reaches an overlap of 0.97; other people's tunes reach 0.93. What follows?**
# - [ ] It writes better than people :: Overlap knows likeness, not quality.
# - [x] Look for copies, and for how it was compared :: Who copies gets there, and who was asked like the very tunes it is compared with.
#
# **All of a machine's 10,000 melodies are different. Is it varied?**
# - [ ] Yes, nothing occurs twice :: Your lazy machine had that too, with one melody.
# - [x] Ask for spread and coverage :: They see whether the differences are large and whether all kinds of music occur.
#
# **Of twelve pairs a listener gets seven right. "So the machine is as good as people."**
# - [ ] True: seven is nearly six :: Their share may be anything from about 0.28 to 0.85.
# - [x] Nothing is shown :: Too few answers; and telling apart is another question than liking.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - compute overlap, copying, spread and coverage, and say what fools each;
# - read a table of machines beside people, chance and memory;
# - give a blind test, with an interval on its result.

# %% [markdown] id="where-next"
# ## Where next
#
# Lesson 17 leaves notes for sound itself. Today's measures stand in `musicedu.evaluation.making`, the interval in
# `musicedu.evaluation.proportions`; `musicedu evaluate --quick` runs them all.
#
# To read: L.-C. Yang and A. Lerch (2020), *On the evaluation of generative models in music*; M. Naeem et al. (2020),
# *Reliable fidelity and diversity metrics for generative models*.
