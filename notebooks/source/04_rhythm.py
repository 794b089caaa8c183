# %% [markdown] id="title"
# # Rhythm
#
# By the end you can find the beat of a recording, say how sure you are, and tell when the computer taps twice as fast
# as you.
#
# **Time:** 35 minutes. **You need:** lessons 01 and 02 (samples, spectrum).

# %% [markdown] id="words"
# ♪ *Rhythm* is when things happen in music. The *beat* is the even pulse that you tap your foot to; the *tempo* is how
# many beats a minute holds. A *reel* is a dance in four, quick enough to keep warm.
#
# Here is one, and below it its first measure as a *waveform*. Dashed lines mark where notes begin. Which of them could
# you have found without the notation?

# %% id="reel"
from musicedu import Melody, show_score
from musicedu.audio.takes import record_take
from musicedu.course.asks import rhythms
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import check
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict
from musicedu.display.plots import show_plot
from musicedu.display.rhythm_view import plot_waveform

begin_lesson()
measures = [
    "D4:1 F#4:1/2 A4:1/2 D5:1/2 C#5:1/2 A4:1",
    "B4:1/2 A4:1/2 F#4:1/2 A4:1/2 E4:1 F#4:1/2 G4:1/2",
    "F#4:1/2 G4:1/2 F#4:1/2 D4:1/2 A4:1 F#4:1",
    "G4:1/2 F#4:1/2 E4:1/2 C#4:1/2 D4:2",
]
reel = Melody.from_text(" ".join(measures), key="D")
take = record_take(reel, program=40)  # 40 is the violin; a take knows what was played
y, sr = take.y, take.sr
true_onsets = [note.onset_sec for note in take.notes]
show_score(reel)
words = "Waveform of measure 1, with its six onsets"
show_plot(plot_waveform(y[: 2 * sr], sr, true_onsets[:6]), words)

# %% [markdown] id="tap-ask"
# ## Predict with your hands
#
# Run the next cell, press **Play** and tap along: on the button, or on any key. Your taps are kept: they are your
# prediction of what the computer should find. (If you cannot tap just now, go on: a friend's taps stand in.)

# %% id="tap" tags=["widget", "nbval-ignore-output"]
from musicedu.display.rhythm_input import tap_along

friend = [0.53, 1.03, 1.50, 2.03, 2.53, 3.01, 3.52, 4.04, 4.51]
friend += [5.02, 5.52, 6.01, 6.54, 7.03, 7.51]
taps = tap_along(y, sr, "a reel of eight seconds", example_sec=friend)
taps

# %% id="tapped"
import numpy as np

my_taps = np.array(taps.taps_sec)
usual_gap = np.median(np.diff(my_taps))
print("taps:", "a friend's" if taps.is_example else "yours")
print(f"{len(my_taps)} taps, usually {usual_gap:.2f} s apart: {60 / usual_gap:.0f} a minute")

# %% [markdown] id="attack-ask"
# ## What makes a moment an onset?
#
# An *onset* is the moment at which a note begins. What happens then has a name in either trade: ♪ the *attack*, ⌨ a
# *transient*, a short stretch in which the sound changes fast.
#
# Below are the same two notes, bowed and plucked: the waveform, and under it the *spectrogram* you know from lesson
# 02. At which of the four attacks would a look at **loudness** be enough?

# %% id="attack"
from musicedu.display.rhythm_view import plot_attacks

pair = Melody.from_text("D4:1 F#4:1", key="D")
sounds = {"bowed": record_take(pair, program=40).y, "plucked": record_take(pair, program=24).y}
sounds = {name: sound[:sr] for name, sound in sounds.items()}  # one second
words = "Two notes bowed and plucked: plucked ones die away, bowed ones go on"
show_plot(plot_attacks(sounds, sr, [0, 0.5]), words)

# %% [markdown] id="flux-ask"
# ## Spectral flux, one line at a time
#
# Plucked notes jump in loudness. Bowed ones hardly do, but their *partials* (the stripes) change at once. So we ask of
# every frequency by itself: **has it become louder since the frame before?**
#
# 1. the *magnitude* of each frequency in each frame;
# 2. *compressed* by a logarithm, as our ears do, so that soft notes count too;
# 3. the *change* from one frame to the next;
# 4. only what *rises*: a note that ends is no onset;
# 5. *summed* over all frequencies: one number for each frame;
# 6. scaled so that the largest is 1.

# %% id="flux"
import librosa
from scipy.signal import find_peaks  # for task 1

from musicedu.display.rhythm_view import plot_onsets

hop_length = 220  # samples from frame to frame
frames_per_sec = sr / hop_length  # about 100

magnitude = np.abs(librosa.stft(y, n_fft=1024, hop_length=hop_length))
loudness = np.log1p(100 * magnitude)
change = np.diff(loudness, axis=1, prepend=loudness[:, :1])
rise = np.maximum(change, 0)
flux = rise.sum(axis=0)
envelope = flux / flux.max()

print(f"{len(envelope)} frames, {frames_per_sec:.0f} a second; true onsets: {len(true_onsets)}")
words = "Spectral flux: a peak at each of the 24 true onsets"
show_plot(plot_onsets(envelope, frames_per_sec, true_onsets), words)

asked_of_peaks = [is_function, rhythms.obeys_threshold(envelope, 0.2, 0.6)]
asked_of_peaks += [rhythms.finds_onsets(envelope, frames_per_sec, true_onsets, 0.2)]

# %% [markdown] id="prediction-1-ask"
# ## Predict
#
# ♪ Under a *slur* notes are joined: on the violin in one bow, for a singer on one syllable. Now three notes, D, F sharp
# and A, under one slur. Compared with the same notes bowed one by one, is the peak of the flux at the F sharp
# **as high**, **lower**, or is there **no peak**?

# %% id="prediction-1"
guess = "lower"  # solution: "as high", "lower" or "no peak"
predict("Prediction 1", guess, choices=("as high", "lower", "no peak"))

# %% id="slur"
from dataclasses import replace
from fractions import Fraction

from musicedu import show_sound
from musicedu.audio.rhythm import spectral_flux
from musicedu.audio.spectrum import extract_rms
from musicedu.audio.takes import slide
from musicedu.melody import Slur

three = Melody.from_text("D4:1 F#4:1 A4:2", key="D")
slurred = replace(three, slurs=(Slur(Fraction(0), Fraction(2)),))
ways = {"bowed": record_take(three).y, "slurred": record_take(slurred).y}
ways["sliding"] = slide([62, 66, 69])  # as singers do
second_note = slice(92, 112)  # the frames around 1.0 s: half a second of silence comes first
flux_at = {}
for name, sound in ways.items():
    sound = np.pad(sound, (sr // 2, 0))
    flux_at[name] = spectral_flux(sound)[second_note].max()
    level = extract_rms(sound, sr, frame_length=1024, hop_length=hop_length).values[second_note]
    louder_db = 20 * np.log10(level / np.minimum.accumulate(level)).max()
    print(f"{name}: flux {flux_at[name]:.2f} at the second note, {louder_db:.0f} dB louder")
beginnings = [sound[: round(1.4 * sr)] for sound in ways.values()]
show_sound(np.concatenate(beginnings), sr, "bowed, slurred, sliding")
outcome = "lower" if flux_at["slurred"] < 0.9 * flux_at["bowed"] else "as high"
print(compare("Prediction 1", outcome))

# %% [markdown] id="slur-why"
# Under the slur loudness rises by only 3 dB, yet the flux still sees the note: new partials rise while old ones fall. A
# singer who *slides* leaves neither. No step in loudness, nothing new: the old partials move, and only a third of a peak
# remains. That is why onsets of a voice are the hardest to find, and why no machine should mark a singer by them.

# %% [markdown] id="task-1-ask"
# ## Task 1: pick the peaks
#
# Write `my_peaks(envelope, threshold)`. It gives back the numbers of the frames that are peaks of at least
# `threshold`: one for each note. SciPy's `find_peaks` gives back a pair, whose first part is the frames. The check
# tries a threshold of 0.2.

# %% id="task-1"
def my_peaks(envelope, threshold):
    return find_peaks(envelope, height=threshold, distance=5)[0]  # solution: the numbers of the frames


check("Task 1", my_peaks, *asked_of_peaks, praise="24 notes, 24 onsets.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. A bow does not grip the string at once: one attack may have two peaks, a few hundredths of a second apart. Keep
#    the higher.
# 2. Look at two arguments of `find_peaks`: `height` and `distance`. A frame lasts a hundredth of a second.
# 3. Replace the question mark: `return find_peaks(envelope, height=threshold, distance=?)[0]`.

# %% [markdown] id="widget-ask"
# ## Where to put the threshold?
#
# - *Precision*: of the onsets found, how many are true?
# - *Recall*: of the true ones, how many were found?
# - *F-measure*: high only if both are. By custom an onset is found if it lies within 50 ms; the library `mir_eval` counts.
#
# Move the knobs. Missed onsets are red crosses, invented ones orange triangles. In the sound of the first two
# measures a high click is an onset found, a low knock one missed. Then choose the clarinet, and the noise.

# %% id="widget" tags=["widget", "nbval-ignore-output"]
from musicedu.audio.rhythm import pick_peaks
from musicedu.display.explorer import choice, explore, slider
from musicedu.display.player import sound_player
from musicedu.display.plots import plot_picture
from musicedu.display.rhythm_view import clicks_for
from musicedu.evaluation.listening.rhythm import match_onsets, score_onsets

noisy = record_take(reel, program=40, snr_db=10)
heard = {"violin": y, "clarinet": record_take(reel, program=71).y, "violin with noise": noisy.y}


def find_onsets(sound, threshold, minimum_distance_ms):
    curve = spectral_flux(heard[sound])
    distance = round(minimum_distance_ms / 1000 * frames_per_sec)
    found = pick_peaks(curve, threshold, distance) / frames_per_sec
    return curve, found, score_onsets(true_onsets, found)


def draw(sound, threshold, minimum_distance_ms):
    curve, found, score = find_onsets(sound, threshold, minimum_distance_ms)
    missed, invented = match_onsets(true_onsets, found)
    words = f"precision {score.precision:.2f}, recall {score.recall:.2f}"
    words += f", F-measure {score.f_measure:.2f}"
    options = {"missed_sec": missed, "invented_sec": invented, "threshold": threshold}
    ax = plot_onsets(curve, frames_per_sec, true_onsets, **options)
    ax.set_title(words, loc="left", fontsize="medium")
    clicked = clicks_for(heard[sound], sr, found, missed)[: 4 * sr]
    settings = f"{sound}, threshold {threshold:.2f}, at least {minimum_distance_ms} ms apart"
    return plot_picture(ax, f"{settings}: {words}") + sound_player(clicked, sr, "with clicks")


explore(
    draw,
    sound=choice(list(heard)),
    threshold=slider(0.05, 0.95, 0.05, value=0.5),
    minimum_distance_ms=slider(10, 200, 10, value=50),
)

# %% [markdown] id="package-ask"
# ## The same, grown up
#
# In noise our envelope drowns. `estimate_onsets` of the package begins with the same six lines and adds three ideas: it
# gathers frequencies in bands of half a semitone; a rise counts only if the neighbouring bands were not as loud already (a
# vibrato is no onset); and what goes on all the time (noise) is taken away.

# %% id="package"
from musicedu.audio.rhythm import estimate_onsets

same = np.allclose(envelope, spectral_flux(y), atol=0.001)
print(f"the six lines give what the package's spectral_flux gives: {same}")
heard["choir"] = record_take(reel, program=52).y
print("F-measure, 50 ms window, mir_eval:")
for name, sound in heard.items():
    figures = [find_onsets(name, threshold, 50)[2].f_measure for threshold in (0.2, 0.3)]
    grown_up = score_onsets(true_onsets, estimate_onsets(sound, sr)).f_measure
    print(f"{name}: {figures[0]:.2f} at 0.2, {figures[1]:.2f} at 0.3; grown up {grown_up:.2f}")

# %% [markdown] id="tempo-ask"
# ## From onsets to tempo
#
# An even pulse looks like itself a beat later. So we shift the envelope against itself, frame by frame, and see how
# *alike* the two are. ⌨ This is *autocorrelation*: in lesson 03 it finds the pitch, here the tempo.

# %% id="tempo"
from musicedu.display.rhythm_view import plot_autocorrelation

swing = envelope - envelope.mean()
alike = np.array([np.mean(swing[lag:] * swing[: len(swing) - lag]) for lag in range(150)])
alike = alike / alike[0]

tempi = [240, 120, 80, 60]
for tempo_bpm in tempi:
    lag_sec = 60 / tempo_bpm
    this_alike = alike[round(lag_sec * frames_per_sec)]
    print(f"{tempo_bpm} a minute, {lag_sec:.2f} s later: {this_alike:.1f} alike")
words = "Autocorrelation: peaks at 240, 120, 80 and 60 a minute"
show_plot(plot_autocorrelation(alike, frames_per_sec, tempi), words)

# %% [markdown] id="octave-why"
# There is not one peak but a family. Tapping at 60, every second beat, is as even as tapping at 120; at 240 the eighths fit
# too. ♪ Musicians speak of *metrical levels*; programmers call the wrong one an *octave error*. The sound alone does not
# decide. Custom does: most people like to tap around 110, and the package weighs by that.

# %% [markdown] id="task-2-ask"
# ## Task 2: 60 or 120?
#
# Which of the two is the tempo of this reel? Your own taps decide. Say why, in a few words.

# %% id="task-2"
tempo_of_the_reel = 120  # solution: 60 or 120, beats a minute

because = "My taps are half a second apart, and 60 / 0.5 is 120."  # solution: a sentence in quotes
asked = [rhythms.is_tempo, rhythms.one_of([60, 120])]
asked += [rhythms.agrees_with_taps(my_taps, [60, 120]), rhythms.says_why(because)]
check("Task 2", tempo_of_the_reel, *asked, praise="So you tapped.")

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. A tempo counts beats; your taps are beats. How long lies between two of them?
# 2. That was printed under the button. A minute has 60 seconds: how many such gaps fit into it?
# 3. `60 / ? = tempo`, and the question mark is the gap between your taps in seconds.

# %% [markdown] id="beats-ask"
# ## Beats, and how sure
#
# Beats are laid where the strongest and longest notes begin, never far from even. ⌨ *Dynamic programming* finds the best row
# without trying all: **the best row that ends here is this moment plus the best row that ends about one beat
# earlier**. Remember it for every moment, and walk back from the end.
#
# Let us race our `estimate_beats`, librosa's `beat_track`, and a listener who claps 120 whatever is played. A beat counts
# within 70 ms. The third recording changes its tempo half way: who will notice?

# %% id="beats"
from musicedu import TempoAt
from musicedu.audio.rhythm import estimate_beats
from musicedu.display.rhythm_view import plot_beats
from musicedu.evaluation.listening.rhythm import even_beats, score_beats, strummed

three_times = Melody.from_text(" ".join(measures * 3), key="D")
steady = replace(three_times, tempos=(TempoAt(Fraction(0), Fraction(104)),))
slower = replace(steady, tempos=(*steady.tempos, TempoAt(Fraction(24), Fraction(76))))
recordings = {
    "alone": record_take(steady),
    "with chords": record_take(steady, chords=strummed(steady)),
    "tempo changes": record_take(slower, chords=strummed(slower)),
}
rows = {}
print(f"{'beat F-measure':15}{'ours':>6}{'librosa':>9}{'always 120':>12}{'how sure':>10}")
for name, recording in recordings.items():
    ours = estimate_beats(recording.y, sr)
    _, library = librosa.beat.beat_track(y=recording.y, sr=sr, units="time")
    rows[name] = {"truth": recording.beats_sec, "ours": ours.beats_sec, "librosa": library}
    beats = [ours.beats_sec, library, even_beats(recording.y, sr)]
    figures = [score_beats(recording.beats_sec, row).f_measure for row in beats]
    line = f"{name:15}{figures[0]:6.2f}{figures[1]:9.2f}{figures[2]:12.2f}"
    print(f"{line}{ours.confidence:10.1f}")
words = "Where the tempo changes, at 13.8 s: ours and librosa's miss the faster first part"
show_plot(plot_beats(recordings["tempo changes"].y, sr, rows["tempo changes"]), words)

# %% [markdown] id="beats-why"
# Both trackers believe in **one** tempo, and lose the first part.
#
# *How sure* is measured: how much of the accents lies on the beats, and how much less between them. On 216 recordings,
# rows of beats below 0.1 had a mean F-measure of 0.60; above 0.4, 0.97. A change of tempo fools it. Tunes without chords
# often leave the beat open: on these ours reaches 0.69, librosa's defaults 0.44 (`benchmarks/listening_rhythm.py`).
#
# And your prediction, the taps?

# %% id="taps-judged"
from musicedu.audio.load import load_audio
from musicedu.audio.rhythm.beats import with_clicks

estimate = estimate_beats(y, sr)
print(f"you tapped {60 / usual_gap:.0f} a minute, the computer {estimate.tempo_bpm:.0f}")
for who, row in {"you": my_taps, "the computer": np.array(estimate.beats_sec)}.items():
    away_ms = [1000 * min((tap - beat for beat in take.beats_sec), key=abs) for tap in row]
    late_ms = 5 * round(np.median(away_ms) / 5)
    print(f"{who}: about {late_ms} ms after the true beat, in the median")

my_file = None  # for task 3: the name of your recording, in quotes
twice = replace(Melody.from_text(" ".join(measures * 2), key="D"), tempos=steady.tempos)
guitarist = record_take(twice, program=24, snr_db=15, chords=strummed(twice))


def click_along(metronome):
    mine = guitarist.y if my_file is None else load_audio(my_file, sr=sr).y
    seconds = 4 if my_file is None else 60
    clicked = with_clicks(mine, sr, metronome(mine, sr))
    show_sound(clicked[: seconds * sr], sr, "with your metronome")

# %% [markdown] id="task-3-ask"
# ## Task 3, make: a metronome that follows you
#
# A metronome leads. Yours shall follow: it hears a recording and clicks **on every beat and once in the middle between
# two**. Write `metronome(y, sr)`, which gives back the times of all clicks in seconds. To be followed yourself, put the name
# of a recording into `my_file` above; without one, a guitarist with noise around is supplied.

# %% id="task-3"
def metronome(y, sr):
    beats = np.array(estimate_beats(y, sr).beats_sec)
    middles = (beats[1:] + beats[:-1]) / 2  # solution: the times of all clicks in seconds, in order
    return np.sort(np.concatenate([beats, middles]))  # solution


asked = [is_function, rhythms.clicks_in_eighths(guitarist.y, sr, guitarist.beats_sec)]
check("Task 3", metronome, *asked, praise="It follows.", then=click_along)

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. The beats are there already. What lies in the middle between two numbers?
# 2. `beats[1:]` are all but the first, `beats[:-1]` all but the last. Add them up and halve. `np.concatenate([a, b])`
#    puts two arrays into one, `np.sort` puts it in order.
# 3. Replace the question marks: `middles = (beats[1:] + beats[:-1]) / ?`, then
#    `return np.sort(np.concatenate([beats, ?]))`.

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **Why does spectral flux keep only what rises?**
# - [x] A note that ends changes the spectrum as well :: Without this step, every end would count as a beginning.
# - [ ] Loudness can never fall in music :: It falls all the time; a plucked string does nothing else.
# - [ ] To make the numbers smaller :: Scaling does that, in the last line. This step decides *what* counts.
#
# **You raise the threshold. What happens to precision and recall?**
# - [ ] Both rise :: A high threshold leaves out soft notes, and these are missed.
# - [x] Precision tends to rise, recall falls :: Fewer inventions, more misses.
# - [ ] Recall rises :: That would be a lower threshold: more is found, true or not.
#
# **The computer says 200, you tapped 100, and its beats sound right. What is the matter?**
# - [ ] It cannot find onsets :: Then its beats would fall beside the notes.
# - [ ] Its clock runs at double speed :: Seconds are seconds. It counts other things as beats.
# - [x] It taps at another metrical level :: Twice as fast is also even. Only custom, or your taps, can decide.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - find onsets by spectral flux, and say what a slide or a noise does to them;
# - choose a threshold by precision and recall;
# - read a tempo from an autocorrelation, and tell an octave error from a wrong beat;
# - judge how sure a row of beats is.

# %% [markdown] id="where-next"
# ## Where next
#
# [Lesson 05](05_harmony.ipynb) hears chords, which like to change on beats. Everything is kept in
# `musicedu.audio.rhythm`, the figures in `musicedu.evaluation.listening.rhythm`.
#
# To read: J. P. Bello et al. (2005), *A tutorial on onset detection in music signals*; D. P. W. Ellis (2007), *Beat tracking
# by dynamic programming*.
