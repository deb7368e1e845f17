"""What is counted for one owner: all hosts below one domain that somebody has registered.

Names below a domain cost nothing, so a limit for each host limits nobody.
"""

from functools import lru_cache
from typing import Final

from publicsuffixlist import PublicSuffixList

REMEMBERED: Final = 10_000


@lru_cache(REMEMBERED)
def registrable_domain(host: str) -> str:
    """The domain that a host belongs to; a name that nobody registers stands for itself.

    Args:
        host: As in an id: lower case, punycode, with its port if it has one.
    """
    name = host if host.startswith("[") else host.partition(":")[0]
    if name.replace(".", "").isdigit() or name.startswith("["):
        return name
    return _suffixes().privatesuffix(name) or name


# It is read when it is first asked: at start nobody needs it.
@lru_cache(1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
