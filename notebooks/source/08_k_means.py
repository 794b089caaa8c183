# %% [markdown] id="title"
# # K-Means: groups that nobody named
#
# At the end of this lesson a machine that was told nothing has sorted five thousand tunes by rhythm, and you can say what
# its groups are, how far to trust them, and which form a piece has.
#
# **Time:** 40 minutes. **You need:** lessons 00 and 06.

# %% [markdown] id="why"
# In lesson 07 somebody had named every example. Mostly nobody has. ⌨ *Clustering* looks for groups without names; since
# no teacher says what is right, it is called *unsupervised*.
#
# To be grouped, a tune must become numbers. ♪ *Rhythm* is when notes begin. We divide every measure into 48 equal parts
# and ask of each: in what share of the measures does a note begin here? 48 holds halves and thirds alike.

# %% id="tools"
import numpy as np

from musicedu import load_corpus, show_player, show_score, show_sound
from musicedu.attributes.rhythm_patterns import full_measures, onset_profile
from musicedu.course.asks import clusters
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import check
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict
from musicedu.display.learning_view import plot_points, plot_profile
from musicedu.display.plots import show_plot
from musicedu.melody.cutting import cut_measures, join

begin_lesson()
corpus = load_corpus(include_non_commercial=False)
jig = corpus.tune("ryans/GarryOwenJig/1").melody
show_score(cut_measures(jig, 1, 4))
profile = onset_profile(jig)
often = [int(place) for place in np.flatnonzero(profile > 0.5)]
words = f"In most measures of {jig.title}, notes begin at {often} of 48"
show_plot(plot_profile(profile, n_beats=2), words)

# %% [markdown] id="two-numbers-ask"
# Six even notes: a jig. Now all tunes that are free to use. To *see* how groups are found, we begin with two numbers
# instead of 48, and with metres of two and four alone:
#
# - **even**: how often a note begins halfway through a beat (positions 6, 18, 30 and 42 of a measure of four beats);
# - **late**: how often one begins three quarters through it (9, 21, 33, 45): the short note of a dotted pair.
#
# Each dot is a tune. How many groups do *you* see?

# %% id="two-numbers"
tunes = [tune for tune in corpus if len(full_measures(tune.melody)) >= 4]
profiles = np.array([onset_profile(tune.melody) for tune in tunes])
metres = np.array([str(tune.melody.metre) for tune in tunes])
print(f"{len(profiles)} tunes, {profiles.shape[1]} numbers each")

in_beats_of_two = np.isin(metres, ["2/4", "4/4", "2/2"])
even = profiles[in_beats_of_two][:, [6, 18, 30, 42]].mean(axis=1)
late = profiles[in_beats_of_two][:, [9, 21, 33, 45]].mean(axis=1)
two = np.column_stack([even, late])
names_of_two = ("even: share of beats with a note halfway", "late: with one at three quarters")
words = f"{len(two)} dots: crowds at bottom right, bottom left and top left, few between"
show_plot(plot_points(two, names=names_of_two), words)

# %% [markdown] id="two-steps"
# ## Two steps, over and over
#
# K-Means finds `k` groups. Put `k` points anywhere and call them *centres*. Then repeat:
#
# 1. **Assign:** every tune goes to its nearest centre.
# 2. **Move:** every centre goes to the middle (the mean) of its tunes. Hence the name.
#
# When nothing moves any more, it is done.

# %% [markdown] id="task-1-ask"
# ## Task 1: assign
#
# Write `nearest`. It gets points and centres, two tables with a row each, and gives back one number a point: 0 for the
# first centre, 1 for the second. The squared distance of two rows is `((point - centre) ** 2).sum()`.

# %% id="task-1"
def nearest(points, centres):
    far = [[((point - centre) ** 2).sum() for centre in centres] for point in points]  # solution: the number of the nearest centre of every point
    return np.argmin(far, axis=1)  # solution


check("Task 1", nearest, is_function, clusters.assigns_to_nearest)

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. List a point's distance to each centre. Where does the smallest stand?
# 2. A list in a list makes a table. `np.argmin(table, axis=1)` finds where the smallest stands in each row.
# 3. One thing is missing: `far = [[? for centre in centres] for point in points]`. Then comes hint 2.

# %% [markdown] id="task-2-ask"
# ## Task 2: move
#
# Write `middles`. It gets the points, their labels (what `nearest` gave) and the old centres, and gives back the new
# centres: row 0 the mean of the points labelled 0, and so on.

# %% id="task-2"
def middles(points, labels, centres):
    rows = [points[labels == number].mean(axis=0) for number in range(len(centres))]  # solution: a table with the mean of each group's points
    return np.array(rows)  # solution


check("Task 2", middles, is_function, clusters.moves_to_the_middle, praise="That is K-Means.")

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. Which points have label 0? Their mean is the first row.
# 2. `points[labels == 0]` keeps the rows with label 0; `.mean(axis=0)` is the mean of each column.
# 3. One thing is missing: `rows = [points[labels == number].mean(axis=?) for number in range(len(centres))]`.

# %% [markdown] id="loop-ask"
# ## The loop
#
# The package's `assign` and `move` do the same as yours, faster. The first three centres are tunes, badly chosen on
# purpose. ⌨ *Inertia* is the sum of all squared distances from a tune to its centre: the smaller, the tighter the groups.
# Neither step can make it larger; that is why the loop ends.

# %% id="loop"
from musicedu.learning.clustering import (
    assign,
    k_means_steps,
    move,
    start_anywhere,
    start_apart,
)

badly = start_anywhere(two, 3, np.random.default_rng(10))
centres = badly
for step in range(18):
    labels = assign(two, centres)
    if step % 3 == 0:
        inertia = ((two - centres[labels]) ** 2).sum()
        print(f"step {step}: inertia {inertia:.0f}")
    centres = move(two, labels, centres)

# %% [markdown] id="watch-ask"
# **Watch** the centres walk: move `step` from 0 on; lines show where each came from. Then change the start: `apart` draws
# each new centre far from those there are.

# %% id="watch" tags=["widget", "nbval-ignore-output"]
from musicedu.display.learning_view import show_step
from musicedu.display.explorer import choice, explore, slider

starts = {"badly": badly, "apart": start_apart(two, 3, np.random.default_rng(1))}
paths = {name: list(k_means_steps(two, start)) for name, start in starts.items()}
explore(
    lambda step, start: show_step(two, paths[start], step, names_of_two),
    step=slider(0, 17, 1, value=2),
    start=choice(list(paths)),
)

# %% [markdown] id="elbow-ask"
# ## Forty-eight numbers: how many groups?
#
# Nothing changes but that we cannot draw it. How large should k be? Ask two figures:
#
# - the **elbow**: inertia always falls as k grows; look for where it stops falling steeply;
# - the **silhouette**: is a tune nearer to its own group than to the next? 1 is perfect, 0 means on the border.

# %% id="elbow"
from musicedu.learning.clustering import compare_k, fit_clusters

fitted = {k: fit_clusters(profiles, k, np.random.default_rng(0)) for k in range(2, 11)}
found = compare_k(profiles, range(2, 11), np.random.default_rng(0))
for quality in found:
    figures = f"inertia {quality.inertia:4.0f}, silhouette {quality.silhouette:.2f}"
    print(f"k = {quality.k:2d}: {figures}")

# %% [markdown] id="explore-k-ask"
# The silhouette likes 2 best, then 5; after 6 it falls, and the inertia hardly does. Neither *decides*: two groups
# are true as well. **Move k** and read the rows below: each is a group, dark where its notes begin. What does 10 divide
# that you would not?

# %% id="explore-k" tags=["widget", "nbval-ignore-output"]
from musicedu.display.learning_view import show_k

explore(lambda k: show_k(fitted, found, k), k=slider(2, 10, 1, value=6))

# %% [markdown] id="prediction-1-ask"
# ## Predict
#
# We take k = 6. The machine saw no time signature and no title. What became of the waltzes and airs in 3/4: have they
# **a group of their own**, are they **in with the jigs** (both divide by three), or **scattered**?

# %% id="prediction-1"
guess = "a group of their own"  # solution: "a group of their own", "in with the jigs" or "scattered"
predict("Prediction 1", guess, ("a group of their own", "in with the jigs", "scattered"))

# %% id="metres"
groups = fitted[6]
for number in range(6):
    inside = metres[groups.labels == number]
    names, counts = np.unique(inside, return_counts=True)
    most = sorted(zip(counts.tolist(), names.tolist(), strict=True), reverse=True)[:3]
    print(f"cluster {number}:", ", ".join(f"{count} in {name}" for count, name in most))

home = np.bincount(groups.labels[metres == "3/4"]).argmax()
share = (groups.labels[metres == "3/4"] == home).mean()
with_jigs = home == np.bincount(groups.labels[metres == "6/8"]).argmax()
own = "in with the jigs" if with_jigs else "a group of their own"
print(compare("Prediction 1", own if share > 0.7 else "scattered"))

# %% [markdown] id="listen-ask"
# It found metres without being told: nearly all 6/8 is in one group, 9/8 in another.
#
# **Hear** the commonest measure of each group's most typical tunes, three times, on a woodblock.

# %% id="listen" tags=["widget", "nbval-ignore-output"]
from musicedu.display.learning_view import show_cluster

melodies = [tune.melody for tune in tunes]
explore(
    lambda cluster: show_cluster(cluster, groups, profiles, melodies),
    cluster=slider(0, 5, 1, value=0),
)

# %% [markdown] id="task-3-ask"
# ## Task 3: name the groups
#
# K-Means has only numbers; names are *your* part. They are `reel`, `jig`, `hymn` (or march), `hornpipe` (the dotted
# kind), `waltz` and `slip jig`. Write a *dictionary*: ⌨ pairs of a key and what it stands for, as in
# `{0: "waltz", 1: "hymn"}`.

# %% id="task-3"
group_names = {0: "reel", 1: "jig", 2: "hymn", 3: "hornpipe", 4: "waltz", 5: "slip jig"}  # solution: a dictionary, a name for each number from 0 to 5
check("Task 3", group_names, clusters.names_clusters(groups), praise="All from numbers.")

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. Hear each group and count along. In two, three or four? Is a beat divided by two, by three, or dotted?
# 2. In the table above, 9/8 means three beats of three: the slip jig.
# 3. Fill in the gaps: `{0: "?", 1: "jig", 2: "?", 3: "?", 4: "?", 5: "slip jig"}`. One of the four missing limps.

# %% [markdown] id="failures-ask"
# ## What clusters do not mean
#
# Some titles say what a tune is. The next cell counts those, then tries to break the machine:
#
# - **An unlucky start:** 20 runs with centres drawn anywhere, 20 apart. How many arrive at the best?
# - **A wrong scale:** one number more, how many notes the tune has. Do the groups still agree with the time signatures?
#   (1: perfectly; 0: as by chance.)

# %% id="failures"
from musicedu.learning.clustering import adjusted_rand

titles = np.array([tune.title.lower() for tune in tunes])
for word in ("reel", "hornpipe", "strathspey"):
    counts = np.bincount(groups.labels[np.char.find(titles, word) >= 0], minlength=6)
    print(f"{word!r} in the title: {counts[0]} in cluster 0, {counts[3]} in cluster 3")

for start in (start_anywhere, start_apart):
    n_best = 0
    for seed in range(20):
        first = start(profiles, 6, np.random.default_rng(seed))
        *_, end = k_means_steps(profiles, first)  # the last of all steps
        n_best += end.inertia < 1.001 * groups.inertia
    print(f"{start.__name__}: {n_best} of 20 arrive at the best")

n_notes = [len(tune.melody.notes) for tune in tunes]
spoilt = fit_clusters(np.column_stack([profiles, n_notes]), 6, np.random.default_rng(0))
for name, labels in {"rhythm alone": groups.labels, "with that number": spoilt.labels}.items():
    print(f"{name}: agreement with the time signatures {adjusted_rand(metres, labels):.1f}")

# %% [markdown] id="failures-read"
# Most *hornpipes* are printed evenly, like reels: players add the limp. The group is real, the name was ours.
# A start matters, so one tries many and keeps the best; `fit_clusters`, which uses scikit-learn, does, and begins apart
# (*k-means++*). And a number that runs to hundreds drowns 48 that go from 0 to 1: bring numbers to one scale first.
#
# The machine *always* returns k groups, also where there are none. Bach's hymns stand with Scottish marches because
# rhythm was all we asked for.

# %% [markdown] id="form-ask"
# ## The form of one piece
#
# Now the points are the *phrases* of one tune, four measures each. ♪ *Form* says which come back: in AABA the third is
# new and the fourth comes home. Cut time into small slots. Two phrases are as alike as the share of slots in which both
# stand on the same step, counted from the phrase's first note. All pairs make a *self-similarity matrix*.
#
# K-Means groups the phrases, with the smallest k that leaves no two of one letter less alike than 0.4. On *sound*, a slot
# holds the strength of the twelve pitch classes (*chroma*, lesson 05).

# %% id="form"
from musicedu.attributes.segments import segment_slots
from musicedu.audio.segments import extract_segments
from musicedu.audio.takes import record_take
from musicedu.display.learning_view import plot_self_similarity
from musicedu.learning.form import ALIKE_IN_SOUND, cluster_segments, letters_of

parting = corpus.tune("oneills/0051-0100/58").melody
slots = segment_slots(parting, n_measures=4)
alike = np.array([[(one * other).sum() / len(one) for other in slots] for one in slots])
letters = letters_of(cluster_segments(slots).labels)
print(f"{parting.title}, as written: {letters}")
words = f"Phrases 1 and 2 are {alike[0, 1]:.2f} alike, phrases 1 and 3 {alike[0, 2]:.2f}"
show_plot(plot_self_similarity(alike, letters), words)

take = record_take(parting, program=73, room="room", snr_db=10)
show_sound(take.y[: 3 * take.sr], take.sr, "the beginning on a flute, in a room, with noise")
phrases_sec = [*take.beats_sec[::16], take.duration_sec]  # sixteen beats each
heard = extract_segments(take.y, take.sr, phrases_sec, n_slots=64)
print(f"as heard: {letters_of(cluster_segments(heard, ALIKE_IN_SOUND).labels)}")

song = corpus.tune("oneills/0101-0200/169").melody  # for task 4
show_score(song)
show_player(join([cut_measures(song, first, 2) for first in (1, 5, 9, 13)]), program=73)

# %% [markdown] id="task-4-ask"
# ## Task 4: by ear
#
# Another song, four phrases of four measures, each after a short upbeat: its score stands above, and below it you hear how
# each phrase begins. Write its form; the first letter is A.

# %% id="task-4"
form = "ABBA"  # solution: four letters in quotes
asked = [clusters.is_letters, clusters.is_form_of(song)]
check("Task 4", form, *asked, praise="Home, away, home.")

# %% [markdown] id="task-4-hints" tags=["hints"]
# 1. Sing the first four measures, then ask of each later phrase: is it this one again?
# 2. Phrase 2 is higher than phrase 1. Which later one goes with it, and which goes with the first?
# 3. Two letters are missing: `"AB??"`.

# %% [markdown] id="trust"
# **How far to trust it?** Of pieces sewn from phrases of different tunes, nine in ten come out exactly right, also where
# every return ends differently; where half of each return is new, eight. Of our practice generator's exercises, whose
# phrases only begin alike, five (`benchmarks/form_letters.py`).

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **What happens to the inertia when k grows?**
# - [ ] It falls, then rises :: More centres are never farther away.
# - [x] It falls, down to 0 with a centre for every tune :: So the smallest inertia is no reason for a k.
# - [ ] It stays: the tunes are the same :: A nearer centre makes a shorter distance.
#
# **Two runs of K-Means give different groups. Why?**
# - [ ] One has a mistake :: Both may have gone on until nothing moved.
# - [x] They began with other centres :: Each step only goes down; from another start it ends in another valley.
# - [ ] The groups have other names :: Names change nothing; here the groups themselves differ.
#
# **A cluster of 400 tunes limps. What do you know?**
# - [ ] They are hornpipes :: Most hornpipes stood elsewhere; strathspeys were among these.
# - [ ] They come from one country :: Only rhythm was asked.
# - [x] Their notes begin at about the same places of the measure :: That is all the numbers said.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - turn rhythms of any metre into numbers that can be compared, and group them with twelve lines of your own;
# - choose k with elbow, silhouette and ears, and say what none of them proves;
# - find the form of a piece, written or recorded.

# %% [markdown] id="where-next"
# ## Where next
#
# Lesson 09 compares tunes for another reason: to find out *whose tune it is*. K-Means stands in
# `musicedu.learning.clustering`, rhythms in `musicedu.attributes.rhythm_patterns`, form in `musicedu.learning.form`.
#
# To read: D. Arthur and S. Vassilvitskii (2007), *k-means++: the advantages of careful seeding*; J. Foote (1999),
# *Visualizing music and audio using self-similarity*.
