"""Sound: a melody played through a soundfont, and sound as files."""
