"""A whole piece from a few wishes: a tune in a song's form, and players who accompany it."""
