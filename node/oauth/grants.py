"""PURE: why a code gives no token, for now or for ever.

Source: clients.md 2.3 rules 1 to 3; RFC 6749 section 4.1.3, RFC 7636 section 4.6
"""

from dataclasses import dataclass
from datetime import datetime

from node.identity.apps import App
from node.oauth.pkce import is_proved


@dataclass(frozen=True, slots=True)
class Bound:
    """What a code was given for."""

    app_id: str
    redirect_uri: str
    challenge: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """What an app brings with it."""

    redirect_uri: str
    verifier: str


def is_good(bound: Bound, shown: Shown, app: App, now: datetime) -> bool:
    """Whether this app may use a code that nobody has used."""
    if bound.app_id != app.id or now >= bound.until:
        return False
    if shown.redirect_uri != bound.redirect_uri:
        return False
    # SECURITY: also where the question was asked without one; tests/oauth/test_codes.py.
    if not app.is_confidential and not bound.challenge:
        return False
    return is_proved(bound.challenge, shown.verifier)
