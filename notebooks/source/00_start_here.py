# %% [markdown] id="title"
# # Start here
#
# In half an hour you will have made music for your own instrument that nobody has played before, and you will know
# how every lesson of this course works.
#
# **Time:** 30 minutes. **You need:** this page. No internet, no instrument, no experience.

# %% [markdown] id="two-readers"
# The course has two kinds of readers: musicians who read a little Python, and programmers who read a little music.
# Every word of either trade is explained when it first comes: ♪ marks a word of music, ⌨ a word of programming.

# %% [markdown] id="hear-the-finish"
# ## Hear the finish first
#
# The box below is a *cell*: it holds Python. Click into it and press **Shift+Enter** to run it. It fetches tools from
# the package of this course, `musicedu`, and shows nothing. `begin_lesson()` sees to it that a slip of yours is told
# in one sentence.

# %% id="tools"
from musicedu import Specification, generate
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict
from musicedu.display.score import show_sheet

begin_lesson()

# %% [markdown] id="three-lines"
# Now three lines: the first says what is wanted, the second makes it, the third shows it. Run them, press play ▶,
# and follow the notes.

# %% id="first-exercise"
wish = Specification(level=3, instrument="violin", seed=4)
exercise = generate(wish)
show_sheet(exercise)

# %% [markdown] id="what-happened"
# This piece stands in no book. A small neural network proposed the notes, the rules of level 3 said which of them
# are allowed, and "why this fits" says what a teacher would want to know. The course takes these parts to pieces and
# builds them again; lesson 21 puts them together.

# %% [markdown] id="first-words"
# Words for later:
#
# - ♪ *Level*: how hard a piece may be, from 1 (five notes, steps only) to 10 (a concert player).
# - ⌨ *Variable*: a name for a thing. `wish = ...` gives what stands on the right the name `wish`.
# - ⌨ *Argument*: a detail in brackets, such as `level=3`. Text stands in quotes: `"violin"`.
# - ⌨ *Seed*: a number that chooses one of many.

# %% [markdown] id="prediction-1-ask"
# ## Predict, then run
#
# A guess makes you look closer, even when it is wrong. Suppose we make the exercise again: the same wish, the same
# seed. Will its melody be **the same**, **similar** or **different**?
#
# Write your guess in place of the three dots, in quotes, and run the cell.

# %% id="prediction-1"
guess = "the same"  # solution: "the same", "similar" or "different"
predict("Prediction 1", guess, choices=("the same", "similar", "different"))

# %% id="again"
again = generate(wish)
outcome = "the same" if again.melody == exercise.melody else "different"
print(compare("Prediction 1", outcome))

# %% [markdown] id="recipe-is-the-piece"
# The wish and its seed *are* the piece: a seed makes chance repeatable. That is why a line as short as the **recipe**
# under the sheet is enough to make it again, tomorrow or on another computer. A teacher writes it on the board, and a class reads the same music.
#
# Another seed gives another piece of the same kind. The next cell makes three and prints how each begins.
#
# ⌨ A *loop* does the same for each of several things: everything indented below `for` is repeated.

# %% id="three-seeds"
for seed in (4, 5, 6):
    piece = generate(Specification(level=3, instrument="violin", seed=seed))
    first_notes = [str(note.spelling) for note in piece.melody.notes[:5]]
    print(f"seed {seed}: {piece.melody.key.name}, begins {' '.join(first_notes)}")

# %% [markdown] id="how-lessons-work"
# ## How a lesson works
#
# | step | what you do |
# |---|---|
# | **predict** | write down a guess |
# | **run** | run the cell and compare |
# | **investigate** | look at parts of it: print them, plot them, hear them |
# | **change** | alter one thing and run again |
# | **make** | write something of your own, and have it checked |
#
# Nothing here can break: a slip is told below its cell (and `%tb` shows a programmer the rest), and you write
# it again. If a page is in a muddle, choose *Kernel → Restart Kernel and Run All Cells*.
# (⌨ The *kernel* is the Python that runs behind the page and remembers your variables.)

# %% [markdown] id="music-as-text"
# ## Music as text
#
# ♪ Music is counted in *beats*, and beats are grouped in *measures*. The *metre* says how: in **3/4**, a waltz, a
# measure holds **3** beats, each a *quarter note* (the **4**).
#
# We write a note as a letter, an octave and a duration in quarter notes: `D4:1` is the D above middle C for one beat,
# `F#4:1/2` an F sharp for half a beat, `r:1` a rest, which is silence.
#
# ⌨ A *list* is several things in square brackets. Ours holds a text for each measure.

# %% id="tune"
from musicedu import Melody, show_player, show_score

tune = ["D4:1 F#4:1 A4:1", "D5:2 r:1"]
melody = Melody.from_text(" ".join(tune), metre="3/4", key="D")
show_score(melody)
show_player(melody)

# %% [markdown] id="investigate-ask"
# **Investigate.** ⌨ The dot asks a thing for one of its parts: `melody.notes` are its notes. Each knows its *onset*
# (when it begins), its duration and its *pitch*: how high it sounds, as a number. Middle C is 60; one more is the
# next piano key, black or white.

# %% id="investigate"
for note in melody.notes:
    print(f"{note.spelling}: onset {note.onset}, duration {note.duration}, pitch {note.pitch}")

# %% [markdown] id="check-tools-ask"
# From here on your answers are checked. A check listens like a teacher: it says what is wrong and in which measure, and
# leaves the answer to you. The next cell fetches it, and lists what tasks 2 and 3 will ask.

# %% id="check-tools"
from musicedu.course.asks import requirements, wishes
from musicedu.course.checks import check

asked_of_my_tune = [*requirements.measures(2, "3/4"), requirements.leaps_at_most("third")]
asked_of_my_tune += [requirements.ends_on_tonic("G major")]
asked_of_my_wish = [wishes.is_specification, wishes.can_be_made, wishes.differs_from(wish)]


def play_waltz(measures):
    waltz = Melody.from_text(" ".join(measures), metre="3/4", key="G")
    show_score(waltz)
    show_player(waltz)


def show_exercise(specification):
    show_sheet(generate(specification))

# %% [markdown] id="task-1-ask"
# ## Task 1: mend a measure
#
# Somebody wrote this waltz and miscounted: `["G4:1 A4:1 B4:1", "A4:2 G4:2"]`. Write it down again with the mistake
# mended. There is more than one way. Below are three hints, to be opened one by one.

# %% id="task-1"
mended = ["G4:1 A4:1 B4:1", "A4:1 G4:2"]  # solution: the two measures again, mended
check("Task 1", mended, *requirements.measures(2, "3/4"), praise="It can be danced.")

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. In 3/4 the durations of each measure must add up to 3. Add up those of both.
# 2. The second measure is too long by one beat. The number after a colon is a duration: one of them must shrink.
# 3. Replace one question mark so that the sum is 3: `["G4:1 A4:1 B4:1", "A4:2 G4:?"]`.

# %% [markdown] id="task-2-ask"
# ## Task 2: two measures of your own
#
# Write two measures of a waltz in **G major** that move gently: no step between neighbouring notes wider than a
# *third*. End on the *tonic*.
#
# - ♪ *Interval*: the distance between two notes, counted in letters, both ends included: G to A is a *second*,
#   G to B a *third*.
# - ♪ *Tonic*: the note a key is named after, where a melody comes to rest.
#
# When the check is content, it is played to you.

# %% id="task-2"
my_tune = ["G4:1 A4:1/2 B4:1/2 A4:1", "B4:1 G4:2"]  # solution: two measures of 3/4, as a list of two texts
check("Task 2", my_tune, *asked_of_my_tune, praise="A waltz that comes home.", then=play_waltz)

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. Walk up from G by steps, turn round, and walk home.
# 2. Neighbours may share a letter, be next to each other (A and B) or leave out one letter (G and B).
# 3. One number and one letter are missing: `["G4:1 A4:1 B4:1", "A4:? ?4:2"]`.

# %% [markdown] id="task-3-ask"
# ## Task 3: an exercise for you
#
# Now the machine works for you. Write a `Specification` for **your** instrument and **your** level. If you play none,
# choose one you would like to. Use a seed that means something to you: a birthday makes a personal piece.

# %% id="task-3"
my_wish = Specification(level=2, instrument="cello", seed=1685)  # solution: a Specification of your own
check("Task 3", my_wish, *asked_of_my_wish, praise="Nobody ever played it.", then=show_exercise)

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. Look at the first of the three lines at the top. Which three details does it give?
# 2. The instruments are violin, viola, cello, flute, recorder, clarinet, trumpet, alto saxophone, horn, voice, guitar
#    and piano. A level goes from 1 to 10.
# 3. Fill in the gaps: `Specification(level=?, instrument="?", seed=?)`.

# %% [markdown] id="change-it"
# **Change it.** Run the cell of task 3 again with another seed, then with a level two higher, then for another
# instrument. What stays, what changes?

# %% [markdown] id="doctor-ask"
# ## Is everything in order?
#
# The doctor looks at your installation and says what to do about what is missing. In a terminal it is
# `musicedu doctor`.

# %% id="doctor"
from musicedu.course.doctor import examine

for finding in examine():
    well = finding.is_well
    print(f"{finding.part}: {'in order' if well else finding.text}. {finding.remedy}")

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# Open the answer that you would give.
#
# **Two pupils have the same recipe. What do they play?**
# - [ ] Pieces of the same level, each a different one :: That is what two *seeds* give. A recipe names the seed too.
# - [x] The same piece, note for note :: The recipe holds the wish and the seed, and these decide every note.
# - [ ] Whatever the network learned last :: The network is fixed; it learned once, before it came to you.
#
# **What lasts longest in 3/4?**
# - [ ] `A4:1/2` :: Half a quarter note: the shortest of the three. The 4 is the octave, not the duration.
# - [ ] `A5:1` :: A higher octave is a higher sound, not a longer one. It lasts one beat.
# - [x] `A3:2` :: Two beats. Octave 3 is low, but it is the number after the colon that counts time.
#
# **`guess = "the same"` - what does the equals sign do?**
# - [ ] It asks whether both sides are equal :: In mathematics, yes. Python asks that with two signs: `==`.
# - [x] It gives the thing on the right the name on the left :: From then on, `guess` stands for that text.
# - [ ] It changes the text into a number :: Text stays text; the quotes show it.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - make an exercise for any instrument and level, hear it, and make it again from its recipe;
# - write a tune as text, and say whether its measures hold what the metre asks;
# - predict, run, investigate, change and make: that is every lesson from here on.

# %% [markdown] id="where-next"
# ## Where next
#
# [Lesson 01, sound](01_sound.ipynb), takes the machine apart from the beginning: **listening** (how a computer hears
# melody, rhythm and harmony) and **learning** (how it tells a reel from a waltz). **Making** (how it composes, and
# whether that is any good) and **practice** (how it finds the right piece for you) are being written.
#
# [Lesson 21, your practice partner](21_your_practice_partner.ipynb), goes on where task 3 ended: it orders pieces by
# wish, varies them, and says what makes them hard.
#
# Without any page, in a terminal, `musicedu practice --level 3` makes a sheet to print and to hear.
