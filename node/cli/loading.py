"""A command has its configuration, or ends with every mistake in it."""

import os
from collections.abc import Iterable

from node import log
from node.cli.stop import CONFIGURATION, StopError
from node.clock import Clock
from node.config.load import Broken, Loaded, find_file, load
from node.config.mistake import Mistake
from node.config.sections import Config


def read(config_path: str | None) -> Loaded | Broken:
    """The configuration, or every mistake in it.

    Raises:
        StopError: There is none.
    """
    path = find_file(config_path, os.environ)
    if path is None:
        raise StopError("there is no configuration; covey init writes one", CONFIGURATION)
    return load(path, os.environ, Clock().now())


def listed(mistakes: Iterable[Mistake]) -> str:
    """Each mistake on a line."""
    return "\n".join(map(str, mistakes))


def loaded(config_path: str | None) -> Loaded:
    """The configuration with where each key was written.

    Raises:
        StopError: There is none, or it has mistakes; all of them are listed.
    """
    answer = read(config_path)
    if isinstance(answer, Broken):
        raise StopError(listed(answer.mistakes), CONFIGURATION)
    return answer


def configured(config_path: str | None) -> Config:
    """The configuration, with log lines set up as it says.

    Raises:
        StopError: As `loaded`.
    """
    config = loaded(config_path).config
    log.set_up(config.log.format, config.log.level)
    return config
