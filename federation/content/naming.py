"""Whether a text names somebody: their handle in it, whole or without its server."""

import re

# A letter or another handle before the sign makes it a mail address or a part of one.
_HANDLE = re.compile(r"(?<![\w@/])@([\w.-]+)(?:@([\w.-]+))?(?![\w@])", re.ASCII)


def names(text: str, acct: str) -> bool:
    """Whether a text holds the handle `user@host`; without its host it may be anybody's.

    Args:
        text: What somebody wrote.
        acct: Whom it may name; its case does not matter.
    """
    user, _, host = acct.lower().partition("@")
    return any(
        found[1].lower().rstrip(".-") == user
        and (found[2] is None or found[2].lower().rstrip(".-") == host)
        for found in _HANDLE.finditer(text)
    )
