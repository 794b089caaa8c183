# %% [markdown] id="title"
# # Your practice partner
#
# At the end of this lesson you order a piece of music as one orders a coat: for these shoulders, in this colour. You
# hear it, vary it, say what makes it hard, and make it again from one line of text.
#
# **Time:** 40 minutes. **You need:** lesson 00; your instrument, if it is near.

# %% [markdown] id="why"
# ♪ *Sight-reading* is playing a piece that you have never seen. It is practised with pieces that you have never seen,
# and there is the trouble: a book of them is used up as it is read. A partner that writes a new one each time, just
# hard enough, never runs out.
#
# The first cell fetches the tools; run it.

# %% id="tools"
from dataclasses import replace

from musicedu import Specification, generate, show_score
from musicedu.course.asks import wishes
from musicedu.course.checks import check
from musicedu.course.lesson import begin_lesson
from musicedu.course.predictions import compare, predict
from musicedu.display.score import show_sheet

begin_lesson()

# %% [markdown] id="make-ask"
# ## Make
#
# A `Specification` is a list of wishes. Only the level is a must. Here are five wishes for a clarinettist.

# %% id="make"
wish = Specification(level=4, instrument="clarinet", metre="3/4", measures=4, seed=23)
piece = generate(wish)
show_sheet(piece)

# %% [markdown] id="open-wishes"
# Nobody asked for a key, a tempo or a range. What is left open is filled in from the level and the instrument; where
# several would do, the seed chooses. `resolve` shows the plan before a note is written.
#
# ♪ The *range* is the span from the lowest note to the highest; the *tempo* is the speed, here in quarter notes a
# minute.

# %% id="plan"
from musicedu.exercise.resolve import resolve

plan = resolve(wish)
print(f"key {plan.key.name}, {plan.tempo_bpm} quarter notes a minute")
print(f"range {plan.lowest} to {plan.highest}")

# %% [markdown] id="see-ask"
# ## See
#
# ⌨ Programs often look at music as a *piano roll*: a bar for each note, time to the right, pitch upwards. Score and
# piano roll show the same thing. Which shows better where the beat is? Which shows better how far a leap is?

# %% id="see"
from musicedu.display.plots import plot_difficulty, plot_piano_roll, show_plot

pitches = piece.melody.pitches
words = f"Piano roll: {len(pitches)} notes, pitches {min(pitches)} to {max(pitches)}"
show_plot(plot_piano_roll(piece.melody), words)

# %% [markdown] id="transposing"
# ♪ The clarinet in B flat is a *transposing instrument*: its player reads a C and we hear a B flat, two semitones
# lower. Notes in this lesson are *written* ones, as the player reads them. What you heard above was the *sounding*
# pitch.

# %% [markdown] id="prediction-1-ask"
# ## Predict
#
# Next we add one wish, `key="D"`, and keep the seed. What happens to the tempo and the range, about which we still say
# nothing: do **both stay**, does **one change**, or do **both change**?

# %% id="prediction-1"
guess = "one changes"  # solution: "both stay", "one changes" or "both change"
predict("Prediction 1", guess, choices=("both stay", "one changes", "both change"))

# %% id="one-wish-more"
in_d = resolve(replace(wish, key="D"))
print(f"before: {plan.tempo_bpm} a minute, {plan.lowest} to {plan.highest}")
print(f"after:  {in_d.tempo_bpm} a minute, {in_d.lowest} to {in_d.highest}")
changes = [in_d.tempo_bpm != plan.tempo_bpm, in_d.lowest != plan.lowest]
outcome = ("both stay", "one changes", "both change")[sum(changes)]
print(compare("Prediction 1", outcome))

# %% [markdown] id="why-one-changes"
# Each open wish has a die of its own, thrown from the same seed. So a new wish does not shuffle all the others: only
# what depends on it moves. A range, for example, is fitted around the tonic of its key.

# %% [markdown] id="studio-ask"
# ## Change it by hand
#
# The studio has a knob for the most common wishes. Turn **level** from 1 to 10 and watch what comes in: leaps, sharps,
# dots, ties. Then press *More leaps* twice. What happens when the level has no wider ones?
#
# (It needs the kernel: run the cell first.)

# %% id="studio" tags=["widget", "nbval-ignore-output"]
from musicedu.display.studio import practice_studio

practice_studio(wish)

# %% [markdown] id="studio-in-code"
# Each button is a function. It takes a specification and returns a new one; the old one stays as it was.

# %% id="buttons"
from musicedu.exercise.variation import easier, next_piece, with_more_leaps

for button in (next_piece, easier, with_more_leaps):
    varied = generate(button(wish))
    difficulty = round(varied.difficulty.score, 1)
    print(f"{button.__name__}: {varied.recipe}, difficulty {difficulty}")

# %% [markdown] id="difficulty-ask"
# ## What makes it hard?
#
# The difficulty of a piece is a sum that you can read: each row says what was found in it and how much that adds, on
# the scale of the levels, which begins at 1. Nothing is hidden in a network; a teacher can disagree with a row.

# %% id="difficulty"
from musicedu import in_words

print(f"difficulty {piece.difficulty.score:.1f} on the scale of the levels")
show_plot(plot_difficulty(piece.difficulty), "; ".join(map(in_words, piece.difficulty.reasons)))

# %% [markdown] id="twice-as-long-ask"
# **Investigate.** The same wish with eight measures instead of four: is that twice as hard? Say what you think before
# you run it.

# %% id="twice-as-long"
longer = generate(replace(wish, measures=8))
print(f"4 measures, {len(piece.melody.notes)} notes: difficulty {piece.difficulty.score:.1f}")
print(f"8 measures, {len(longer.melody.notes)} notes: difficulty {longer.difficulty.score:.1f}")

asked_of_a_wish = [wishes.is_specification, wishes.plays("alto saxophone")]  # for task 1
asked_of_a_wish += [wishes.at_level(4), wishes.dances("waltz"), wishes.lasts_at_most(8)]
asked_of_a_wish += [wishes.focuses_on("leaps", "thirds", "fourths"), wishes.can_be_made]
plain = replace(wish, key="C", largest_leap=2)  # for task 2

# %% [markdown] id="length-is-no-difficulty"
# A long piece is more work, not harder. If length counted, the number of notes would drown everything else: in graded
# collections the hard pieces are also the long ones. So length stays out of the sum.

# %% [markdown] id="task-1-ask"
# ## Task 1: a wish for a friend
#
# Ada has played the alto saxophone for a while and reads **level 4**. She loves **waltzes**, has time for **eight
# measures** at most, and stumbles over **leaps** (♪ intervals wider than a second), so they must occur. Write the
# `Specification`.

# %% id="task-1"
for_ada = Specification(level=4, instrument="alto saxophone", metre="3/4", measures=8, focus=("leaps",))  # solution: a Specification with five wishes
check("Task 1", for_ada, *asked_of_a_wish, then=lambda wish: show_score(generate(wish)))

# %% [markdown] id="task-1-hints" tags=["hints"]
# 1. Every bold word of the task is one wish. The cell under *Make* shows how four of them are written.
# 2. A waltz goes round in three quarter notes. What must occur goes into `focus`, in quotes.
# 3. Fill in the gaps: `Specification(level=4, instrument="alto saxophone", metre="?", measures=?, focus="?")`.

# %% [markdown] id="task-2-ask"
# ## Task 2: harder, but not higher
#
# `plain` is a plain piece: C major, steps only. Make it harder **without** touching level or instrument.
#
# `replace(plain, key="F")` copies a specification and changes what you name. Which wishes help? The rows of the
# difficulty say so.

# %% id="task-2"
harder = replace(plain, key="D", largest_leap=4)  # solution: replace(plain, ...) with other wishes
asked = [wishes.is_specification, wishes.can_be_made, wishes.harder_than(plain)]
check("Task 2", harder, *asked, praise="The same level, and more to read.")

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. What does the plain piece lack that adds to a difficulty: leaps, a signature, ties, dotted notes?
# 2. A focus makes something occur, a key with sharps or flats adds to the signature. Leaps need a `largest_leap` above
#    2, which means "steps only".
# 3. Fill in the gaps: `replace(plain, key="?", largest_leap=?, focus="?")`. `leaps` is a focus, and so is `ties`.

# %% [markdown] id="recipe-ask"
# ## From the recipe
#
# The recipe is the specification in one line. `parse_recipe` reads it back.

# %% id="recipe"
from musicedu import parse_recipe

print(piece.recipe)
same = generate(parse_recipe(piece.recipe))
print("the same melody:", same.melody == piece.melody)

# %% [markdown] id="refusal-ask"
# A wish that cannot be met is refused before anything is made, with the nearest that works.
#
# ⌨ `try` runs what is below it; if that fails with the named kind of *error*, `except` says what to do instead.

# %% id="refusal"
from musicedu import MusicEduError

for wrong in ({"key": "B"}, {"metre": "5/4"}, {"largest_leap": 8}):
    try:
        resolve(replace(wish, **wrong))
    except MusicEduError as fault:
        print(fault)

# %% [markdown] id="task-3-ask"
# ## Task 3: a week of practice
#
# Make **five** specifications for your instrument, Monday to Friday, all different, and end harder than you began. Each
# must be possible. *Hear* in the studio lets you try one.

# %% id="task-3"
week = [replace(wish, seed=day, level=3 + day // 3) for day in range(5)]  # solution: a list of five Specifications
asked = [wishes.is_list_of_specifications, wishes.n_specifications(5)]
asked += [wishes.all_different, wishes.can_be_made, wishes.ends_harder]
check("Task 3", week, *asked, praise="Print them, and practise.")

# %% [markdown] id="task-3-hints" tags=["hints"]
# 1. The same wish with another seed is another piece; a level higher on Thursday makes it harder.
# 2. A list is written in square brackets: `[wish, next_piece(wish), ...]`. It may also be made by a loop.
# 3. One thing is missing: `[replace(wish, seed=day, level=?) for day in range(5)]`, where `day` goes from 0 to 4.

# %% [markdown] id="on-paper"
# ## On paper
#
# In a terminal, `musicedu practice --level 4 --instrument clarinet --seed 23` writes a sheet to print (PDF), the score
# for a notation editor (MusicXML) and the sound (MIDI, WAV). `musicedu assign class.csv --level 4` writes a different
# piece for every pupil of a class.

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
#
# **Two specifications differ in the seed alone. What do their pieces share?**
# - [ ] Every note :: That would need the same seed as well.
# - [ ] Nothing :: The wishes still hold: level, instrument, and everything else you asked for.
# - [x] What was asked for :: Wishes are kept; the seed decides only what was left open.
#
# **A piece has difficulty 4.2 at level 4. Which change cannot raise it?**
# - [ ] More sharps in the key :: The signature is a row of the sum.
# - [x] Twice as many measures :: Length stays out of the sum: longer is more work, not harder.
# - [ ] A wider leap :: Leaps are a row of the sum.
#
# **Why does `easier(wish)` give back a new specification instead of changing `wish`?**
# - [x] So that the recipe of the first piece still makes the first piece :: What never changes can be repeated.
# - [ ] Because Python cannot change things :: It can. This kind of value (⌨ *frozen*) was chosen not to.
# - [ ] To save memory :: A copy costs a little. Being able to go back is worth it.

# %% [markdown] id="you-can-now"
# ## You can now
#
# - say what you want of a piece, and get it, or learn what is possible;
# - read why a piece is hard, and make it a little harder or easier;
# - hand somebody a line of text from which the same piece comes again.

# %% [markdown] id="where-next"
# ## Where next
#
# So far *you* choose what comes next. The finished partner listens to you play, remembers what went well, and chooses
# itself: that is where lessons 19 and 20 lead. Everything here lives in the package: `musicedu.exercise` for wishes
# and plans, `musicedu.syllabus` for levels and difficulty, `musicedu.display` for what you saw.
#
# To read: F. Pachet and P. Roy (2011), *Markov constraints: steerable generation of Markov sequences*; R. Pelánek (2016),
# *Applications of the Elo rating system in adaptive educational systems*.
