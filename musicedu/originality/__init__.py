"""Whose tune is it: quotes, shared runs, likeness of melodies, and fingerprints of recordings."""
