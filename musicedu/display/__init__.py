"""Showing only: notation, players, plots and widgets for notebooks. What is shown is worked out in the rooms below.

Everything shown has a text beside it that says the same: a reader who cannot see or hear it gets that text, and so
does a test of the notebook.
"""
