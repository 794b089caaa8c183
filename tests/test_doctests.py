"""Every example in a docstring is true."""

import doctest
import importlib
import pkgutil

import pytest

import musicedu

MODULES = [module.name for module in pkgutil.walk_packages(musicedu.__path__, "musicedu.")]


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_examples_in_docstrings(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
