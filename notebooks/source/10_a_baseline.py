# %% [markdown] id="title"
# # A baseline: melodies from counting
#
# By the end you can make the computer write melodies from nothing but counts, say in one number how well a model knows
# music, and notice when it copies.
#
# **Time:** 40 minutes. **You need:** lessons 06 (the corpus) and 09 (shared runs).

# %% [markdown] id="why"
# The next lessons build networks that invent music. Are they any good? That needs a rival so plain that whoever cannot
# beat it need not be shown. ⌨ Such a rival is a *baseline*. Ours is over a hundred years old: in 1913 Andrei Markov
# counted by hand how vowels and consonants follow one another in Pushkin. We count notes.
#
# First something to count: tunes in 4/4 and 2/2, most of them ♪ *reels* and *hornpipes* (dances), from O'Neill's *Music of Ireland* (Chicago
# 1903), cut into phrases of four measures and moved to C major, so that tunes can be compared. Some are kept aside, with
# all their variants: the *held-out* tunes, which no machine in this lesson may see.

# %% id="shelf"
from collections import Counter, defaultdict
from dataclasses import replace
from fractions import Fraction

import numpy as np

from musicedu import Melody, TempoAt, load_corpus, show_player, show_score
from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.course.asks import chains
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import check
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict
from musicedu.encoding.events import window_melody
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.encoding.windows import cut_windows
from musicedu.evaluation.overlap import control, mean_overlap

begin_lesson()
corpus = load_corpus(collections=["oneills"])


def phrases_of(split):
    """Phrases of four measures from major tunes in 4/4 or 2/2 without triplets."""
    for melody in corpus.select(split=split).melodies():
        is_plain = all(note.duration.denominator in (1, 2, 4) for note in melody.notes)
        if str(melody.metre) in ("4/4", "2/2") and melody.key.mode == "major" and is_plain:
            yield from cut_windows(melody, 4)


seen = list(phrases_of("train"))
held_out = [*phrases_of("validation"), *phrases_of("test")]
print(f"{len(seen)} phrases to count, {len(held_out)} held out")


def as_reel(melody):
    """A melody as fast as a reel: 180 quarter notes a minute."""
    return replace(melody, tempos=(TempoAt(Fraction(0), Fraction(180)),))


first = next(i for i, window in enumerate(seen) if window.ends_tune and not window.grid.phase)
phrase = window_melody(seen[first])
show_score(phrase)
show_player(as_reel(phrase), program=40)

# %% [markdown] id="words-ask"
# ## Melody as words
#
# A phrase becomes a list of *words*, pitch and length in quarter notes: `G4:1/2` is an eighth on G, `r:1` a quarter of
# silence.

# %% id="words"
def words_of(melody):
    """The notes and rests of a melody in order, as words."""
    notes = [(note.onset, f"{note.spelling}:{note.duration}") for note in melody.notes]
    rests = [(begin, f"r:{end - begin}") for begin, end in melody.rests]
    return [word for _, word in sorted(notes + rests)]


tunes = [words_of(window_melody(window)) for window in seen]
new_tunes = [words_of(window_melody(window)) for window in held_out]
print(*tunes[first][:12])
print(f"{sum(map(len, tunes))} words, {len(set().union(*tunes))} different ones")

# %% [markdown] id="count-ask"
# ## Counting
#
# The few words before a word are its *context*. For every context we count what followed it. ⌨ A `Counter` is a dictionary
# of counts; a `defaultdict(Counter)` makes an empty one wherever there is none yet. How many words a context may have is
# the **order** of the chain. Shorter contexts are counted too: they will help out where a long one is new.

# %% id="count"
def count(tunes, order):
    """What followed every context of up to `order` words, and how often."""
    followers = defaultdict(Counter)
    for words in tunes:
        for i, word in enumerate(words):
            for n in range(min(i, order) + 1):
                followers[tuple(words[i - n : i])][word] += 1
    return followers


followers = count(tunes, 8)
for context in [("B4:1/2",), ("A4:1/2", "B4:1/2"), ("G4:1/2", "A4:1/2", "B4:1/2")]:
    after = followers[context]
    common = ", ".join(f"{word} {number}x" for word, number in after.most_common(3))
    print(f"after {' '.join(context)}: {len(after)} words, {common}")

# %% [markdown] id="task-1-ask"
# The longer the context, the fewer words go on from it: the machine grows surer.
#
# ## Task 1: draw a word
#
# To compose, we must *choose* what follows. Always the commonest? That soon runs in circles. So we draw: what was counted
# twice as often comes twice as often. Write it. `counter` is a `Counter`; `rng` is a source of chance, and
# `rng.choice(things, p=shares)` draws one of some things, `shares` adding up to 1.

# %% id="task-1"
def draw(counter, rng):
    """One of the words of a counter, each as often as it was counted."""
    shares = np.array(list(counter.values())) / counter.total()  # solution: one word, drawn with rng
    return str(rng.choice(list(counter), p=shares))  # solution


asked = [is_function, chains.draws_in_proportion, chains.uses_the_generator]
check("Task 1", draw, *asked, praise="Chance, but loaded dice.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. A word counted 60 times out of 100 should come in 60 % of all draws: divide its count by the sum.
# 2. `list(counter)` are the words, `list(counter.values())` their counts in the same order, `counter.total()` the sum.
# 3. Two lines: `shares = np.array(list(counter.values())) / ?`, then `return rng.choice(list(counter), p=?)`.

# %% [markdown] id="compose-ask"
# ## Composing
#
# Word after word, each drawn from what followed the last few. If that context was never seen, the machine **backs off**: it
# forgets the oldest word and looks again. (`choose` is your `draw` with a knob that we turn later.)

# %% id="compose"
def choose(counter, rng, temperature=1.0):
    """Spin a wheel on which every word has a sector as wide as its count."""
    widths = np.array(list(counter.values()), dtype=float) ** (1 / temperature)
    place = np.searchsorted(np.cumsum(widths), rng.random() * widths.sum())
    return list(counter)[place]


def compose(followers, order, rng, temperature=1.0, length=16):
    """A melody of so many quarter notes, by a chain of some order."""
    words, left = [], Fraction(length)
    while left:
        for n in range(min(order, len(words)), -1, -1):
            known = followers.get(tuple(words[len(words) - n :]), {})
            fitting = {w: k for w, k in known.items() if Fraction(w.split(":")[1]) <= left}
            if fitting:
                break
        words.append(choose(fitting, rng, temperature))
        left -= Fraction(words[-1].split(":")[1])
    return Melody.from_text(" ".join(words))


for order, length in ((0, 8), (1, 8), (2, 8), (6, 16)):
    melody = compose(followers, order, np.random.default_rng(12), length=length)
    print(f"order {order}")
    show_score(melody)
    show_player(as_reel(melody), program=40)

# %% [markdown] id="orders-heard"
# Order 0 scatters notes. Order 1 takes plausible steps to nowhere. Order 2 has figures a fiddler knows. Order 6 sounds like
# a tune; hold that thought.
#
# ## Surprise, in one number
#
# Ears differ, so we also measure: play the machine tunes it has never met, and ask before each word which probability it
# gave to what came. The *surprise* of a word is the negative logarithm of its probability (unit: *nat*); the mean over all
# words, turned back by the exponential function, is the **perplexity**: among how many equally likely words the machine
# might as well have chosen.

# %% id="probability"
N_WORDS = len(followers[()]) + 1  # all words it has met, and one for all it has not


def probability(followers, past, word, order):
    """The share a chain gives to a word: every context blended with shorter ones."""
    share = 1 / N_WORDS
    for n in range(min(order, len(past)) + 1):
        after = followers.get(tuple(past[len(past) - n :]))
        if after:
            kinds, total = len(after), after.total()
            share = (after[word] + kinds * share) / (total + kinds)
    return share


def probabilities(tunes, order):
    """What a chain gave to every word of tunes."""
    return [
        probability(followers, words[:i], word, order)
        for words in tunes
        for i, word in enumerate(words)
    ]


def of_three_orders(perplexity):  # for task 2
    for order in (0, 1, 2):
        print(f"order {order}: {perplexity(probabilities(new_tunes, order)):.1f}")


given = probabilities(new_tunes[:1], 2)
for word, share in list(zip(new_tunes[0], given, strict=True))[:6]:
    print(f"{word:>8}  {share:.3f}")

# %% [markdown] id="smoothing"
# A word never seen after a context must not get 0, or one new figure would surprise without end. So every context keeps a
# reserve for the unseen, as large as the number of *different* words that followed it, and shares it out as the next
# shorter context would (Witten and Bell, 1991).
#
# ## Task 2: perplexity
#
# Write it, for a list of probabilities. A coin thrown ten times gives ten halves, and a perplexity of 2.

# %% id="task-2"
def perplexity(probabilities):
    return np.exp(-np.mean(np.log(probabilities)))  # solution: one number


check("Task 2", perplexity, is_function, chains.measures_surprise, then=of_three_orders)

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. Three steps: surprise of every probability, mean of the surprises, back to a number of choices.
# 2. `np.log` takes the logarithm of a whole list, `np.mean` the mean, `np.exp` undoes the logarithm. Surprise is the
#    *negative* logarithm.
# 3. Fill in the gaps: `np.exp(-np.mean(?(probabilities)))`.

# %% [markdown] id="prediction-1-ask"
# ## Predict
#
# Which order will foretell the *held-out* tunes best: **1**, **2**, **4** or **8**?

# %% id="prediction-1"
guess = "4"  # solution: "1", "2", "4" or "8"
predict("Prediction 1", guess, choices=("1", "2", "4", "8"))

# %% [markdown] id="package-ask"
# From here on the package counts: `MarkovModel` does the same in arrays, but asks for a note's length first, then for its
# pitch, so its figures differ a little. Both curves: tunes it has counted, and tunes it has not.

# %% id="orders"
from musicedu.display.chain_view import plot_by_order
from musicedu.display.plots import show_plot
from musicedu.evaluation.likelihood import event_nats
from musicedu.generation.markov import MarkovModel, count_events

counted = count_events(seen, 8)
longest = MarkovModel.of_arrays(counted, 8)
curves = {
    "counted tunes": event_nats(longest.by_order, seen).perplexity[1:],
    "held-out tunes": event_nats(longest.by_order, held_out).perplexity[1:],
}
print("order    counted   held out   contexts kept")
for order in range(1, 9):
    kept = len(counted[f"contexts_{order}"])
    known, new = (curve[order - 1] for curve in curves.values())
    print(f"{order:5} {known:10.1f} {new:10.1f} {kept:15}")
best = int(np.argmin(curves["held-out tunes"])) + 1
print(compare("Prediction 1", str(best)))
words = f"Perplexity falls with the order on counted tunes, on others only to order {best}"
show_plot(plot_by_order(curves, "perplexity"), words)

# %% [markdown] id="overfitting"
# The curves part. On counted tunes a longer memory always helps: at order 8 hardly a word surprises. On new tunes it soon
# hurts: most contexts of eight words were seen once, and "once" is taken for "always". You know that from lesson 07:
# *overfitting*. **Choose by what was held out**: the rule for every model from here on.
#
# ## What does it copy?
#
# A machine with a long memory and one tune in mind plays that tune. Lesson 09 gave us the measure: the share of runs of eight
# notes that stand in a counted tune, in any key. Real tunes share some too: held-out ones show how many are normal.
# Below the plot, lesson 09's report on the melody of order 6 that you heard.

# %% id="copying"
from musicedu import Metre
from musicedu.encoding.events import line_of_events
from musicedu.generation.decoding import draw_phrases
from musicedu.generation.lookahead import free_ahead
from musicedu.grid import Grid
from musicedu.originality.copied import copied_share, originality, runs_of

grid = Grid(Metre.parse("4/4"), 4)
lines = [line_of_events(window.events, window.grid.weights()) for window in seen]
new_lines = [line_of_events(window.events, window.grid.weights()) for window in held_out]
known_runs = {run for line in lines for run in runs_of(line)}


def written(order, temperature, n=200):
    """Phrases by a chain of some order; the only rule is that measures are filled."""
    chain, rng = MarkovModel.of_arrays(counted, order), np.random.default_rng(1)
    phrases = draw_phrases(free_ahead(grid), chain, n, rng, temperature=temperature)
    return [line_of_events(events, grid.weights()) for events in phrases]


normal = copied_share(new_lines, known_runs)
copied = [copied_share(written(order, 1.0), known_runs) for order in range(1, 9)]
for order, share in enumerate(copied, start=1):
    print(f"order {order}: {share:.0%}, {'more' if share > normal else 'less'} than real tunes")
print(f"real tunes: {normal:.0%}")
passes = 1 + next(i for i, share in enumerate(copied) if share > normal)
words = f"The share of copied runs grows with the order and passes real tunes at order {passes}"
show_plot(plot_by_order({"written": copied}, "copied", level=("real tunes", normal)), words)
suspect = compose(followers, 6, np.random.default_rng(12))
print(originality(suspect, corpus.select(split="train"), n_nearest=1).text())

# %% [markdown] id="temperature-ask"
# ## Temperature
#
# The second knob. Before drawing, every count is raised to the power of 1 / **temperature**: below 1 the common grows commoner
# (cold, cautious), above 1 all grows alike (warm, wild). Networks have the same knob.
#
# Turn both knobs. Bars: what may follow `G4:1/2 A4:1/2 B4:1/2`. Where does it babble, and where does it loop?

# %% id="explorer" tags=["widget", "nbval-ignore-output"]
from musicedu.display.chain_view import plot_following
from musicedu.display.explorer import explore, slider
from musicedu.display.player import player
from musicedu.display.plots import plot_picture
from musicedu.grid import line_of


def shares_after(context, order, temperature):
    """What may follow a context, and how likely."""
    after = followers[tuple(context[len(context) - order :])]
    widths = {word: number ** (1 / temperature) for word, number in after.items()}
    return {word: width / sum(widths.values()) for word, width in widths.items()}


def draw_both(order, temperature):
    shares = shares_after(["G4:1/2", "A4:1/2", "B4:1/2"], order, temperature)
    melody = compose(followers, order, np.random.default_rng(3), temperature, length=8)
    runs = list(runs_of(line_of(melody)))
    n_known = sum(run in known_runs for run in runs)
    words = f"Order {order}, temperature {temperature:.1f}: {len(shares)} words may follow, "
    words += f"the likeliest with {max(shares.values()):.0%}; "
    words += f"below, {n_known} of {len(runs)} runs stand in a tune"
    ax = plot_following(shares)
    ax.set_xlabel(words, fontsize=9)
    return plot_picture(ax, words) + player(as_reel(melody), program=40)


explore(
    draw_both, order=slider(0, 3, 1, value=2), temperature=slider(0.2, 2.0, 0.2, value=1.0)
)

# %% id="explorer-in-figures"
for order in (0, 2):
    for temperature in (0.4, 1.0, 2.0):
        shares = shares_after(["A4:1/2", "B4:1/2"], order, temperature)
        most = max(shares.values())
        print(f"order {order}, temperature {temperature}: {most:.0%} for one word")


def table_of(lines):
    measures = [GRID_ATTRIBUTES[name] for name in CONDITION_ATTRIBUTES]
    return np.array([[measure(line) for measure in measures] for line in lines])


def likeness(order, temperature):
    return mean_overlap(table_of(written(order, temperature)), table_of(new_lines))


def copying(order, temperature):
    return copied_share(written(order, temperature), known_runs)


def play_machine(setting):
    own = compose(followers, rng=np.random.default_rng(7), **setting)
    show_player(as_reel(own), program=40)

# %% [markdown] id="task-3-ask"
# ## Task 3: neither a parrot nor a monkey
#
# Choose order and temperature so that two hundred phrases **copy no more than real tunes do**, and yet are **like** them: in
# range, intervals, density, rhythm, syncopation and register, their *distributions* overlap with those of held-out tunes by
# 0.75 or more (lesson 16 explains that figure; the counted tunes themselves reach 0.91).

# %% id="task-3"
my_machine = {"order": 2, "temperature": 0.8}  # solution: {"order": a number, "temperature": a number}
asked = [chains.is_setting, chains.copies_at_most(normal, copying)]
asked += [chains.as_real_as(0.75, likeness)]
check("Task 3", my_machine, *asked, praise="Of the style, and yet its own.", then=play_machine)

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. Two dangers: a long memory or cold copies, warmth or no memory babbles. The plot above says where copying begins.
# 2. Try orders up to 3 first, then make it a little colder than 1: what is common in tunes comes more often.
# 3. Order 2 does it at one of these temperatures: 0.4, 0.8, 1.6.

# %% [markdown] id="deaf-ask"
# ## What a chain cannot hear
#
# It knows a few words and nothing else: not where in the measure it is, nor that a phrase comes to an end. ♪ A *barline*
# divides measures; in these tunes a note seldom sounds across one. And ♪ the *tonic*, here C, is where phrases come home.

# %% id="deaf"
def crossings(melody):
    """The share of barlines inside a phrase across which a note sounds."""
    lines = [4, 8, 12]
    return np.mean([any(n.onset < b < n.offset for n in melody.notes) for b in lines])


def is_home(melody):
    return melody.pitches[-1] % 12 == 0


people = [window_melody(window) for window in held_out if window.grid.phase == 0]
rng = np.random.default_rng(4)
for name, some in (
    ("people", people),
    ("order 2", [compose(followers, 2, rng) for _ in range(200)]),
    ("order 6", [compose(followers, 6, rng) for _ in range(200)]),
):
    across, home = np.mean([crossings(m) for m in some]), np.mean([is_home(m) for m in some])
    print(f"{name:>8}: {across:.0%} of barlines crossed, {home:.0%} of phrases end on C")

# %% [markdown] id="engine-ask"
# ## The chain that comes with the package
#
# The package ships a chain, counted on eight collections, its order chosen as you chose. Rules see to it that measures are
# filled. What it cannot do is *listen*: ask for many notes, and it plays what it plays. So we draw often and keep the
# nearest. How well does what comes follow what was asked (1: perfectly, 0: not at all)? It can even write your exercise:
# the rules of a level hold whoever proposes the notes.

# %% id="engine"
from musicedu import Specification, generate
from musicedu.exercise.engines import shipped_engine
from musicedu.generation.engine import Asked

engine = shipped_engine("markov")
for row in engine.weights.training["orders"]:
    print(f"order {row['order']}: perplexity {row['perplexity']:.1f}")
wishes = table_of(new_lines[:150])
asked_of = [
    Asked(grid, dict(zip(CONDITION_ATTRIBUTES, wish, strict=True))) for wish in wishes
]
for n_draws in (1, 16):
    phrases = engine.sample(150, asked_of, np.random.default_rng(2), n_draws=n_draws)
    came = table_of([line_of_events(p.events, p.grid.weights()) for p in phrases])
    print(f"best of {n_draws:2}: control {np.mean(control(wishes, came)):.1f}")
exercise = generate(Specification(3, engine="markov", measures=4, seed=5))
show_score(replace(exercise.melody, tempos=()))
print(exercise.recipe)

# %% [markdown] id="must-beat"
# So this is what every network of the next lessons must beat, at the same number of draws: control over what is asked, and
# likeness without copying. Not all will.

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **A model has perplexity 2 on the tunes it was trained on and 14 on others. What do you know?**
# - [ ] It is an excellent model :: It has an excellent memory. New tunes are the question.
# - [x] It has learned its tunes by heart :: The gap is overfitting, as at order 8.
# - [ ] The other tunes are bad :: They come from the same book.
#
# **What does a temperature of 0.2 do?**
# - [x] The commonest word nearly always comes :: Differences between counts grow: sure, and soon in circles.
# - [ ] It makes the melody slower :: Temperature has nothing to do with tempo.
# - [ ] It draws all words alike :: That is a very high one.
#
# **Why is "our network's melodies sound good" no result?**
# - [ ] Because ears are wrong :: Ears decide in the end. But what did they hear beside it?
# - [x] Because an order-6 chain sounds good, too :: It copies. Compare with a baseline, and count what is copied.
# - [ ] Because it has no unit :: Nor does beauty.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - write melodies with a Markov chain of any order, and turn its temperature;
# - say how much a model knows of music it has not seen, and choose its settings by that;
# - catch a machine that copies, with real tunes for a yardstick.

# %% [markdown] id="where-next"
# ## Where next
#
# Lesson 11 begins with networks: a machine that squeezes a phrase through a narrow gate. The package keeps the chain in
# `musicedu.generation.markov`, surprise in `musicedu.evaluation.likelihood`; `musicedu train markov` counts anew, and
# `musicedu practice --engine markov` lets it write.
#
# To read: F. Brooks, A. Hopkins, P. Neumann and W. Wright (1957), *An experiment in musical composition*: chains of order 1 to
# 8 on hymn tunes, with the same findings; I. Witten and T. Bell (1991), *The zero-frequency problem*.
