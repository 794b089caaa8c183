# %% [markdown] id="title"
# # Spectrum
#
# By the end you can take a sound apart into the tones it is made of, choose the right window for a question, and say
# in numbers why a clarinet sounds like a clarinet.
#
# **Time:** 40 minutes. **You need:** lesson 01.

# %% [markdown] id="why"
# A note is not one tone. A string swings as a whole, in halves, in thirds, all at once: ♪ the *fundamental*, which we
# hear as the pitch, and *overtones* above it. Together they are the *partials*. How strong each of them is makes the
# *timbre*, the colour of a sound. A *spectrum* says how strong.
#
# We begin with a sound whose partials we know, since we put them in: 220, 440 and 660 Hz.

# %% id="mixture"
import numpy as np

from musicedu import show_sound
from musicedu.course.asks import functions, sounds
from musicedu.course.checks import check
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict

begin_lesson()
sr = 8000
seconds = np.arange(sr) / sr
mixture = np.zeros(sr)
for frequency_hz, amplitude in ((220, 0.5), (440, 0.2), (660, 0.1)):
    mixture += amplitude * np.sin(2 * np.pi * frequency_hz * seconds)
show_sound(mixture, sr, "three sines")

# %% [markdown] id="ask-idea"
# ## Asking for one tone
#
# How do we get the 0.5, the 0.2 and the 0.1 back? Lay a sine of the tone in question beside the sound, multiply the two
# sample by sample, and add up. If they swing together, plus meets plus and minus meets minus, and the sum grows. If
# not, the products cancel. Twice the mean of the products is the amplitude.

# %% id="ask"
for frequency_hz in (220, 300, 440, 660):
    question = np.sin(2 * np.pi * frequency_hz * seconds)
    found = 2 * np.mean(mixture * question)
    late = 2 * np.mean(np.roll(mixture, 9) * question)
    print(f"{frequency_hz} Hz: {abs(found):.2f}; a millisecond later: {abs(late):.2f}")

# %% [markdown] id="task-1-ask"
# ## Task 1: ask twice
#
# A millisecond later the answers are wrong, though the sound is the same. The sine asks only for swings that begin at
# 0 (⌨ ♪ the *phase* of a swing says where in its round it begins). A cosine asks for those that begin at the top. Ask
# with both, and join the two answers by Pythagoras: `np.hypot(a, b)` is the root of a² + b².

# %% id="task-1"
def strength_at(y, sr, frequency_hz):
    angle = 2 * np.pi * frequency_hz * np.arange(len(y)) / sr
    with_sine, with_cosine = np.mean(y * np.sin(angle)), np.mean(y * np.cos(angle))  # solution: the amplitude
    return 2 * np.hypot(with_sine, with_cosine)  # solution


asked = [functions.is_function, sounds.finds_only_what_is_there, sounds.hears_every_phase]
check("Task 1", strength_at, *asked, praise="No phase can hide a tone from you.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. The cell above asks with a sine. Do the same with a cosine, and join the answers.
# 2. `angle` is ready: `np.sin(angle)` is one question, `np.cos(angle)` the other. Each answer is a mean of products.
# 3. Fill in the gaps: `with_sine, with_cosine = np.mean(y * ?), np.mean(y * ?)`, then `return 2 * np.hypot(?, ?)`.

# %% [markdown] id="dft-ask"
# ## Asking for all of them
#
# In `n` samples, tones that make a whole number of rounds never mix up with each other: 0, 1, 2, ... rounds, up to half
# of `n`. Asking for all of these is the *discrete Fourier transform* (DFT). ⌨ The *fast* one (FFT) shares work between
# the questions: for 8,000 samples it is hundreds of times quicker, with the same answers.

# %% id="dft"
short = mixture[:400]  # 50 ms: one round is 20 Hz
rounds = np.arange(len(short) // 2 + 1)
angles = 2 * np.pi * np.outer(rounds, np.arange(len(short))) / len(short)
# @ multiplies two rows number by number and adds up, for every question at once.
by_hand = 2 / len(short) * np.hypot(np.sin(angles) @ short, np.cos(angles) @ short)
by_fft = 2 / len(short) * np.abs(np.fft.rfft(short))
print("the same as the FFT:", np.allclose(by_hand, by_fft))
print("found:", ", ".join(f"{20 * k} Hz {by_hand[k]:.2f}" for k in rounds[by_hand > 0.05]))

# %% [markdown] id="leak"
# All three are there. Had one been 450 Hz, it would have made 22.5 rounds in 50 ms: neither the 22nd row nor the 23rd
# fits, and both answer, with all their neighbours (*leakage*). Fading the piece in and out with a *window* keeps that
# small. Every spectrum from here on has one, named after J. von Hann.
#
# ## Real notes
#
# A violin and a clarinet on the same A3, 220 Hz. **Investigate:** which partials does the clarinet leave out?

# %% id="notes"
import matplotlib.pyplot as plt

from musicedu import Melody
from musicedu.audio.takes import record_take
from musicedu.display.plots import plot_picture, show_plot
from musicedu.display.sound_view import plot_spectrogram, plot_spectrum

sr = 22_050
_, panels = plt.subplots(2, figsize=(6.4, 3.8), sharex=True, layout="constrained")
for panel, (name, program) in zip(panels, [("violin", 40), ("clarinet", 71)], strict=True):
    note = record_take(Melody.from_text("A3:2"), program=program).y
    plot_spectrum(note, sr, panel, highest_hz=2400, label=name)
    values = np.abs(np.fft.rfft(note * np.hanning(len(note))))
    rows = [round(k * 220 * len(note) / sr) for k in range(1, 6)]
    peaks = np.array([values[row - 15 : row + 15].max() for row in rows])
    levels_db = 20 * np.log10(peaks / peaks.max())
    print(f"{name}, partials 1 to 5: {', '.join(f'{level:.0f} dB' for level in levels_db)}")
words = "Spectra: peaks at 220, 440, 660 Hz and on; the clarinet's at 440 and 880 Hz are short"
panels[0].set_xlabel("")
show_plot(panels[0], words)

# %% [markdown] id="stft-ask"
# ## When?
#
# A spectrum of a whole piece says which tones were in it, and not when. So we cut the sound into short, overlapping
# *frames*, and transform each: the *short-time Fourier transform* (STFT). Its picture is the *spectrogram*: time to the
# right, frequency upwards, bright where it is strong. (`denoise` of lesson 01 works on this picture: a hiss is
# everywhere, a note only on its rows, so the rest can be turned down.)

# %% id="stft"
from musicedu.audio.spectrum import extract_spectrum

phrase = record_take(Melody.from_text("D4:1/2 F#4:1/2 A4:1/2 D5:1 C#5:1/2 D5:1", key="D")).y
n_fft, hop = 2048, 512
window = np.hanning(n_fft + 1)[:-1]
padded = np.pad(phrase, n_fft // 2)
starts = range(0, len(padded) - n_fft + 1, hop)
frames = [np.abs(np.fft.rfft(window * padded[at : at + n_fft])) for at in starts]
packaged = extract_spectrum(phrase, sr)
print("the same as the package:", np.allclose(np.array(frames).T, packaged.values, atol=1e-3))
show_sound(phrase, sr, "a violin plays a broken chord")
show_plot(plot_spectrogram(packaged, highest_hz=4000), "Spectrogram: six notes, each a ladder")

# %% [markdown] id="prediction-1-ask"
# ## The window's bargain
#
# **Predict.** A window of 512 samples lasts 23 ms, one of 4,096 lasts 186 ms. What does the *longer* one show more
# exactly: the `"pitch"` of tones, the `"time"` of events, or `"both"`?

# %% id="prediction-1"
guess = "pitch"  # solution: one of the three, in quotes
predict("Prediction 1", guess, choices=("pitch", "time", "both"))

# %% id="bargain"
noise = np.random.default_rng(0).uniform(-0.9, 0.9, 60)
scene = np.zeros(int(1.5 * sr))
scene[:sr] = sum(0.1 * np.sin(2 * np.pi * hz * np.arange(sr) / sr) for hz in (293.7, 311.1))
for tap_sec in (1.20, 1.24):
    scene[round(tap_sec * sr) :][:60] = noise  # two taps, 40 ms apart


def told_apart(n_fft):
    values = extract_spectrum(scene, sr, n_fft=n_fft, hop_length=64).values
    chord, first, pause = (values[:, round(at * sr / 64)] for at in (0.5, 1.20, 1.22))
    low, between, high = (chord[round(hz * n_fft / sr)] for hz in (293.7, 302.4, 311.1))
    return between < 0.5 * min(low, high), pause.sum() < 0.5 * first.sum()


def sentence(n_fft):
    tones, taps = ("yes" if apart else "no" for apart in told_apart(n_fft))
    return f"{n_fft} samples: two tones told apart: {tones}; two taps told apart: {taps}"


for n_fft in (512, 1024, 2048, 4096):
    print(sentence(n_fft))
tones_apart, taps_apart = told_apart(4096)
outcome = "both" if tones_apart and taps_apart else "pitch" if tones_apart else "time"
print(compare("Prediction 1", outcome))

# %% [markdown] id="window-ask"
# No window tells both apart: rows lie `sr / n_fft` Hz apart, and frames last `n_fft / sr` seconds. What one gains the
# other loses. See it: a D and an E flat together, then two taps. At which length do the two lines melt? And the taps?

# %% id="window" tags=["widget", "nbval-ignore-output"]
from musicedu.display.explorer import choice, explore, slider


def draw_window(samples):
    spectrum = extract_spectrum(scene, sr, n_fft=samples, hop_length=128)
    return plot_picture(plot_spectrogram(spectrum, highest_hz=600), sentence(samples))


explore(draw_window, samples=choice([256, 512, 1024, 2048, 4096], value=2048))

# %% [markdown] id="task-2-ask"
# ## Task 2: the viola's semitone
#
# Two violas hold a G3 and an A flat 3: 196.0 and 207.7 Hz. Choose a window, a power of two, that shows **two** lines and
# lasts **less than half a second**.

# %% id="task-2"
viola_window = 2**13  # solution: the length of a window, in samples
asked = [sounds.is_n_fft, sounds.tells_apart(196.0, 207.7, sr), sounds.lasts_under(0.5, sr)]
check("Task 2", viola_window, *asked, praise="Long enough for the ear.")

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. The two tones lie 11.7 Hz apart. The rows of the window must lie clearly closer than that: between the two peaks
#    there has to be a valley.
# 2. A Hann window makes each tone about four rows wide. So the gap must hold four rows: `sr / n_fft` below a quarter
#    of it, or not much above.
# 3. Rows may be about 3 Hz apart: `n_fft` is near `22_050 / 3`. Which power of two (1024, 2048, ...) is nearest?

# %% [markdown] id="filter-ask"
# ## Taking tones away
#
# A *low-pass filter* lets low tones pass and holds back what lies above its *cut-off*. The wall between you and a party
# is one: only the bass comes through. Move the cut-off down: the pitch stays to the end, only the colour goes. How low can you
# go until nothing is left but the fundamental, 294 Hz?

# %% id="filter" tags=["widget", "nbval-ignore-output"]
from musicedu.audio.filters import low_pass
from musicedu.audio.spectrum import extract_centroid
from musicedu.display.player import sound_player

trumpet = record_take(Melody.from_text("D4:2"), program=56).y


def brightness_hz(y):
    return float(extract_centroid(extract_spectrum(y, sr)).mean)


def draw_filter(cutoff_hz):
    muted = low_pass(trumpet, sr, cutoff_hz)
    ax = plot_spectrum(muted, sr, plot_spectrum(trumpet, sr, highest_hz=6000), highest_hz=6000)
    centre_hz = round(brightness_hz(muted), -1)
    words = f"Cut-off {cutoff_hz} Hz: the spectrum balances at {centre_hz:.0f} Hz"
    return plot_picture(ax, words) + sound_player(muted, sr)


explore(draw_filter, cutoff_hz=slider(200, 6000, 200, value=2000))

# %% [markdown] id="centroid-ask"
# The point where a spectrum balances is its *centroid*: the mean of all frequencies, weighted by their strength. A high
# one sounds *bright*. Say before you run: which is brightest, a recorder, a clarinet, a violin or a trumpet?

# %% id="timbre"
middle = extract_spectrum(phrase, sr).values[:, 30]
hz = np.fft.rfftfreq(2048, 1 / sr)
by_hand = np.sum(hz * middle) / np.sum(middle)
packaged = extract_centroid(extract_spectrum(phrase, sr)).values[30]
print("the same as the package:", np.isclose(by_hand, packaged))
for name, program in (("recorder", 74), ("clarinet", 71), ("violin", 40), ("trumpet", 56)):
    note = record_take(Melody.from_text("A4:1"), program=program).y
    print(f"{name}: balances near {round(brightness_hz(note), -2):.0f} Hz")
for cutoff_hz in (600, 2000, 6000):
    muted = low_pass(trumpet, sr, cutoff_hz)
    print(f"trumpet below {cutoff_hz} Hz: {round(brightness_hz(muted), -2):.0f} Hz")

# %% [markdown] id="mel-ask"
# ## As the ear hears
#
# From 200 to 400 Hz is an octave; from 5,000 to 5,200 Hz is next to nothing. The *mel scale* puts frequencies where the
# ear has them: evenly up to 1,000 Hz, and by equal factors above. A *mel spectrum* adds up the rows in bands that are
# even in mel: 40 numbers instead of 1,025, and most machines that listen begin with it.

# %% id="mel"
from musicedu.audio.spectrum import extract_mel, hz_to_mel


def to_mel(hz):
    return 15 * hz / 1000 if hz < 1000 else 15 + 27 * np.log(hz / 1000) / np.log(6.4)


ladder = [200, 400, 1000, 5000, 5200]
print(", ".join(f"{hz} Hz is {to_mel(hz):.1f} mel" for hz in ladder))
print("the same as the package:", np.allclose([to_mel(hz) for hz in ladder], hz_to_mel(ladder)))
bands = extract_mel(extract_spectrum(phrase, sr), n_mels=40)
words = "Mel spectrogram: the same six notes in 40 bands, the low ones spread out"
show_plot(plot_spectrogram(bands), words)


def play_partials(partials):  # for task 3
    beat = np.arange(sr) / sr
    fade = np.minimum(1, np.minimum(20 * beat, 20 * (1 - beat)))
    tones = [a * np.sin(2 * np.pi * 220 * k * beat) for k, a in enumerate(partials, start=1)]
    show_sound(0.3 * fade * sum(tones), sr, "your instrument on A3")

# %% [markdown] id="task-3-ask"
# ## Task 3: make a hollow sound
#
# Now the other way: not apart, but together. A clarinet's tube is closed at one end, and a closed tube answers hardly
# at all to every second partial. Write the amplitudes of **at least five** partials, the fundamental first, so that it
# sounds hollow: the *even* ones at most a tenth of the strongest, and what sounds growing softer upwards.

# %% id="task-3"
partials = [1.0, 0.0, 0.5, 0.0, 0.25, 0.0, 0.1]  # solution: a list of amplitudes
asked = [sounds.is_list_of_partials, sounds.sounds_hollow, sounds.grows_softer_upwards]
check("Task 3", partials, *asked, praise="An instrument of your own.", then=play_partials)

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. Partials are counted from 1. Which places of the list hold the even ones?
# 2. The second number of the list is partial 2, the fourth partial 4: they are nearly 0. The others come down step by
#    step.
# 3. Fill in the gaps: `[1.0, ?, 0.6, ?, 0.3]`. Then try more partials, and hear what they add.

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **You want to know exactly *when* a drum is struck. Which window?**
# - [x] A short one :: A frame says only that something happened within it. The shorter, the better you know when.
# - [ ] A long one :: It tells tones apart that lie close. A drum stroke it smears over its whole length.
# - [ ] Any, with a smaller hop :: More frames overlap, but each still sees the whole of its window.
#
# **A flute and a trumpet play the same A4. What do their spectra share?**
# - [ ] The strength of each partial :: That is the timbre, and why you can tell them apart.
# - [x] Where the partials are :: At 440, 880, 1,320 Hz and so on: that is the pitch.
# - [ ] The centroid :: The trumpet's lies much higher: it is brighter.
#
# **A low-pass filter at 1,000 Hz makes a piccolo on 2,000 Hz**
# - [ ] lower :: A filter changes how strong tones are, never their frequency.
# - [ ] darker :: It would need partials below 1,000 Hz to be left with. It has none.
# - [x] nearly silent :: Its fundamental and everything above it are held back.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - say what a spectrum is, and compute one with nothing but products and means;
# - choose a window by what you want to know, pitch or time;
# - read a spectrogram, and describe a timbre by its partials and its centroid.

# %% [markdown] id="where-next"
# ## Where next
#
# Lesson 03 asks which of all these partials is the melody; lesson 04 looks for attacks in the spectrogram; lesson 07
# tells instruments apart by numbers like the centroid. The package keeps all this in `musicedu.audio.spectrum` and
# `musicedu.audio.filters`, the pictures in `musicedu.display.sound_view`.
#
# To read: J. Allen and L. Rabiner (1977), *A unified approach to short-time Fourier analysis and synthesis*; J. Grey
# (1977), *Multidimensional perceptual scaling of musical timbres*.
