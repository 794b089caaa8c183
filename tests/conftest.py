"""What holds for all tests of the package."""

from hypothesis import settings

import musicedu  # noqa: F401 - before librosa, so that each worker keeps what numba compiles to itself

# A law is true or not, however busy the machine is.
settings.register_profile("laws", deadline=None)
settings.load_profile("laws")
