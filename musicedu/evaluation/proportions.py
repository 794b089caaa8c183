"""How sure is a share? Intervals for a number of successes among independent trials, as in a listening test.

By chance alone a listener who hears no difference is right in half of all pairs, so a test says something only where
its interval leaves one half out.
"""

from __future__ import annotations

from scipy import stats


def clopper_pearson(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval (Clopper and Pearson 1934): every share that would not make what was seen too surprising.

    It errs on the safe side: it holds the truth at least as often as `level` says. `ValueError` for no trials or for
    more successes than trials.

    >>> [round(bound, 3) for bound in clopper_pearson(9, 12)]
    [0.428, 0.945]
    """
    _check(successes, trials, level)
    tail = (1 - level) / 2
    low = stats.beta.ppf(tail, successes, trials - successes + 1) if successes else 0.0
    high = stats.beta.ppf(1 - tail, successes + 1, trials - successes) if successes < trials else 1.0
    return float(low), float(high)


def _check(successes: int, trials: int, level: float) -> None:
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials are not possible")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
