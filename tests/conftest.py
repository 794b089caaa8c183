"""What holds for all tests of the package."""

from hypothesis import settings

from tests.compiled import keep_apart

keep_apart()

# A law is true or not, however busy the machine is.
settings.register_profile("laws", deadline=None)
settings.load_profile("laws")
