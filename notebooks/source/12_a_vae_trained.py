# %% [markdown] id="title"
# # A VAE, trained
#
# By the end you know what a VAE's latent is paid for and how to see that it is used, have walked through the space it has
# learnt, and had *your own* tune made a little easier, and more leaping.
#
# **Time:** 50 minutes. **You need:** lesson 11. Networks train in the *quick setting*: a minute in all.

# %% [markdown] id="two-forces"
# ## Two forces
#
# Lesson 11 ended with a loss of two terms, in *nats* (1 nat = 1.44 bits):
#
# > loss = what the notes still surprise us by + β × what the latent tells (the **KL**)
#
# The first wants the latent to tell everything about a phrase, the second that it tells nothing. β is the price of a nat.
#
# ♪ This network reads and writes *event* by event: how long, then what (a pitch, a rest, a tie). ⌨ Its decoder is
# *recurrent*: besides the latent it knows **all events before**, and is told some *attributes*, such as how many notes
# there shall be. Remember that.

# %% id="material"
from musicedu.course.lesson import begin_lesson

import keras
import numpy as np

from musicedu import load_corpus, quick, show_score
from musicedu.course.asks import variations
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import check
from musicedu.course.predictions import compare, predict
from musicedu.encoding.events import window_melody
from musicedu.training.dataset import prepare
from musicedu.training.purposes import QUICK, some_melodies

begin_lesson()
keras.utils.set_random_seed(12)
corpus = load_corpus(include_non_commercial=False)
tunes = some_melodies(corpus.select(split="train"), quick(250, full=3000))
held_out = some_melodies(corpus.select(split="validation"), 20, seed=3)
material = prepare(QUICK, tunes, held_out)
print(f"{len(material.training)} phrases to learn from")
phrase = material.training.windows[1000]
print("one of them, as (value, token):", *phrase.events[:6], "...")
show_score(window_melody(phrase))

# %% [markdown] id="train-ask"
# The training loop is the package's: it redraws one picture while it works, and asks `hear` for a melody an epoch.
# `share_decided` asks what the latent is *for*: it plays each phrase with the latent of another, and counts the steps
# that then sound unlike.

# %% id="train"
from dataclasses import replace

from musicedu import Metre
from musicedu.display.training_view import LiveCurves
from musicedu.generation.engine import Asked
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.generation.variation import difference, played, point_of
from musicedu.grid import Grid
from musicedu.training.vae import train_vae, weights_of

TWO, FOUR = Grid(Metre(4, 4), 2), Grid(Metre(4, 4), 4)
judged = [window for window in material.validation.windows if window.grid == FOUR][:60]


def hear(model):
    """Two measures of 4/4 that a network writes by now."""
    vae = NumpyVae(weights_of(model, material.quantiles))
    return window_melody(vae.sample(1, [Asked(TWO)], np.random.default_rng(5))[0])


def train(settings, hear=None):
    """A trained network, and a report for each epoch."""
    curves = LiveCurves(("token_loss", "kl"), hear=hear, n_heard=2)
    epochs = quick(3, full=20)
    weights = train_vae(settings, material, None, epochs=epochs, watcher=curves)
    return NumpyVae(weights), curves.reports


def share_decided(vae):
    """How much of a phrase changes with another phrase's latent, 0 to 1."""
    points = [point_of(vae, window) for window in judged]
    swapped = [replace(point, z=points[k - 1].z) for k, point in enumerate(points)]
    pairs = zip(played(vae, points), played(vae, swapped), strict=True)
    return np.mean([difference(*pair) for pair in pairs])

# %% [markdown] id="prediction-1-ask"
# ## Predict: full price from the start
#
# First with β = 1 from the first step on. What does the KL do during three epochs: does it `rise` as the latent learns to
# tell, or `fall` to nearly nothing?

# %% id="prediction-1"
guess = "rise"  # solution: "rise" or "fall"
predict("Prediction 1", guess, choices=("rise", "fall"))

# %% id="collapse" tags=["nbval-ignore-output"]
full_price = replace(QUICK, beta=1.0, warmup_steps=0, free_nats=0.0)
collapsed, collapsed_reports = train(full_price)
kl = collapsed_reports[-1].validation["kl"]
share = share_decided(collapsed)
print(f"KL at last: {kl:.2f} nats. Another latent changes {share:.0%} of the steps")
print(compare("Prediction 1", "fall" if kl < 0.5 else "rise"))

# %% [markdown] id="why-collapse"
# The losses fell, all seems well, and the latent tells *nothing*: swap it, and the same notes come.
# This is **posterior collapse** (Bowman and others 2016). At first the decoder cannot read the latent, so every nat is
# paid in vain; the encoder learns to say nothing. Meanwhile the decoder learns to live on the events before, and never
# asks again. The loss alone would not tell you: **look at the KL**.
#
# ## Task 1: annealing
#
# The first cure is patience: let telling be free at first and raise its price slowly. Write the weight of the KL at a
# step: it rises evenly from 0 to `beta` during the first `warmup_steps`, then stays. `warmup_steps` may be 0.

# %% id="task-1"
def weight_at(step, beta, warmup_steps):
    """The weight of the KL term at a step, counted from 0."""
    return beta * min(1.0, step / warmup_steps) if warmup_steps else beta  # solution: a number from 0 to beta


asked = [is_function, variations.warms_up, variations.needs_no_warm_up]
check("Task 1", weight_at, *asked, praise="First learn to speak, then learn to be brief.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. What share of the warm-up is over at a step? And what must that share never exceed?
# 2. `min(1.0, share)` holds it at 1. Keep away from a division by 0 steps: with an `if`.
# 3. Fill in the gap: `return beta * min(1.0, ?) if warmup_steps else beta`.

# %% [markdown] id="cured-ask"
# The second cure is an allowance: each latent number may tell a little for **free** (*free bits*, Kingma and others
# 2016). Its KL counts as at least that much, so there is nothing to save below it. `QUICK` has both cures, and telling
# costs less: β = 0.2 after 200 steps, 0.2 nats free for each of 16 numbers.

# %% id="cured" tags=["nbval-ignore-output"]
def counted(kl_of_latents, free_nats):
    """The KL as the loss counts it: each latent number as at least what is free."""
    return sum(max(kl, free_nats) for kl in kl_of_latents)


for kl_of_latents in ([0.0, 0.0, 0.0], [0.2, 0.2, 0.2], [0.2, 0.2, 1.0]):
    print(f"KL {kl_of_latents}: counts as {counted(kl_of_latents, 0.2):.1f} nats")
cured, cured_reports = train(QUICK, hear)

# %% id="cured-in-figures"
for name, reports in (("full price", collapsed_reports), ("cured", cured_reports)):
    kl = reports[-1].validation["kl"]
    tells = "more than a nat" if kl > 1 else "less than half a nat" if kl < 0.5 else "a little"
    print(f"{name}: the latent tells {tells}")
changes = "more" if share_decided(cured) > 2 * share_decided(collapsed) else "not more"
print(f"another latent changes {changes} than twice as many steps")

asked_of_settings = [  # for task 2
    variations.is_settings,
    variations.changes_only(QUICK, "beta", "warmup_steps", "event_dropout"),
    variations.still_a_vae,
    variations.tells(lambda settings: train(settings)[1], 6),
]

# %% [markdown] id="task-2-ask"
# ## Task 2: more to tell
#
# It speaks, but softly. For *varying* a tune the latent should hold more of it. Turn `beta`, `warmup_steps` and `event_dropout` (the share of
# past events hidden from the decoder in training, so that it must ask the latent) until the KL is **6 nats** or more
# after three epochs. The check trains with your settings.

# %% id="task-2" tags=["nbval-ignore-output"]
my_settings = replace(QUICK, beta=0.02, event_dropout=0.5)  # solution: replace(QUICK, ...)
check("Task 2", my_settings, *asked_of_settings, praise="This latent has something to say.")

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. Three things keep a latent silent: a high price, a price that comes early, a decoder that needs nobody.
# 2. Go far: a tenth of the price. And hide half of the past.
# 3. Fill in the gaps: `replace(QUICK, beta=0.?, event_dropout=0.?)`.

# %% [markdown] id="sweep-ask"
# ## What data, learning rate and batch size change
#
# Lesson 11 swept an autoencoder. Now a network that *writes*: 80 tunes, two passes, one thing changed at a time (four
# tunes are heard 20 times as often). Guess before you run it: whose loss **in training** is the lowest?

# %% id="sweep"
from musicedu.display.latent_view import plot_sweep
from musicedu.display.plots import show_plot
from musicedu.training.loop import Silent


class Last(Silent):
    """A watcher that keeps the last report only."""

    def on_epoch(self, report, model):
        self.losses = report.training, report.validation


def try_out(part, rate=0.004, batch_size=32):
    """Surprise in nats a phrase: in training, and by held-out tunes."""
    settings = replace(QUICK, learning_rate=rate, batch_size=batch_size, warmup_steps=0)
    train_vae(settings, part, None, epochs=2, watcher=(last := Last()))
    return [losses["token_loss"] + losses["value_loss"] for losses in last.losses]


many, four = [prepare(QUICK, part, held_out) for part in (tunes[:80], tunes[:4] * 20)]
usual, few, small = try_out(many), try_out(four), try_out(many, rate=0.0004)
large, whole = try_out(many, rate=0.2), try_out(many, batch_size=256)
sweep = {
    "different tunes": {"4": few, "80": usual},
    "learning rate": {"0.0004": small, "0.004": usual, "0.2": large},
    "batch size": {"32": usual, "256": whole},
}
words = "Surprise in nats a phrase, trained on and held out, for three settings"
show_plot(plot_sweep(sweep, "nats a phrase", unit=1), words)
for setting, outcomes in sweep.items():
    trained, judge = [min(outcomes, key=lambda value: outcomes[value][k]) for k in (0, 1)]
    print(f"{setting}: least surprise in training with {trained}, held out with {judge}")

# %% [markdown] id="sweep-read"
# Small is good. In every panel the blue bar judges.
#
# - **Data.** With four tunes the grey bar is the lowest of all: it learns *those* by heart. New tunes surprise it far
#   more. That is **memorisation**, and the loss in training calls it success.
# - **Learning rate.** Small steps lead nowhere in this time. Large ones overshoot.
# - **Batch size.** At 256 it takes 14 steps where 32 takes 118.
#
# ## The long runs
#
# The course has two, on all tunes: `vae.npz` (β = 0.2) *makes* new phrases for the practice generator, `vae_vary.npz`
# (β = 0.03) is to *vary* a given one. Here is the record of the second, and what it played on the way. Have they
# memorised? Of the runs of eight notes they write, 12 and 7 in a hundred stand in a tune they learnt from; of those in
# people's *held-out* tunes, 23 (`benchmarks/weights_report.py`).
#
# Which of the two gives unseen phrases back more truly? Which does what it is asked?

# %% id="long"
from musicedu.data import data_path
from musicedu.display.embed import show
from musicedu.display.training_view import history_picture
from musicedu.generation.variation import WISHES, asked as asked_of, ranks_of_window
from musicedu.training.record import load_record
from musicedu.weights import load_weights

record = load_record(data_path("models", "vae_vary_history.json"))
show(history_picture(record, ("token_loss", "value_loss", "kl"), n_heard=2))
maker = NumpyVae(load_weights(data_path("models", "vae.npz")))
varier = NumpyVae(load_weights(data_path("models", "vae_vary.npz")))


def given_back(vae):
    """The share of the steps that sound as in the phrase when it is played from its point."""
    again = played(vae, [point_of(vae, window) for window in judged])
    return np.mean([1 - difference(*pair) for pair in zip(judged, again, strict=True)])


def obeyed(vae, wish, column):
    """By how much an attribute's rank moves when it is asked to move by 0.5."""
    points = [point_of(vae, window) for window in judged]
    moved = played(vae, [asked_of(vae, point, WISHES[wish]) for point in points])
    pairs = zip(moved, points, strict=True)
    return np.mean([(ranks_of_window(vae, one) - point.ranks)[column] for one, point in pairs])


print("        given back   asked for 0.5 more: leaps   notes")
for name, vae in (("make", maker), ("vary", varier)):
    leaps, notes = obeyed(vae, "more leaps", 1), obeyed(vae, "busier", 2)
    print(f"{name}    {given_back(vae):10.0%} {leaps:27.2f} {notes:7.2f}")

# %% [markdown] id="two-read"
# What the latent tells, the attributes need not; what it tells *against* them wins. So the one that gives back more obeys
# less. There is no best β, only one for a purpose.
#
# ## A walk in latent space
#
# Take a tune that neither has seen and move one of its latent numbers; direction 1 is the one in which phrases differ
# most. How far can you go until it is another tune?

# %% id="walk" tags=["widget", "nbval-ignore-output"]
from musicedu.display.explorer import choice, explore, slider
from musicedu.display.latent_view import hear_melody
from musicedu.encoding.windows import passage_of

unseen = {
    "The Banks of Banna": "oneills/0101-0200/128",
    "Fairy King": "airds/book5/867",
    "Come Sweet Lass": "airds/book3/516",
    "Can ye Sew Cushions": "airds/book4/783",
}
passages = {title: passage_of(corpus.tune(name).melody) for title, name in unseen.items()}
spread = np.std([point_of(varier, window).z for window in judged], axis=0)
directions = np.argsort(-spread)


def walk(steps, direction, tune):
    """The tune, so many standard deviations off in a direction."""
    point = point_of(varier, passages[tune].window)
    number, z = directions[direction - 1], point.z.copy()
    z[number] += steps * spread[number]
    here, there = played(varier, [point, replace(point, z=z)])
    share = difference(here, there)
    words = f"{steps:+.2f} in direction {direction}: {share:.0%} of the steps change"
    return hear_melody(passages[tune].melody(there.events), words)


explore(
    walk,
    steps=slider(-2.0, 2.0, 0.25, value=0.5),
    direction=slider(1, 12, 1, value=1),
    tune=choice(list(passages)),
)

# %% [markdown] id="task-3-ask"
# ## Task 3: from one tune to another
#
# Between two tunes lie points that belong to neither. Which way to go? Latents of many numbers lie near a *sphere*: their
# lengths are all alike. A straight line cuts through its empty inside. So go along the sphere (*slerp*): with the angle
# φ between them,
#
# > sin((1 − share) φ) / sin φ × one + sin(share φ) / sin φ × other

# %% id="task-3"
def on_sphere(one, other, share):
    """The latent between two others: `one` at share 0, `other` at share 1."""
    cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    angle = np.arccos(np.clip(cosine, -1, 1))
    return (np.sin((1 - share) * angle) * one + np.sin(share * angle) * other) / np.sin(angle)  # solution: a latent


asked = [is_function, variations.goes_from_end_to_end, variations.stays_on_the_sphere]
check("Task 3", on_sphere, *asked, praise="You stay where tunes live.")

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. The formula has a number before each latent. Work out both numbers from `angle` and `share`, then add.
# 2. `np.sin(share * angle)` belongs to `other`. At share 0 it is 0, and `one` is left.
# 3. Fill in the gaps: `return (np.sin(?) * one + np.sin(share * angle) * other) / ?`.

# %% [markdown] id="between-ask"
# The package's `between` does the same, and moves the attributes along. Pick two tunes; the way is in C.

# %% id="between" tags=["widget", "nbval-ignore-output"]
from musicedu.generation.variation import between


def stand(step, one, other):
    """Step 0 is the one tune, step 6 the other."""
    ends = [point_of(varier, passages[title].window) for title in (one, other)]
    way = played(varier, between(*ends, 7))
    shares = [difference(way[end], way[step]) for end in (0, -1)]
    words = f"Step {step}: {shares[0]:.0%} unlike {one}, {shares[1]:.0%} unlike {other}"
    return hear_melody(window_melody(way[step]), words)


titles = list(passages)
explore(
    stand,
    step=slider(0, 6, 1, value=1),
    one=choice(titles),
    other=choice(titles, value=titles[1]),
)

# %% [markdown] id="yours-ask"
# ## Your own tune
#
# Write a tune in ABC (lesson 06), or take a file of yours: `load_melody("my_tune.musicxml")` of `musicedu.formats.files`.
# Its first four measures become a point. With all knobs at 0 you hear what the network makes of it when nothing is
# asked. Compare the two networks.

# %% id="yours" tags=["widget", "nbval-ignore-output"]
from musicedu.formats.abc import parse_abc
from musicedu.generation.variation import vary

my_tune = parse_abc("""X:1
T:An die Freude
M:4/4
L:1/4
K:G
B B c d | d c B A | G G A B | B>A A2 |
""")
passage = passage_of(my_tune)
asked_of_two = [variations.is_two_variations]  # for task 4
asked_of_two += [variations.still_that_tune(passage.melody())]
asked_of_two += [variations.follows_the_wishes(passage.melody())]


def variation(wish, seed, amount):
    """Your tune as a wish would have it, shown and given back."""
    rng = np.random.default_rng(seed)
    window = vary(varier, passage.window, rng, moves=WISHES[wish], amount=amount)
    melody = passage.melody(window.events)
    show(hear_melody(melody, wish))
    return melody


def ask(leaps, notes, height, network):
    """Your tune with attributes asked for: each so far away from what it has."""
    vae = {"vary": varier, "make": maker}[network]
    moves = {"mean_interval": leaps, "note_density": notes, "register": height}
    there = asked_of(vae, point_of(vae, passage.window), moves)
    melody = passage.melody(played(vae, [there])[0].events)
    words = f"Leaps {leaps:+.2f}, notes {notes:+.2f}, height {height:+.2f}"
    return hear_melody(melody, f"{words}: {len(melody.notes)} notes")


explore(
    ask,
    leaps=slider(-1.0, 1.0, 0.25, value=0.0),
    notes=slider(-1.0, 1.0, 0.25, value=0.0),
    height=slider(-1.0, 1.0, 0.25, value=0.0),
    network=choice(["vary", "make"]),
)

# %% [markdown] id="task-4-ask"
# ## Task 4: two variations
#
# `vary` takes a wish, lets the latent stray by an `amount` (0: not at all, 1: all is new), draws 64, and keeps the one
# that does best what is asked and still is your tune. `WISHES` has eight. Make two variations: one `"easier"`, one with
# `"more leaps"`. The seed and the amount are yours; listen before you decide.

# %% id="task-4"
my_variations = {  # solution: {"easier": variation("easier", ...), "more leaps": variation(...)}
    "easier": variation("easier", seed=1, amount=0.2),  # solution
    "more leaps": variation("more leaps", seed=1, amount=0.2),  # solution
}  # solution
check("Task 4", my_variations, *asked_of_two, praise="Two leaves for your music stand.")

# %% [markdown] id="task-4-hints" tags=["hints"]
# 1. `variation` is a function of a wish, a seed and an amount; the dictionary needs what it makes for each wish.
# 2. Begin with seed 1 and amount 0.2. If you do not like what you hear, take another seed, or let it stray further.
# 3. Fill in the gaps: `{"easier": variation("easier", seed=?, amount=0.?), "more leaps": variation("?", ...)}`.

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **The loss falls nicely and the KL is 0.02 nats. What have you trained?**
# - [ ] A good VAE: little is wasted :: A latent that tells nothing is no saving: it is unused.
# - [x] A decoder that ignores its latent :: Collapse. It may write well, but nothing can be varied.
# - [ ] An autoencoder :: That would tell as much as it can, with a large KL.
#
# **Why does hiding past events from the decoder help against collapse?**
# - [x] It can no longer live on the past alone and must ask the latent :: That is what event dropout is for.
# - [ ] It makes the KL cheaper :: The price is β, and it stays.
#
# **You want to vary a pupil's tune and keep what they know of it. Which run do you take?**
# - [ ] The one with the lowest loss :: Losses with different β are sums of different things.
# - [x] One with a small β, and measure how well it obeys :: What is kept and what is obeyed pull against each other.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - see posterior collapse where the loss hides it, and cure it by annealing, free nats and a forgetful decoder;
# - read from a sweep what data, learning rate and batch size change, and tell memorisation from learning;
# - choose β for a purpose, walk in latent space, and have a tune of yours varied as you wish.

# %% [markdown] id="where-next"
# ## Where next
#
# Lesson 13 lets two networks compete instead. The package keeps all this in `musicedu.training` (`loop`, `vae`,
# `purposes`), `musicedu.models.losses` and `musicedu.generation.variation`; `ahead=` holds a variation to the rules of a
# level.
#
# To read: S. Bowman and others (2016), *Generating sentences from a continuous space*; A. Roberts and others (2018), *A
# hierarchical latent vector model for learning long-term structure in music* (MusicVAE).
