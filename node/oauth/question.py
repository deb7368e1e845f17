"""PURE: what an app asks a person for, judged before anybody is asked.

Source: clients.md 2.1 and 2.3; RFC 6749 section 4.1.1, RFC 7636 section 4.3
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from node.identity.apps import App
from node.identity.scopes import READ, covers_all, parse_scopes
from node.oauth.pkce import S256, is_challenge
from node.oauth.redirects import is_registered

# What a question consists of; everything else in a query means nothing here.
NAMES: Final = (
    *("response_type", "client_id", "redirect_uri", "scope", "state"),
    *("code_challenge", "code_challenge_method"),
)
# It goes through the page of signing in, in a header and in a form.
LENGTH_MAX: Final = 4000
CODE: Final = "code"

REPEATED: Final = "The app has sent something twice."
TOO_LONG: Final = "What the app has sent is too long."
UNKNOWN_APP: Final = "This server does not know the app. Remove the account there and add it anew."
FOREIGN_ADDRESS: Final = "The app wants to go on at an address that is not its own."


@dataclass(frozen=True, slots=True)
class Misled:
    """Nobody is led anywhere: it is not known who asks, or for whom."""

    reason: str


@dataclass(frozen=True, slots=True)
class Declined:
    """The app is told so, at its own address.

    Attributes:
        error: A word of RFC 6749 section 4.1.2.1.
    """

    error: str
    description: str


@dataclass(frozen=True, slots=True)
class Question:
    """What an app may ask.

    Attributes:
        scope: As it has written it, each word once.
        challenge: Of PKCE S256, or "".
    """

    scope: str
    scopes: frozenset[str]
    challenge: str


def read_question(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str] | Misled:
    """The words of a question by name; each may stand there once."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in NAMES:
            continue
        if name in found:
            return Misled(REPEATED)
        found[name] = value
    return Misled(TOO_LONG) if len(urlencode(found)) > LENGTH_MAX else found


def judge_address(app: App | None, asked: Mapping[str, str]) -> App | Misled:
    """The app, if the address is its own."""
    if app is None:
        return Misled(UNKNOWN_APP)
    if not is_registered(asked.get("redirect_uri", ""), app.redirect_uris):
        return Misled(FOREIGN_ADDRESS)
    return app


def judge_question(app: App, asked: Mapping[str, str]) -> Question | Declined:
    """What the person is asked, or what the app is told instead."""
    if asked.get("response_type", "") != CODE:
        return _no_code(asked)
    scope = " ".join(dict.fromkeys((asked.get("scope", "") or READ).split()))
    scopes = parse_scopes(scope)
    if scopes is None or not covers_all(app.scopes, scopes):
        text = "The requested scope is invalid, unknown, or malformed."
        return Declined("invalid_scope", text)
    challenge = asked.get("code_challenge", "")
    fault = _challenge_fault(app, challenge, asked.get("code_challenge_method", ""))
    return Declined("invalid_request", fault) if fault else Question(scope, scopes, challenge)


def _no_code(asked: Mapping[str, str]) -> Declined:
    if not asked.get("response_type", ""):
        return Declined("invalid_request", "Missing required parameter: response_type.")
    text = "The authorization server does not support this response type."
    return Declined("unsupported_response_type", text)


def _challenge_fault(app: App, challenge: str, method: str) -> str:
    if not challenge and not method:
        if app.is_confidential:
            return ""
        return "An app without a secret sends a code_challenge."
    if method != S256:
        return "The code_challenge_method must be S256."
    return "" if is_challenge(challenge) else "The code_challenge is not one."
