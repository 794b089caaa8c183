"""The page a pupil holds: notation, what it is, and why it fits, as PDF and as a folder of files."""
