"""What holds for all tests of the package."""

from tests.compiled import keep_apart

keep_apart()
