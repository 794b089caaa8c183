"""Is generated music any good? Compared with real tunes and with baselines, never with hopes."""
