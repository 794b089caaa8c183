"""What holds for all tests of the package."""

import signal

import pytest
from hypothesis import settings

import musicedu  # noqa: F401 - before librosa, so that each worker keeps what numba compiles to itself

# A law is true or not, however busy the machine is.
settings.register_profile("laws", deadline=None)
settings.load_profile("laws")

# What a shell starts in the background ignores Ctrl-C, and so would the programs that tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

LONGEST = ("11_", "12_", "13_", "14_", "browser")
"""The lessons that train networks, and the browser: whoever begins one last keeps all others waiting."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A module's tests stay together, and so do all that share the JupyterLab and the browser; the longest first."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return "tests/browser" if nodeid.startswith("tests/browser/") else super()._split_scope(nodeid)

        def _assign_work_unit(self, node):
            long = (scope for scope in self.workqueue if scope.rpartition("/")[2].startswith(LONGEST))
            first = next(long, next(iter(self.workqueue)))
            self.workqueue.move_to_end(first, last=False)
            super()._assign_work_unit(node)

    return Scheduling(config, log)
