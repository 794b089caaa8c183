"""Practice: levels, instruments, skills, what a teacher may wish, the exercise, and a checker that trusts nobody."""
