"""What holds for all tests."""

from hypothesis import settings

# No test asserts a wall time: on a busy machine one example may take long.
settings.register_profile("covey", deadline=None)
settings.load_profile("covey")
