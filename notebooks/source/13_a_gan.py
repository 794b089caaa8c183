# %% [markdown] id="title"
# # A GAN: two networks against each other
#
# By the end two networks have taught each other to write tunes. They fail in three ways first; you measure each, and
# cure it.
#
# **Time:** 50 minutes. **You need:** lessons 10 and 11. All trainings together take a minute (the *quick setting*).

# %% [markdown] id="why"
# The autoencoder of lesson 11 is told what to write, note by note. Nobody can tell a *composer* so.
#
# In a *generative adversarial network* (GAN) a second network listens. The *generator*, a forger, turns random numbers
# into a melody. The *discriminator*, an expert, hears melodies and says how likely each is to be real. The forger learns
# to fool the expert, the expert not to be fooled. No one shows the forger a real tune.
#
# ♪ Our melodies last two measures of 4/4. ⌨ As in lesson 11, each sixteenth has one *token*: 0 is a rest, 1 a hold (the
# note goes on), 2 to 38 are pitches. A row of 32 tokens is a melody, moved to the key without sharps or flats.

# %% id="tools"
from musicedu.course.lesson import begin_lesson

from itertools import combinations

import keras
import numpy as np
from keras import layers, ops

from musicedu import load_corpus, show_player, show_score
from musicedu.course.asks import adversaries
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import check
from musicedu.course.predictions import compare, predict
from musicedu.encoding.step_grid import melody_of_row, step_rows

begin_lesson()
keras.utils.set_random_seed(13)
corpus = load_corpus(collections=["airds", "oneills", "ryans"])
real = step_rows(corpus.select(split="train").melodies(), n_sixteenths=32)
print(f"{len(real)} melodies, {real.shape[1]} steps each")
print("one of them:", *real[100])
show_score(melody_of_row(real[100]))
show_player(melody_of_row(real[100]), program=73)

# %% [markdown] id="pair-ask"
# ## The textbook pair
#
# Both are *dense*: every unit of a layer hears every unit of the one before. The generator leads 100 random numbers
# through 128, 256 and 512 units to 32 × 39 probabilities, a token's chance at each step. The discriminator leads such a
# picture through 512 and 256 units to one number. A real tune is a picture of zeros and ones.

# %% id="pair"
N_NOISE, N_STEPS, N_TOKENS = 100, 32, 39


def stacked(network, sizes):
    for units in sizes:
        network.add(layers.Dense(units))
        network.add(layers.LeakyReLU(0.2))
    return network


def build_generator():
    network = stacked(keras.Sequential([keras.Input((N_NOISE,))]), (128, 256, 512))
    network.add(layers.Dense(N_STEPS * N_TOKENS))
    network.add(layers.Reshape((N_STEPS, N_TOKENS)))
    network.add(layers.Softmax())
    return network


def build_discriminator(last="sigmoid"):
    network = keras.Sequential([keras.Input((N_STEPS, N_TOKENS)), layers.Flatten()])
    network = stacked(network, (512, 256))
    network.add(layers.Dense(1, activation=last))
    return network


def noise(n):
    return keras.random.normal((n, N_NOISE))


print(f"generator: {build_generator().count_params():,} numbers to learn")
print(f"discriminator: {build_discriminator().count_params():,}")

# %% [markdown] id="task-1-ask"
# ## Task 1: does it learn?
#
# Losses of a GAN say little, as you will see. Ask something simpler first: do the weights *move*? Write `moved`. It gets
# two lists of arrays, the weights before and after, and gives the largest change of any number in any array.

# %% id="task-1"
def moved(before, after):
    changes = [np.abs(new - old).max() for old, new in zip(before, after)]  # solution: the largest change, without its sign
    return max(changes)  # solution


check("Task 1", moved, is_function, adversaries.measures_movement, praise="A stethoscope.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. Go through the two lists side by side. In each pair of arrays, what is the largest change? Then the largest of all.
# 2. `zip(before, after)` gives pairs; `np.abs(new - old).max()` is the largest change within one.
# 3. One thing is missing: `changes = [np.abs(?).max() for old, new in zip(before, after)]`; return the largest of them.

# %% [markdown] id="prediction-1-ask"
# ## Predict
#
# This recipe stands in hundreds of tutorials: compile the discriminator; freeze it with `trainable = False`; put both in
# a row, so that the generator learns through a frozen expert; train them in turns. In Keras 3, who learns?

# %% id="prediction-1"
guess = "both"  # solution: "both", "only the discriminator" or "only the generator"
predict("Prediction 1", guess, ("both", "only the discriminator", "only the generator"))

# %% id="recipe"
import warnings

from musicedu.models.movement import movement


def adam():
    return keras.optimizers.Adam(2e-4, beta_1=0.5)


rng = np.random.default_rng(1)
generator, discriminator = build_generator(), build_discriminator()
discriminator.compile(adam(), loss="binary_crossentropy")
discriminator.trainable = False
both = keras.Sequential([generator, discriminator])
both.compile(adam(), loss="binary_crossentropy")
before = generator.get_weights(), discriminator.get_weights()
ones, zeros = np.ones((64, 1)), np.zeros((64, 1))
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always", UserWarning)
    for _ in range(40):
        rows = np.eye(N_TOKENS, dtype="float32")[real[rng.integers(len(real), size=64)]]
        discriminator.train_on_batch(rows, ones)
        discriminator.train_on_batch(generator(noise(64)), zeros)
        both.train_on_batch(noise(64), ones)
print("Keras mumbles:", next(s.message for s in said if s.category is UserWarning))
by = [movement(old, net.get_weights()) for old, net in zip(before, (generator, discriminator))]
print(f"the generator moved: {by[0] > 0}; the discriminator moved by {by[1]:.1f}")
print(compare("Prediction 1", "only the generator" if by[1] == 0 < by[0] else "both"))

# %% [markdown] id="recipe-read"
# **Failure 1: the expert sleeps.** Nothing crashed and notes came out; yet one of two networks never learnt. Freezing now
# holds for the discriminator itself, compiled or not. (The package's `movement` is your `moved`.)
#
# The cure: no freezing. Write the training step as two halves, and say in each *whose* weights move.

# %% [markdown] id="halves-ask"
# *Binary cross-entropy* (BCE) is `-log` of the probability given to what is true: small when right, huge when sure and
# wrong. The expert wants it small, with ones for real melodies and zeros for made ones. The forger wants made melodies
# to pass for ones. ⌨ A *tape* notes what is computed, so that gradients can be taken; `learn` changes only the weights of
# the network we name.

# %% id="halves"
import tensorflow as tf

bce = keras.losses.BinaryCrossentropy()


def learn(tape, loss, network, optimizer):
    weights = network.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))


class Pair(keras.Model):
    def __init__(self, settings, judge="sigmoid", make_optimizer=adam):
        super().__init__()
        self.settings = settings
        self.generator, self.discriminator = build_generator(), build_discriminator(judge)
        self.for_generator, self.for_discriminator = make_optimizer(), make_optimizer()
        self.for_generator.build(self.generator.trainable_variables)
        self.for_discriminator.build(self.discriminator.trainable_variables)
        self.compile()

    def train_step(self, data):
        rows = ops.one_hot(data[0]["tokens"], N_TOKENS)
        n = ops.shape(rows)[0]
        ones, zeros = ops.ones((n, 1)), ops.zeros((n, 1))
        made = self.generator(noise(n))
        with tf.GradientTape() as tape:
            judging = bce(ones, self.discriminator(rows)) + bce(zeros, self.discriminator(made))
        learn(tape, judging, self.discriminator, self.for_discriminator)
        with tf.GradientTape() as tape:
            forging = bce(ones, self.discriminator(self.generator(noise(n))))
        learn(tape, forging, self.generator, self.for_generator)
        return {"discriminator": judging, "generator": forging}

# %% [markdown] id="train-ask"
# The package's training loop runs it and draws as it goes: every batch pale, then the mean of each epoch. Watch both
# curves. Does a falling loss mean better music?

# %% id="train" tags=["nbval-ignore-output"]
from musicedu import quick
from musicedu.configs import DenseGanConfig
from musicedu.display.training_view import LiveCurves
from musicedu.training.feed import feed_of
from musicedu.training.loop import fit

LISTENERS = noise(500)  # the same random numbers, to compare what becomes of them


def made_by(pair):
    return np.asarray(pair.generator(LISTENERS)).argmax(axis=-1)


def first_made(pair):
    return melody_of_row(made_by(pair)[0])


settings = DenseGanConfig(n_sixteenths=N_STEPS, seed=13)
melodies = feed_of({"tokens": real}, 64)
pair = Pair(settings)
start = pair.generator.get_weights(), pair.discriminator.get_weights()
curves = LiveCurves(("discriminator", "generator"), hear=first_made, n_heard=1)
_ = fit(lambda: pair, melodies, epochs=quick(3, full=30), watcher=curves)

# %% [markdown] id="collapse-ask"
# Now both learn. From 500 different rows of random numbers the generator makes 500 melodies. How many of them will be
# different? Guess, then run.

# %% id="collapse"
from musicedu.display.plots import show_plot
from musicedu.display.step_view import plot_side_by_side
from musicedu.training.step_figures import unique_share

networks = {"generator": pair.generator, "discriminator": pair.discriminator}
for (name, network), old in zip(networks.items(), start):
    print(f"the {name} moved: {movement(old, network.get_weights()) > 0}")
made = made_by(pair)
share = unique_share(made)
print(f"different melodies among 500: fewer than 60: {500 * share < 60}")
words = "Left, real melodies differ in every row; right, the made ones are stripes: all alike"
show_plot(plot_side_by_side({"real": real[:40], "made": made[:40]}), words)

# %% [markdown] id="task-2-ask"
# ## Task 2: measure it
#
# **Failure 2: mode collapse.** The forger found one melody and forges nothing else. Counting different ones is a coarse
# measure: change one note in each, and all count as different. Better: how *unlike* are two melodies? Write `unlike`: of
# all pairs of rows, the mean share of steps at which the two differ.

# %% id="task-2"
def unlike(rows):
    shares = [(one != other).mean() for one, other in combinations(rows, 2)]  # solution: a number from 0, all alike, to 1
    return np.mean(shares)  # solution


check("Task 2", unlike, is_function, adversaries.compares_all_pairs)

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. Take two rows. `one != other` is true where they differ; what is the mean of true and false?
# 2. `combinations(rows, 2)` gives every pair once. Collect `(one != other).mean()` of each, then take the mean.
# 3. One thing is missing: `shares = [(one != other).mean() for one, other in ?]`, whose mean is returned.

# %% [markdown] id="cures-ask"
# Why does it collapse? The expert sees at a glance that made pictures are *soft*, grey where real ones are black and
# white. Soon it is sure of every one; what pleases it a little more is the same whatever the noise, and all melodies move
# there together. Two cures are in the package's `DenseGan`, the same pair otherwise:
#
# - **one-hot:** the expert is shown the likeliest token alone, as zeros and ones;
# - **batch normalisation:** each unit's output is brought to mean 0 and spread 1 over the batch, so that different
#   noise stays different.

# %% id="cures"
from functools import partial

from musicedu.models.dense_gan import build_dense_gan
from musicedu.training.step_figures import pairwise_distance

print(f"{'real melodies':28} unlike {pairwise_distance(real):.1f}")
print(f"{'as above':28} unlike {pairwise_distance(made):.1f}")
cured = {}
for name, batch_norm in {"one-hot": False, "one-hot and batch norm": True}.items():
    config = DenseGanConfig(one_hot=True, batch_norm=batch_norm, seed=13)
    model = fit(partial(build_dense_gan, config), melodies, epochs=quick(3, full=30))
    rows = model.draw(500, seed=1)
    cured[name] = rows[:40]
    most, far = unique_share(rows) > 0.5, pairwise_distance(rows) > 0.45
    print(f"{name}: most are different: {most}; unlike by more than 0.45: {far}")
words = "Left, stripes with small changes; right, rows differ, but no two steps belong together"
show_plot(plot_side_by_side(cured), words)

# %% [markdown] id="cures-said"
# One-hot pictures: most melodies *count* as different, and yet they are as alike as brothers. Both cures together make
# them unlike, if hardly tunes yet. With ten times the epochs (`musicedu train dense-gan`) they come near real ones, but leap
# far oftener; and the losses never tell you so.

# %% [markdown] id="task-3-ask"
# ## Task 3: a critic
#
# **Failure 3: the losses say nothing.** *Wasserstein* GANs (2017) replace the expert who says real or not by a *critic*
# who gives any number, high for what sounds real. The difference between the mean scores, real minus made, estimates how
# *far* the two kinds of music are from each other: it falls as the forger gets better.
#
# One rule keeps the critic honest: where it stands between a real and a made melody, its *slope* must be 1; else it would
# just shout. Write the loss: mean of `on_made`, minus mean of `on_real`, plus 10 times the mean of `(slopes - 1)` squared.

# %% id="task-3"
def critic_loss(on_real, on_made, slopes):
    penalty = ops.mean((slopes - 1) ** 2)  # solution: first the mean square of how far slopes are from 1, then
    return ops.mean(on_made) - ops.mean(on_real) + 10 * penalty  # solution: the loss: all three terms


check("Task 3", critic_loss, is_function, adversaries.scores_and_keeps_its_slope)

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. A loss is made small. So what should be large, the distance, goes in with a minus.
# 2. Square each `slopes - 1` with `** 2` before you take the mean; else too steep and too flat cancel out.
# 3. Fill in the gaps: `ops.mean(on_made) - ops.mean(?) + 10 * ops.mean((? - 1) ** 2)`.

# %% [markdown] id="critic-ask"
# The same two dense networks, soft pictures again, no cure added. For every step of the generator the critic takes three;
# a good critic gives good directions. `between` stands at a random place on the way from a real to a made picture.

# %% id="critic" tags=["nbval-ignore-output"]
from musicedu.models.losses import gradient_penalty, wasserstein_estimate


def slower_adam():
    return keras.optimizers.Adam(3e-4, beta_1=0.0, beta_2=0.9)


class Wasserstein(Pair):
    def train_step(self, data):
        for rows in ops.split(ops.one_hot(data[0]["tokens"], N_TOKENS), 3):
            n = ops.shape(rows)[0]
            made = self.generator(noise(n))
            share = keras.random.uniform((n, 1, 1))
            between = share * rows + (1 - share) * made
            with tf.GradientTape() as tape:
                with tf.GradientTape() as inner:
                    inner.watch(between)
                    scores = self.discriminator(between)
                penalty = gradient_penalty(inner.gradient(scores, between))
                on_real, on_made = self.discriminator(rows), self.discriminator(made)
                distance = wasserstein_estimate(on_real, on_made)
                loss = 10 * penalty - distance
            learn(tape, loss, self.discriminator, self.for_discriminator)
        with tf.GradientTape() as tape:
            forging = -ops.mean(self.discriminator(self.generator(noise(n))))
        learn(tape, forging, self.generator, self.for_generator)
        return {"wasserstein": distance, "penalty": penalty}


def judge(pair):
    return {"unlike": pairwise_distance(made_by(pair))}


critic = Wasserstein(settings, judge=None, make_optimizer=slower_adam)
start = critic.generator.get_weights(), critic.discriminator.get_weights()
curves = LiveCurves(("wasserstein", "unlike"), hear=first_made, judged="of 500 made", n_heard=1)
epochs, batches = quick(9, full=90), feed_of({"tokens": real}, 192)
_ = fit(lambda: critic, batches, epochs=epochs, watcher=curves, judge=judge, judged_by=None)

# %% [markdown] id="learnt-ask"
# Did both learn? And is it better than lesson 10's chain, which only counts? We compare how melodies *move* from
# note to note, their intervals: 0 means as in real tunes, 1 nothing in common.

# %% id="learnt"
from musicedu.encoding.step_grid import fits_steps, step_tokens
from musicedu.encoding.step_grid import step_grid
from musicedu.exercise.engines import shipped_engine
from musicedu.generation.engine import Asked
from musicedu.training.step_figures import interval_gap

networks = {"generator": critic.generator, "critic": critic.discriminator}
for (name, network), old in zip(networks.items(), start):
    print(f"the {name} moved: {movement(old, network.get_weights()) > 0}")
estimates = [report.training["wasserstein"] for report in curves.reports]
distances = [report.validation["unlike"] for report in curves.reports]
print(f"the estimate fell by a fifth from its highest: {estimates[-1] < 0.8 * max(estimates)}")
made = made_by(critic)
grown = distances[-1] > 2 * distances[0]
print(f"melodies grew unlike: {grown}, to {pairwise_distance(made):.1f}; real: 0.5")
words = "Left, real melodies; right, made ones, which differ from row to row as real ones do"
show_plot(plot_side_by_side({"real": real[:40], "made": made[:40]}), words)

asked_for = [Asked(step_grid(N_STEPS))]
windows = shipped_engine("markov").sample(400, asked_for, np.random.default_rng(0))
chain = np.array([step_tokens(window) for window in windows if fits_steps(window)])
others = step_rows(corpus.select(split="test").melodies(), N_STEPS)
gap = interval_gap(chain, real)
print(f"how they move: other real tunes {interval_gap(others, real):.2f}, the chain {gap:.2f}")
print(f"the GAN is twice as far off or more: {interval_gap(made, real) > 2 * gap}")

# %% [markdown] id="walk-ask"
# **Walk**: each place between two rows of random numbers is a melody too. Move
# `way` from 0 to 8. What changes first: pitches or rhythm? Then choose other ends.

# %% id="walk" tags=["widget", "nbval-ignore-output"]
from musicedu.display.embed import Shown
from musicedu.display.explorer import choice, explore, slider
from musicedu.display.player import player
from musicedu.display.score import score_picture

ENDS = np.asarray(LISTENERS)[:6]


def walk(way, ends):
    one, other = (ENDS[int(number) - 1] for number in ends.split(" to "))
    angle = way / 8 * np.pi / 2  # along a circle: the sum would be too quiet halfway
    place = np.cos(angle) * one + np.sin(angle) * other
    melody = melody_of_row(np.asarray(critic.generator(place[None])).argmax(axis=-1)[0])
    score = score_picture(melody)
    said = Shown(score.html, f"{way} of 8. {score.words}")
    return said + player(melody, program=73)


explore(walk, way=slider(0, 8, 1, value=0), ends=choice(["1 to 2", "3 to 4", "5 to 6"]))

# %% [markdown] id="honest-ask"
# ## What remains bad
#
# Sing a few. Notes are in key and rhythms dance, yet lines wander and now and then leap like no singer. The chain, which looks back at a few events, moves more like real tunes.
#
# Part of it is the dense network: it must learn every figure anew for every step of the measure. Lesson 14 replaces it by
# convolutions, which learn a figure once, and tells the generator what is wanted. Here is the record of that longer run,
# and what it plays at its end. Its estimate falls, then *rises*: the critic sharpens too, and hears what it missed
# before. So keep figures of the music beside it.

# %% id="long" tags=["nbval-ignore-output"]
from musicedu.data import data_path
from musicedu.display.embed import show
from musicedu.display.training_view import history_picture
from musicedu.training.record import load_record

record = load_record(data_path("models", "gan_history.json"))
show(history_picture(record, ("wasserstein",), n_heard=1))

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **Losses are printed and notes come out. How do you know that both networks learn?**
# - [ ] The losses change :: In the first recipe they changed too: one network alone can do that.
# - [x] The weights of each have moved :: Plain, quick, and true of any training.
# - [ ] The notes change :: The generator may run from an expert who sleeps.
#
# **500 of 500 melodies are different. Is the generator diverse?**
# - [ ] Yes :: One note changed in each is enough for that.
# - [x] Not by this alone; ask how unlike pairs are, beside real tunes :: The one-hot pair was all different and all alike.
# - [ ] No :: It may be.
#
# **What does a falling Wasserstein estimate tell you?**
# - [ ] The critic gets worse :: Its slope is held; it keeps looking for what tells the two apart.
# - [x] Made melodies come nearer to real ones, as this critic hears :: A sharper critic would say more.
# - [ ] The melodies become originals :: Copying real tunes would make it small too (lesson 16).

# %% [markdown] id="you-can-now"
# ## You can now
#
# - write a GAN whose two networks both learn, and prove that they do;
# - recognise mode collapse by a figure, and say why counting different melodies is not enough;
# - train a Wasserstein pair, and say honestly what it cannot do yet.

# %% [markdown] id="where-next"
# ## Where next
#
# Lesson 14 asks a GAN for what you want. The dense pair stands in `musicedu.models.dense_gan`, the losses in
# `musicedu.models.losses`, figures of collapse in `musicedu.training.step_figures` and, for any music, in
# `musicedu.evaluation.making.diversity`.
#
# To read: I. Goodfellow and others (2014), *Generative adversarial nets*; I. Gulrajani and others (2017), *Improved
# training of Wasserstein GANs*.
