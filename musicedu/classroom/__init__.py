"""A class: who is in it, and a piece for everyone."""
