# %% [markdown] id="title"
# # Asking a GAN
#
# By the end you can ask a generator for music with certain properties, measure whether it listens, and say how it
# compares with a VAE, a Markov chain and people who were asked for the same.
#
# **Time:** 50 minutes. **You need:** lessons 12 and 13. It trains in the *quick setting*: three pairs of networks,
# a quarter of a minute each.

# %% [markdown] id="why"
# Lesson 13's generator plays what it likes. Whoever needs a calm tune must wait until one comes.
#
# A *conditional* GAN is told what is wanted: GAN(X, Y), where X is the music and Y the wish. Here the package's own
# is asked for few notes, then for many. ♪ *Note density* is how many notes begin in a quarter. ⌨
# `n_draws=16` draws sixteen phrases and keeps the one whose properties come nearest.

# %% id="hook"
import numpy as np

from musicedu import Metre, show_player, show_score
from musicedu.course.asks import asking
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import check
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict
from musicedu.encoding.events import window_melody
from musicedu.exercise.engines import shipped_engine
from musicedu.generation.engine import Asked
from musicedu.grid import Grid

begin_lesson()
gan = shipped_engine("gan")
TWO_BARS = Grid(Metre(4, 4), 2)


def ask(engine, n_draws=16, seed=1, **wish):
    """A phrase of two measures that an engine writes for a wish."""
    asked = Asked(TWO_BARS, wish, begins_tune=True, ends_tune=True)
    (window,) = engine.sample(1, [asked], np.random.default_rng(seed), n_draws=n_draws)
    return window_melody(window)


for density in (1.0, 3.0):
    phrase = ask(gan, note_density=density)
    print(f"asked for {density:.0f} notes a quarter, got {len(phrase.notes) / 8:.1f}")
    show_score(phrase)
    show_player(phrase)

# %% [markdown] id="wish"
# ## What is a wish?
#
# Six numbers: ♪ *range* (lowest to highest note, in semitones), *mean interval* (how far the notes leap), *note density*,
# *rhythm entropy* (0 if all notes last alike), *syncopation* (accents off the beat) and *register* (mean pitch). They
# can be measured on any tune, so every tune is an example of a wish that was granted.
#
# Semitones, bits and pitch numbers do not mix well. So each becomes a **rank**: -1 is lower than any known tune, 0 is
# the middle one, 1 is higher than any. (Nearly no tune below is syncopated.)

# %% id="tunes"
from musicedu import load_corpus
from musicedu.configs import GanConfig
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.training.gan import step_material
from musicedu.training.dataset import prepare

config = GanConfig(
    n_sixteenths=32, channels=48, latent_dim=16, averaging=0.98, attribute_weight=2.0, seed=14
)
corpus = load_corpus(collections=["airds"])
tunes = list(corpus.select(split="train").melodies())[:450]
held_out = list(corpus.select(split="validation").melodies())
material = prepare(config, tunes, held_out)
examples = step_material(material.training, config.n_sixteenths)
print(f"{len(examples)} examples of at most two measures of 4/4")
for name in CONDITION_ATTRIBUTES:
    low, middle, high = material.quantiles[name][[10, 50, 90]]
    print(f"{name}: 10 % lie below {low:.1f}, 50 % below {middle:.1f}, 90 % below {high:.1f}")

# %% [markdown] id="task-1-ask"
# ## Task 1: a rank
#
# Write `rank(value, known)`: where a value stands among an array of known ones, from -1 to 1. It is the share of them
# that are lower, less the share that are higher; so equal ones count on neither side.

# %% id="task-1"
def rank(value, known):
    return np.mean(known < value) - np.mean(known > value)  # solution: between -1 and 1


asked = [is_function, asking.goes_from_minus_one_to_one, asking.counts_values_not_units]
asked += [asking.puts_equals_in_the_middle]
check("Task 1", rank, *asked, praise="Now a leap and a semitone speak the same language.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. Two shares are needed: how many of the known ones lie below, how many above? The rank is their difference.
# 2. ⌨ `known < value` is an array of True and False; its `np.mean` is the share of True.
# 3. Fill in: `np.mean(known < value) - np.mean(?)`.

# %% [markdown] id="tell"
# ## Both must hear it
#
# The **generator** gets the wish beside its random numbers: G(z, y) instead of G(z).
#
# If the **critic** only asks "is this real?", the generator may forget the wish: any good tune will do. So the critic
# hears it too, D(x, y), and asks: *is this a tune, and one that this wish would give?* A lively reel with the wish "calm"
# is as false as noise.
#
# A convolution sees each step and its neighbours only. To tell it about the whole tune, write the wish beside *every* step.
#
# ## Task 2: beside every step
#
# `steps` has the shape (melodies, steps, tokens), `wish` (melodies, wishes). Give back (melodies, steps, tokens + wishes).

# %% id="task-2"
def beside(steps, wish):
    n_sixteenths = steps.shape[1]
    repeated = np.repeat(wish[:, None, :], n_sixteenths, axis=1)  # solution: the wish once a step, beside the steps
    return np.concatenate([steps, repeated], axis=-1)  # solution


asked = [is_function, asking.lays_the_wish_beside_every_step]
check("Task 2", beside, *asked, praise="Every step knows what is wanted.")

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. The wish needs a second axis, as long as the steps', before the two can stand side by side.
# 2. `wish[:, None, :]` has an axis of length 1; `np.repeat(..., n, axis=1)` makes it longer. `np.concatenate` joins.
# 3. Fill in: `np.concatenate([steps, np.repeat(wish[:, None, :], ?, axis=1)], axis=?)`.

# %% [markdown] id="third-ear"
# ## A third ear, and a prediction
#
# One more helper: a *regressor* learns from real tunes to estimate their six ranks. The generator is scolded twice: by
# the critic for what is no tune, by the regressor for every rank that is off (after A. Odena, 2017).
#
# After so short a training, which wish will the generator obey best: the **range**, the size of the **mean
# interval**, or the **note density**?

# %% id="prediction-1"
guess = "range"  # solution: "range", "mean_interval" or "note_density"
predict("Prediction 1", guess, choices=("range", "mean_interval", "note_density"))

# %% [markdown] id="train-ask"
# Train. Left, the distance between real and made tunes as the critic sees it (lesson 13's Wasserstein estimate); right,
# the squared error of the ranks. Below, two measures after the last epoch.

# %% id="train" tags=["nbval-ignore-output"]
from musicedu import quick
from musicedu.display.training_view import LiveCurves
from musicedu.generation.numpy_gan import NumpyGan
from musicedu.training.gan import gan_weights, train_gan


def hear(model):
    return ask(NumpyGan(gan_weights(model, material.quantiles)), n_draws=1)


EPOCHS = quick(4, full=40)
watcher = LiveCurves(["wasserstein", "attributes"], hear=hear, n_heard=1)
weights = train_gan(
    config, material, epochs=EPOCHS, watcher=watcher, steps_an_epoch=100, jit_compile=False
)
mine = NumpyGan(weights)

# %% [markdown] id="long-ask"
# The package's network is larger and learnt from all tunes, for twenty minutes of one processor. In its record, mind the
# left curve: it falls, then *rises*, while the right one goes on falling. The music got no worse: the critic learnt to
# hear finer differences. Distances compare only under one critic.

# %% id="long"
from musicedu.data import data_path
from musicedu.display.embed import show
from musicedu.display.training_view import history_picture
from musicedu.training.record import load_record

first, last = watcher.reports[0].training, watcher.reports[-1].training
closer = "closer" if last["wasserstein"] < first["wasserstein"] else "further"
print(f"mine: made and real tunes are {closer} than in the first epoch")
record = load_record(data_path("models", "gan_history.json"))
show(history_picture(record, ["wasserstein", "attributes"], n_heard=2))

# %% [markdown] id="task-3-ask"
# ## Task 3: does it listen?
#
# Where more was asked, more should come: the **order** should agree. That is C. Spearman's correlation (1904): replace
# each value by its place in order, then correlate the places. 1 is the same order, 0 none, -1 the reverse.
#
# Write it; no two values are equal. ⌨ `np.corrcoef(a, b)[0, 1]` is the plain correlation of two arrays.

# %% id="task-3"
def places(values):
    return np.argsort(np.argsort(values))  # solution: each value's place in order, from 0


def spearman(asked, came):
    return np.corrcoef(places(asked), places(came))[0, 1]  # solution: how the places agree


asked = [is_function, asking.hears_order, asking.hears_disorder]
check("Task 3", spearman, *asked, praise="An honest measure of obedience.")

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. Largest, second largest, …: only the places count. So turn both arrays into places first.
# 2. `np.argsort(values)` says which index comes first, second, …; `np.argsort` of *that* says each value's place.
# 3. Fill in: `np.argsort(np.argsort(?))`, then `np.corrcoef(places(asked), ?)[0, 1]`.

# %% [markdown] id="obey-ask"
# Now measure sixty phrases that no network has learnt from, and ask each engine for their six figures. The package's
# measure (which knows ties) is `musicedu.evaluation.overlap.control`.

# %% id="obey"
from musicedu.evaluation.level_table import attributes_of
from musicedu.evaluation.overlap import control

judged = [w for w in material.validation.windows if w.grid.n_measures == 2][:60]
figures = attributes_of(judged)
wishes = [
    Asked(w.grid, dict(zip(CONDITION_ATTRIBUTES, row)), w.is_minor, w.begins_tune, w.ends_tune)
    for w, row in zip(judged, figures)
]


def answers(engine, n_draws):
    """What an engine writes for the sixty wishes, and its six figures."""
    written = engine.sample(len(wishes), wishes, np.random.default_rng(1), n_draws=n_draws)
    return written, attributes_of(written)


def obedience(engine, n_draws):
    return dict(zip(CONDITION_ATTRIBUTES, control(figures, answers(engine, n_draws)[1])))


heard = obedience(mine, 1)
three = ("range", "mean_interval", "note_density")
print(compare("Prediction 1", max(three, key=heard.get)))
one, best = obedience(gan, 1), obedience(gan, 16)
print("the package's GAN: one draw, best of sixteen")
for name in CONDITION_ATTRIBUTES:
    known = not np.isnan(one[name])
    said = f"{one[name]:.1f}, {best[name]:.1f}" if known else "none was asked for"
    print(f"{name}: {said}")

# %% [markdown] id="explorer-ask"
# What each note shows by itself is easily obeyed; the mean interval depends on each note *and the next*, so it is hard.
# Keeping the nearest of sixteen makes up for most of it: control by patience.
#
# Turn the knobs and hear it. What comes of wishes that hardly a tune would grant?

# %% id="explorer" tags=["widget", "nbval-ignore-output"]
from musicedu.display.embed import Shown
from musicedu.display.explorer import explore, slider
from musicedu.display.player import player
from musicedu.display.score import score_picture


def draw(notes_a_quarter, mean_pitch, range_semitones):
    """A phrase for three wishes, and what came of them."""
    phrase = ask(gan, note_density=notes_a_quarter, register=mean_pitch, range=range_semitones)
    pitches = phrase.pitches
    words = (
        f"Got {len(pitches) / 8:.2f} notes a quarter, mean pitch {np.mean(pitches):.1f}, "
        f"range {max(pitches) - min(pitches)} semitones"
    )
    score = score_picture(phrase)
    said = Shown(f"<p>{words}</p>", words)
    return Shown(score.html, f"{words}. {score.words}") + said + player(phrase)


explore(
    draw,
    notes_a_quarter=slider(0.5, 4.0, 0.5, value=2.0),
    mean_pitch=slider(55, 79, 2, value=67),
    range_semitones=slider(2, 20, 2, value=10),
)

# %% id="explorer-in-figures"
for density in (0.5, 1.0, 2.0, 3.0, 4.0):
    phrase = ask(gan, note_density=density, register=67, range=10)
    print(f"asked for {density:.1f} notes a quarter, got {len(phrase.notes) / 8:.1f}")
phrases = [ask(gan, seed=seed, range=3.0, mean_interval=5.0) for seed in range(20)]
ranges = [max(p.pitches) - min(p.pitches) for p in phrases]
leaps = [np.abs(np.diff(p.pitches)).mean() for p in phrases]
print("asked for range 3 and mean interval 5")
print(f"got (middle of 20) {np.median(ranges):.0f} and {np.median(leaps):.1f}")

# %% [markdown] id="quarrel"
# Slow tunes are easy. Four notes a quarter hardly any tune has, so the generator gives what it knows. And **wishes that
# quarrel** cannot both be granted: in a range of three semitones nobody leaps five. No tune ever made that wish; it meets
# both halfway, and says nothing. Ask only for what can be.

# %% [markdown] id="losses-ask"
# ## Another loss, another pace
#
# X. Mao and others (2017) let the critic say 1 for real and 0 for made, and pay the **squared error**: no gradient
# penalty, cheaper steps. Its "distance" is again the mean score of real tunes less that of made ones; 1 is fully told
# apart. Then your first pair again, with a tenth of the learning rate.
#
# Three figures each, of one draw:
#
# - *control*: Spearman, the mean of those asked for;
# - *overlap*: how alike the distributions of the figures are to those asked for (lesson 16 is stricter: *other* tunes);
# - *freedom*: how much four answers to one wish differ, of all steps.

# %% id="squared" tags=["nbval-ignore-output"]
from dataclasses import replace

from musicedu.evaluation.making.diversity import mean_distance_within
from musicedu.evaluation.overlap import mean_overlap


def trained(watcher=None, **changes):
    """The generator after the same training, but for some settings."""
    settings = {"epochs": EPOCHS, "steps_an_epoch": 100, "jit_compile": False}
    changed = replace(config, **changes)
    return NumpyGan(train_gan(changed, material, watcher=watcher, **settings))


def freedom(engine):
    same = [wish for wish in wishes[:15] for _ in range(4)]
    written = engine.sample(len(same), same, np.random.default_rng(2))
    return mean_distance_within(written, [index // 4 for index in range(len(same))])


def three_figures(engine, n_draws):
    written, came = answers(engine, n_draws)
    obeyed, alike = np.nanmean(control(figures, came)), mean_overlap(came, figures)
    return written, (obeyed, alike, freedom(engine))


sweep = {"wasserstein": mine}
sweep["squared"] = trained(LiveCurves(["wasserstein"]), loss="squared")
sweep["a tenth of the rate"] = trained(learning_rate=1e-4, critic_rate=1e-4)
came_of = {name: three_figures(engine, 1)[1] for name, engine in sweep.items()}
for name, values in came_of.items():
    print(f"{name:20}", "control {:.2f}, overlap {:.2f}, freedom {:.2f}".format(*values))

# %% id="sweep-in-words"
slow = came_of["a tenth of the rate"]
for name in ("wasserstein", "squared"):
    more = "more" if came_of[name][0] > slow[0] else "less"
    nearer = "nearer to" if came_of[name][1] > slow[1] else "further from"
    print(f"{name}: obeys {more} than the slow pair, and is {nearer} real tunes")

# %% [markdown] id="squared-read"
# The slow pair is freest and hears nobody: freedom alone is noise. (Is the race fair? Give it ten times the epochs.)
#
# Books say that Wasserstein is better; here the two losses come out close. They differ when the critic gets *too good*:
# squared scores have an end, and once all made tunes get 0, the slope is gone and the generator hears nothing. The
# penalty keeps a Wasserstein critic's slope near 1: an insurance, paid for at every step. **Measure before you believe.**

# %% [markdown] id="four-ask"
# ## Four composers, one wish
#
# The same sixty wishes for all: the **VAE** of lesson 12, this **GAN**, the **Markov** chain of lesson 10, and **people**:
# the tunes that were measured. Each machine draws sixteen and keeps the nearest; the chain hears no wish at all.
#
# Below, the answers to one tune's wish. Which would you have taken for the tune?

# %% id="four"
engines = {"VAE": shipped_engine("vae"), "GAN": gan, "Markov": shipped_engine("markov")}
written = {"people": judged}
for name, engine in engines.items():
    written[name], values = three_figures(engine, 16)
    print(f"{name:7}", "control {:.2f}, overlap {:.2f}, freedom {:.2f}".format(*values))

number = 34
wish = wishes[number].attributes
print(", ".join(f"{name} {value:.1f}" for name, value in wish.items()))
for name, windows in written.items():
    print(name)
    melody = window_melody(windows[number])
    show_score(melody)
    if name in ("people", "GAN"):  # or the others
        show_player(melody)


def written_for(wishes):  # for task 4
    return wishes if wishes is ... else [ask(gan, seed=16, **wish) for wish in wishes]


def show_page(page):
    for phrase in page:
        show_score(phrase)
    show_player(page[-1])

# %% [markdown] id="task-4-ask"
# ## Task 4: a page
#
# Ask for four phrases that make a small drama: each **busier** (more notes a quarter) than the one before, the last the
# **highest** (by mean pitch). You may wish for `range`, `mean_interval`, `note_density`,
# `rhythm_entropy`, `syncopation` and `register`.

# %% id="task-4"
wishes_of_mine = [  # solution: four wishes, such as {"note_density": 1.0}
    {"note_density": 0.8, "register": 62},  # solution
    {"note_density": 1.2, "register": 64},  # solution
    {"note_density": 1.8, "register": 67},  # solution
    {"note_density": 2.4, "register": 72},  # solution
]  # solution
page = written_for(wishes_of_mine)
asked = [asking.are_phrases(4), asking.grows_busier, asking.ends_highest]
check("Task 4", page, *asked, praise="You composed; it wrote the notes.", then=show_page)

# %% [markdown] id="task-4-hints" tags=["hints"]
# 1. Leave room between one wish and the next; leave out what you do not mind.
# 2. Tunes lie between 0.5 and 4 notes a quarter, and between pitch 55 and 79. `register=60` is middle C.
# 3. Fill in: `[{"note_density": 0.9, "register": 60}, {"note_density": 1.4, "register": ?}, ...]`.

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **Why must the critic hear the wish as well?**
# - [ ] So that it writes better tunes :: The critic writes nothing; it judges.
# - [x] Else nobody would mind if the generator ignored it :: Any good tune would please a critic who does not know the wish.
# - [ ] Because both networks must have the same size :: They need not, and have not.
#
# **Spearman's correlation of asked and got is 1. What follows?**
# - [ ] The generator gives exactly what is asked :: It may give half of everything: only the order agrees.
# - [x] Whoever asks for more gets more :: That, and no more than that.
# - [ ] The music is good :: A tune retrieved by its figures obeys perfectly, and is a copy.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - turn wishes of any unit into ranks, and tell both networks of a GAN about them;
# - measure obedience by order, one draw and best of many, and say which wishes are hard;
# - compare losses and learning rates by what comes of them, not by what books say;
# - compare four composers under one wish, people among them.

# %% [markdown] id="where-next"
# ## Where next
#
# Lesson 15 gives such a phrase chords, bass and drums; lesson 16 asks if it is any good. `musicedu practice --engine gan`
# lets this GAN write a sheet. The package keeps it in `musicedu.models.gan`, `musicedu.training.gan` and
# `musicedu.generation.numpy_gan`; `musicedu train gan --loss squared` trains the other one.
#
# To read: M. Mirza and S. Osindero (2014), *Conditional generative adversarial nets*; I. Gulrajani and others (2017),
# *Improved training of Wasserstein GANs*.
