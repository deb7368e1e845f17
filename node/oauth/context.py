"""What the OAuth server needs of the node around it, made once when the node starts."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from node.entropy import Entropy
from node.identity.attempts import Attempts
from node.identity.caller import Caller


@dataclass(frozen=True, slots=True)
class Pages:
    """How a person is met in a browser.

    Attributes:
        render: Answers a page to a request from a template.
        require_caller: Who is signed in; leads whoever is not to where they can, and back to this
            path of ours.
        read_form: The same, and the fields of a form of our page.
        sign_in_anew: Leads to where somebody signs in again, and back to this path.
    """

    render: Callable[..., web.Response]
    require_caller: Callable[[web.Request, str], Awaitable[Caller]]
    read_form: Callable[[web.Request, str], Awaitable[tuple[Caller, Mapping[str, str]]]]
    sign_in_anew: Callable[[str], web.HTTPSeeOther]


@dataclass(frozen=True, slots=True)
class OAuthContext:
    """What the addresses of the OAuth server share.

    Attributes:
        base_url: Scheme and host of this node, which is the issuer.
        registering: How often somebody may register an app.
        reading: How often somebody may have a document read.
        read_document: What another server says at the URL of an app; None if it says nothing.
    """

    base_url: str
    now: Callable[[], datetime]
    entropy: Entropy
    pages: Pages
    registering: Attempts
    reading: Attempts
    read_document: Callable[[str], Awaitable[Mapping[str, Any] | None]]
