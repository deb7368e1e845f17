"""What holds for all tests."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.kept_logging import kept_logging

# No test asserts a wall time: on a busy machine one example may take long.
settings.register_profile("covey", deadline=None)
settings.load_profile("covey")


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A command sets the levels of the whole process, so the next test would hear nothing."""
    with kept_logging():
        yield
