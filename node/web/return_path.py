"""Where somebody who had to sign in first goes afterwards: to a page of ours and nowhere else."""

import re
from typing import Final
from urllib.parse import urlencode

CHAT: Final = "/chat"
SIGN_IN: Final = "/sign-in"
FIELD: Final = "next"
LENGTH_MAX: Final = 200
# What an app has asked, which is judged again when one comes there.
CONSENT: Final = "/oauth/authorize"
CONSENT_LENGTH_MAX: Final = 4200
AGAIN: Final = "again"

# SECURITY: what a browser could read as another host fits no segment; test_return.py tries it.
PATH: Final = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~@-]*)+")
QUESTION: Final = re.compile(rf"{CONSENT}\?[A-Za-z0-9_.~%+=&*-]*")


def return_path(asked: str) -> str:
    """The path to go to: the one asked for, or the chat where that is none of ours.

    Source: security.md 9, "Return targets"
    """
    if len(asked) <= CONSENT_LENGTH_MAX and QUESTION.fullmatch(asked):
        return asked
    return asked if len(asked) <= LENGTH_MAX and PATH.fullmatch(asked) else CHAT


def sign_in_for(path: str) -> str:
    """The address at which one signs in to go on to this path."""
    return SIGN_IN if path == CHAT else f"{SIGN_IN}?{urlencode({FIELD: path})}"


def sign_in_anew_for(path: str) -> str:
    """The same, for who shall sign in although they have done so before."""
    return f"{SIGN_IN}?{urlencode({FIELD: path, AGAIN: 1})}"
