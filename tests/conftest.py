"""What holds for all tests of the package."""

import pytest
from hypothesis import settings

import musicedu  # noqa: F401 - before librosa, so that each worker keeps what numba compiles to itself

# A law is true or not, however busy the machine is.
settings.register_profile("laws", deadline=None)
settings.load_profile("laws")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A module's tests stay together, and so do all that share the JupyterLab and the browser."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return "tests/browser" if nodeid.startswith("tests/browser/") else super()._split_scope(nodeid)

    return Scheduling(config, log)
