"""What goes under a melody: voices that lead from one chord to the next, a bass and drums. NumPy only."""
