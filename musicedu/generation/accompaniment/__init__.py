"""What goes under a melody: chords, voices that lead from one to the next, a bass and drums. NumPy only."""
