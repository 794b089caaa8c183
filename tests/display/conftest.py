"""Each test of the display begins without a figure, whatever an earlier one left open."""

import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def no_figures():
    plt.close("all")
    yield
    plt.close("all")
