"""Which release of this software runs."""

import functools
from importlib.metadata import PackageNotFoundError, version
from typing import Final

PACKAGE: Final = "covey"
FROM_A_CHECKOUT: Final = "unknown"


@functools.cache
def own_version() -> str:
    """The version of the package, or a word for a checkout that nobody has installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return FROM_A_CHECKOUT
