"""What a test sets of the process's logging, taken back."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from node.log import OURS


@contextmanager
def kept_logging() -> Iterator[None]:
    """Set the handlers of the root, and the levels of it and of our loggers, back at the end."""
    root = logging.getLogger()
    loggers = [root, *map(logging.getLogger, OURS)]
    handlers, levels = root.handlers[:], [one.level for one in loggers]
    try:
        yield
    finally:
        root.handlers[:] = handlers
        for one, level in zip(loggers, levels, strict=True):
            one.setLevel(level)
