"""Chords and keys: what they are, how a key is found, how a melody is given chords, how voices move."""
