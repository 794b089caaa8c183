"""The checks of latents, with right answers and the typical wrong ones."""

import numpy as np
import pytest

from musicedu.course.asks.functions import is_function
from musicedu.course.asks.latents import (
    counts_notes_alone,
    draws_from_the_cloud,
    grows_busier,
    is_route,
    is_the_kl,
    stays_on_the_map,
)
from musicedu.course.checks import Unsolved, check


def said(answer, *requirements):
    return " ".join(check("Task", answer, *requirements).faults)


def accuracy(rows, guesses):
    begins = rows >= 2
    return np.mean(rows[begins] == guesses[begins])


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (accuracy, ""),
        (lambda rows, guesses: np.mean(rows == guesses), "2 of 3 notes are right"),
        (lambda rows, guesses: np.sum((rows >= 2) & (rows == guesses)), "3 of 3 notes are right"),
        (lambda rows, guesses: np.mean((rows >= 2) == (guesses >= 2)), "2 of 3 notes are right"),
        (lambda rows, guesses: np.mean((rows == guesses)[guesses >= 2]), "3 of 3 notes are right"),
        (lambda rows, guesses: (rows == guesses)[rows >= 2], "gives 3 values"),
        (lambda rows, guesses: rows[0] / [1, 2], "stops with"),
        (accuracy(np.ones((1, 2)) * 2, np.ones((1, 2))), "not a function"),
    ],
)
def test_notes_alone_are_counted(function, words):
    assert words in said(function, is_function, counts_notes_alone)
    assert bool(said(function, is_function, counts_notes_alone)) == bool(words)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda mean, log_var, noise: mean + np.exp(log_var / 2) * noise, ""),
        (lambda mean, log_var, noise: mean + np.sqrt(np.exp(log_var)) * noise, ""),
        (lambda mean, log_var, noise: mean + np.exp(log_var) * noise, "multiply by the variance"),
        (lambda mean, log_var, noise: mean + log_var * noise, "Undo the logarithm"),
        (lambda mean, log_var, noise: mean + np.emath.sqrt(log_var).real * np.nan * noise, "undo the logarithm"),
        (lambda mean, log_var, noise: mean + noise, "same width"),
        (lambda mean, log_var, noise: mean + 2 * np.exp(log_var / 2) * noise, "moves it by 6.00"),
        (lambda mean, log_var, noise: mean * np.exp(log_var / 2) + noise, "With noise 0"),
        (lambda mean, log_var, noise: float(mean[0, 0]), "shape ()"),
        (lambda mean, log_var: mean, "stops with TypeError"),
        (lambda mean, log_var, noise: None, "gives nothing back"),
    ],
)
def test_a_draw_is_moved_and_stretched(function, words):
    assert words in said(function, draws_from_the_cloud).replace("yours moves by 6.00", "moves it by 6.00")
    assert bool(said(function, draws_from_the_cloud)) == bool(words)


def kl(mean, log_var):
    return 0.5 * np.sum(mean**2 + np.exp(log_var) - 1 - log_var, axis=1)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (kl, ""),
        (lambda mean, log_var: np.sum(kl(mean, log_var)), "shape ()"),
        (lambda mean, log_var: 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var), "shape (3, 2)"),
        (lambda mean, log_var: 2 * kl(mean, log_var), "twice"),
        (lambda mean, log_var: kl(mean, log_var) / 2, "half"),
        (lambda mean, log_var: 0.5 * np.sum(mean**2 + np.exp(log_var) - log_var, axis=1), "Mind the - 1"),
        (lambda mean, log_var: 0.5 * np.sum(mean**2 + log_var - 1 - log_var, axis=1), "which of the two"),
        (lambda mean, log_var: -kl(mean, log_var), "never below 0"),
        (lambda mean, log_var: 0.5 * np.sum(mean**2 + log_var**2, axis=1), "another width"),
        (lambda mean, log_var: kl(np.abs(mean) ** 1.5, log_var), "two units from home"),
    ],
)
def test_the_kl_is_exact(function, words):
    assert words in said(function, is_the_kl)
    assert bool(said(function, is_the_kl)) == bool(words)


PLACES = np.array([[x, 0.0] for x in range(6)])
ROUTE = (is_route, stays_on_the_map(PLACES), grows_busier(lambda x, y: round(x)))


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ([(0, 0), (1, 0.2), (3, 0), (5, 0)], ""),
        ([(0, 0), (1, 0), (3, 0)], "3 stations"),
        ([(0, 0), (1, 0), (3, 0), (9, 0)], "Station 4 lies off the map"),
        ([(0, 0), (1, 0), (3, 0), (2, 0)], "Station 4 plays 2 notes, the one before it 3"),
        ([0, 1, 2, 3], "two numbers"),
        ("ABCD", "two numbers"),
    ],
)
def test_a_route_stays_on_the_map_and_grows_busier(route, words):
    assert words in said(route, *ROUTE)
    assert bool(said(route, *ROUTE)) == bool(words)


def test_an_unsolved_task_says_so():
    with pytest.raises(Unsolved, match="waiting for you"):
        check("Task 2", lambda mean, log_var, noise: ..., is_function, draws_from_the_cloud)
    with pytest.raises(Unsolved, match="waiting for you"):
        check("Task 4", [(...), (...)], *ROUTE)
