"""A course that builds a machine which listens to music, learns from it and makes it."""

__version__ = "0.1.0"
