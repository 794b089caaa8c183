"""Melodies as tokens for the networks: see `vocabulary` for the tokens, `events` for both directions."""
