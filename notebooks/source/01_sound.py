# %% [markdown] id="title"
# # Sound
#
# By the end you can load any recording, say what its numbers mean, hear what goes wrong when there are too few of
# them, and clean a noisy take so that it can be shown to others.
#
# **Time:** 35 minutes. **You need:** lesson 00. A recording of your own is welcome; one is supplied.

# %% [markdown] id="what-is-sound"
# A string swings, the air swings with it, and so does the skin of a microphone. Sound in a computer is that swing,
# measured again and again. Each measurement is a *sample*: a number from -1 to 1. How many there are in a second is the
# *sample rate*, in hertz (Hz: times a second).
#
# ⌨ The samples are an *array*: a long row of numbers that is treated as one thing. We call it `y`, its rate `sr`.
#
# The next cell lets a trumpet play. ♪ `D5:1/2` is the D above the treble's middle line, for half a beat.

# %% id="play"
from musicedu import Melody, show_sound
from musicedu.audio.takes import record_take
from musicedu.course.asks import functions, sounds
from musicedu.course.checks import check
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict

begin_lesson()
tune = Melody.from_text("D5:1/2 E5:1/2 F#5:1/2 A5:1/2 B5:1 A5:1", key="D")
take = record_take(tune, program=56, sr=32_000)
y, sr = take.y, take.sr
print(f"{len(y)} samples, {sr} in a second: {len(y) / sr:.1f} s")
show_sound(y, sr, "a trumpet")

# %% [markdown] id="look-ask"
# **Investigate.** All samples drawn make a blob with six bumps, one for each note. A hundredth of a second shows what
# is in it: something that repeats. The time of one round is the *period*, and 1 divided by it is the *frequency*. ♪ We
# hear frequency as *pitch*: twice the frequency is an octave higher.

# %% id="look"
import matplotlib.pyplot as plt
import numpy as np

from musicedu.display.plots import show_plot
from musicedu.display.sound_view import plot_waveform

_, (above, below) = plt.subplots(2, figsize=(6.4, 3.8), layout="constrained")
plot_waveform(y, sr, above)
plot_waveform(y, sr, below, start_sec=0.1, end_sec=0.11, samples=True)
words = "Waveform: six notes in 2.3 s; below, 10 ms: six rounds of 1.7 ms, two humps in each"
show_plot(above, words)
print(f"a round of 1.70 ms is {1 / 0.0017:.0f} Hz; a D5 has {440 * 2 ** (5 / 12):.0f} Hz")

# %% [markdown] id="sampling"
# ## How many samples are enough?
#
# To follow a swing you must look at least twice in each round. A sample rate of 8,000 Hz catches frequencies up to
# 4,000 Hz, half the rate: the *Nyquist frequency*. What happens to a tone above it?
#
# **Predict.** A whistle (♪ a *glissando*) glides from 100 Hz to 7,900 Hz, and we keep only 8,000 samples a second. Will
# you hear it go `"up"`, `"up, then nothing"`, or `"up, then down"`?

# %% id="prediction-1"
guess = "up, then down"  # solution: one of the three, in quotes
predict("Prediction 1", guess, choices=("up", "up, then nothing", "up, then down"))

# %% id="glide"
from musicedu.audio.spectrum import extract_spectrum

seconds = np.arange(3 * 8000) / 8000
glide = 0.5 * np.sin(2 * np.pi * (100 * seconds + 1300 * seconds**2))
show_sound(glide, 8000, "a glide from 100 to 7,900 Hz, sampled at 8,000 Hz")
# The strongest tone of each 64 ms; how it is found is what lesson 02 is about.
spectrum = extract_spectrum(glide, 8000)
loudest = [spectrum.rows[column.argmax()] for column in spectrum.values.T]
heard = {second: round(loudest[round(second * 8000 / 512)], -2) for second in (0.5, 1.5, 2.5)}
print("heard:", ", ".join(f"after {second} s {hz:.0f} Hz" for second, hz in heard.items()))
outcome = "up, then down" if heard[2.5] < heard[1.5] > heard[0.5] else "up"
print(compare("Prediction 1", outcome))

# %% [markdown] id="alias-ask"
# This is *aliasing*: a tone above half the rate comes out under a false name. Move the knob from 3,000 to 5,000 Hz.
# The thin line is the true swing; the dots are the samples; the computer joins the dots by the slowest swing that
# fits. (It needs the kernel: run the cell first.)

# %% id="alias" tags=["widget", "nbval-ignore-output"]
from musicedu.display.explorer import explore, slider
from musicedu.display.player import sound_player
from musicedu.display.plots import plot_picture


def whistle(frequency_hz):
    return np.sin(2 * np.pi * frequency_hz * np.arange(8000) / 8000)


def strongest_hz(frequency_hz):
    return np.argmax(np.abs(np.fft.rfft(whistle(frequency_hz))))


def draw_alias(frequency_hz):
    fine = np.sin(2 * np.pi * frequency_hz * np.arange(480) / 160_000)
    ax = plot_waveform(fine, 160_000)
    plot_waveform(whistle(frequency_hz)[:24], 8000, ax, samples=True)
    heard_at = strongest_hz(frequency_hz)
    words = f"{frequency_hz} Hz, sampled at 8000 Hz, is heard at {heard_at} Hz"
    return plot_picture(ax, words) + sound_player(0.3 * whistle(frequency_hz), 8000)


explore(draw_alias, frequency_hz=slider(600, 7400, 400, value=5000))

# %% id="alias-figures"
for frequency_hz in (3000, 5000, 7000):
    print(f"{frequency_hz} Hz, sampled at 8000 Hz, is heard at {strongest_hz(frequency_hz)} Hz")

# %% [markdown] id="task-1-ask"
# ## Task 1: under which name?
#
# Write the rule as a function that works for any tone and any rate. ⌨ A *function* takes arguments and gives back what
# stands after `return`. `a % b` is the rest when `a` is divided by `b`; `min(a, b)` is the smaller of two.

# %% id="task-1"
def heard_hz(frequency_hz, sr):
    rest = frequency_hz % sr  # solution: the frequency that is heard, in hertz
    return min(rest, sr - rest)  # solution


asked = [functions.is_function, sounds.keeps_low_tones, sounds.folds_high_tones]
check("Task 1", heard_hz, *asked, praise="No tone can hide from you.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. Up to half the rate nothing changes. Above it the glide came back down: it was mirrored at half the rate. What
#    happens at the whole rate, and beyond?
# 2. Tones that differ by the whole rate give the same samples, so take the rest first. Then the tone or its mirror
#    image is heard: the lower of the two.
# 3. Fill in the gaps: `rest = ? % ?`, and then `return min(rest, ? - ?)`.

# %% [markdown] id="resample-ask"
# ## Fewer samples, done well
#
# Keeping every fourth sample of the trumpet folds its overtones down among the notes. `resample` removes what is too
# high first. Listen for the rattle in the first of the two.

# %% id="resample"
from musicedu.audio.filters import resample

careless, careful = y[::4], resample(y, sr, 8000)
show_sound(careless, 8000, "every fourth sample of the trumpet")
show_sound(careful, 8000, "the trumpet, resampled")
false = careless[: len(careful)] - careful[: len(careless)]
false_db = 10 * np.log10(np.sum(false**2) / np.sum(careful**2))
print(f"false tones: {false_db:.0f} dB beside the music")

# %% [markdown] id="files-ask"
# ## Files
#
# WAV and FLAC keep every sample; OGG and MP3 keep what the ear would notice. `load_audio` reads them all, and says what
# is wrong in one line when something is. For a recording of your own, drag it into the file list on the left and write
# `load_audio("my_take.wav")`.

# %% id="files"
from pathlib import Path
from tempfile import TemporaryDirectory

from musicedu.audio.load import load_audio
from musicedu.audio.save import save_audio
from musicedu.errors import FileProblem

with TemporaryDirectory() as folder:
    for kind in ("wav", "flac", "ogg", "mp3"):
        path = Path(folder, f"take.{kind}")
        save_audio(y, sr, path)
        size_kb, loaded = path.stat().st_size / 1000, load_audio(path)
        print(f"{kind}: about {round(size_kb, -1):.0f} kB, {loaded.duration_sec:.1f} s")
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(100))  # a video that calls itself take.mp3
    try:
        load_audio(path)
    except FileProblem as fault:
        print(f"{path.name} {fault.problem}. {fault.remedy}")
    save_audio(3 * y, sr, Path(folder, "loud.wav"))
    loud = load_audio(Path(folder, "loud.wav"))
    print(f"loud.wav: {loud.clipped_share:.0%} of the samples are cut off")

# %% [markdown] id="loudness"
# *Clipping* is what happened to the last one: samples beyond 1 do not fit and are cut off. It cannot be undone; record
# again, with the knob lower.
#
# ## How loud?
#
# Loudness is counted in *decibels* (dB) below the largest number that fits: 0 dB is 1, -6 dB is about a half, -20 dB a
# tenth. In Python: `20 * np.log10(amplitude)`, and back `10 ** (level_db / 20)`. Three things can be measured:
#
# - the *peak*: the largest sample;
# - the *root mean square* (RMS): the root of the mean of the squares, the strength over time;
# - the *loudness* (LUFS): like RMS, but with the ear's weights and without the rests. Broadcasters use it.
#
# To *normalise* is to bring one of them to a given level. By the peak it takes two steps:

# %% id="peak"
from musicedu.audio.level import loudness_lufs, normalise, peak_db, rms_db

gain = 10 ** (-12 / 20) / np.max(np.abs(y))
by_hand = gain * y
packaged = normalise(y, by="peak", level_db=-12)
print("the same as the package:", np.allclose(by_hand, packaged, atol=1e-6))
for name, program in (("plucked strings", 45), ("flute", 73)):
    sound = record_take(tune, program=program, sr=sr).y
    peak, rms, loudness = peak_db(sound), rms_db(sound), loudness_lufs(sound, sr)
    print(f"{name}: peak {peak:.0f} dB, RMS {rms:.0f} dB, loudness {loudness:.0f} LUFS")

# %% [markdown] id="task-2-ask"
# The peaks are equal, yet the flute is much louder: a plucked string has one high peak and is soft at once. So peaks
# are no way to match two recordings.
#
# ## Task 2: normalise by RMS
#
# Write `to_rms(y, level_db)`: the same sound, with its RMS at that level. A take of nothing but silence must come back
# as it was.

# %% id="task-2"
def to_rms(y, level_db):
    rms = np.sqrt(np.mean(y**2))  # solution: the sound at the new level
    return y if rms == 0 else y * 10 ** (level_db / 20) / rms  # solution


asked = [functions.is_function, sounds.keeps_the_length, sounds.reaches_rms]
asked += [sounds.leaves_silence]
check("Task 2", to_rms, *asked, praise="normalise(y, by='rms') does the same.")

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. Measure the RMS as it is, work out what it should be, and multiply all samples with the quotient.
# 2. `np.mean` and `np.sqrt` help with the first; the level in dB becomes a number as in `gain` above. Dividing by a
#    silent sound's RMS goes wrong: ask with `if`.
# 3. Fill in the gaps: `rms = np.sqrt(np.mean(?))`, and then `return y if rms == 0 else y * ? / rms`.

# %% [markdown] id="noise-ask"
# ## Noise
#
# Rooms hum and hiss. Here is a violin with a hiss 15 dB below it. Between the notes the hiss is alone, and a *gate* can
# shut then: where a fortieth of a second is quiet, make it silent. Five lines, and the noise is gone. Or is it? The
# *signal-to-noise ratio* (SNR) says how many dB the music stands above everything that is not music.

# %% id="noise"
from musicedu.audio.clean import denoise, trim
from musicedu.audio.takes import with_noise

song = Melody.from_text("D5:1/2 E5:1/2 F#5:1 r:1 E5:1/2 D5:1/2 D5:1")
clean = record_take(song, program=40).y
noisy = with_noise(clean, 15, np.random.default_rng(3))
gated = noisy.copy()
for first in range(0, len(noisy), 550):
    moment = slice(first, first + 550)
    if np.sqrt(np.mean(noisy[moment] ** 2)) < 0.05:
        gated[moment] = 0
for name, sound in (("noisy", noisy), ("gated", gated), ("denoised", denoise(noisy))):
    snr_db = 10 * np.log10(np.sum(clean**2) / np.sum((sound - clean) ** 2))
    print(f"{name}: music {snr_db:.0f} dB above the rest")
    show_sound(sound, 22_050, name)

# %% [markdown] id="noise-why"
# The gate sounds tidy and helps little: under the notes all the hiss is still there. `denoise` gates every frequency
# for itself (*spectral gating*), and how that is possible is what lesson 02 is about. It is not magic: it guesses the
# noise from the quiet moments, so it works for a steady hiss or hum, not for a cough or a passing car.

# %% [markdown] id="task-3-ask"
# ## Task 3: a take to be proud of
#
# `raw` is a cello, too soft, with hiss and a long wait before and after. Make it `fit`: no wait, less noise, and a
# loudness of **-16 LUFS**. Use `trim(y, sr)`, `denoise(y)` and `normalise(...)`. In which order? When the check is
# content you hear both. For a take of your own, change the line of `raw` in the next cell to `raw = load_audio("my_take.wav", sr=rate).y`.
#
# `trim` takes for silence what lies 40 dB below the loudest moment; `trim(y, rate, below_peak_db=20)` asks for less.

# %% id="raw-take"
rate = 22_050
low_song = Melody.from_text("D3:1/2 E3:1/2 F#3:1 r:1 E3:1/2 D3:1/2 D3:1")
cello = record_take(low_song, program=42).y
raw = 0.1 * with_noise(np.pad(cello, 2 * rate), 12, np.random.default_rng(4))
asked_of_a_take = [sounds.is_sound, sounds.starts_and_ends_soon(rate)]
asked_of_a_take += [sounds.has_less_noise(raw, rate), sounds.loudness_near(-16, rate)]
asked_of_a_take += [sounds.fits_into_a_file]


def show_both(fit):
    show_sound(raw, rate, "before")
    show_sound(fit, rate, "after")

# %% id="task-3"
fit = normalise(trim(denoise(raw), rate, below_peak_db=30), rate, by="loudness", level_db=-16)  # solution: raw, cleaned
check("Task 3", fit, *asked_of_a_take, praise="Ready for the audience.", then=show_both)

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. Each tool changes what the next one sees. Hiss at both ends looks like sound to `trim`; and a loudness that is set
#    first may have changed when something is taken away later.
# 2. Noise first, then the ends, then the loudness. Which argument of `normalise` is `by`, and which one needs the rate?
# 3. Fill in the gaps: `normalise(trim(denoise(?), rate, below_peak_db=?), rate, by="?", level_db=?)`. The hiss that
#    is left lies 32 dB below the loudest moment.

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **A compact disc has 44,100 samples a second. Why so many?**
# - [x] Young ears hear up to about 20,000 Hz, and twice that many are needed :: And a little more, as room for the filter that removes the rest.
# - [ ] Each sample is then more exact :: How exact a sample is depends on its bits. The rate says how often one is taken.
# - [ ] Louder sound needs more samples :: Loudness is the size of the numbers, not how many there are.
#
# **A recording is clipped. What helps?**
# - [ ] Normalising it to a lower peak :: The cut-off tops become quieter, and stay cut off.
# - [ ] `denoise` :: What clipping adds moves with the music. A steady noise can be guessed; this cannot.
# - [x] Recording again, softer :: What was cut off stands nowhere in the file.
#
# **You normalise a noisy take 10 dB up. Its signal-to-noise ratio**
# - [ ] rises by 10 dB :: The music does, and the noise rises with it.
# - [x] stays as it was :: Both are multiplied with the same number.
# - [ ] falls by 10 dB :: The noise rises, but so does the music.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - say how long a sound lasts and how high its tones may be, from its samples and its rate;
# - predict under which name a tone comes back that was sampled too seldom;
# - load any recording, tell whether it is clipped or silent, and clean, trim and normalise it.

# %% [markdown] id="where-next"
# ## Where next
#
# Lesson 02 takes a sound apart into the tones it is made of. What you used lives in `musicedu.audio`: `load`, `save`,
# `resample`, `level` and `clean`. A file of ten hours does not fit into memory; `stream_audio` reads it block by block.
#
# To read: C. Shannon (1949), *Communication in the presence of noise*; Y. Ephraim and D. Malah (1984), *Speech
# enhancement using a minimum mean-square error short-time spectral amplitude estimator*.
