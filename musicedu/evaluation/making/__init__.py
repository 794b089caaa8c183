"""Is generated music any good: what is asked of windows made by an engine, beside real tunes and beside baselines."""
