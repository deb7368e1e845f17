"""Every address of the OAuth server."""

from typing import Final

from node.http.routes import Endpoint
from node.oauth import apps, authorize, metadata, register, revoke, token, userinfo
from node.oauth.context import OAuthContext

PARTS: Final = (metadata, apps, register, authorize, token, revoke, userinfo)


def oauth_endpoints(context: OAuthContext) -> tuple[Endpoint, ...]:
    """The addresses for programs, and the one where a person is asked."""
    return tuple(each for part in PARTS for each in part.endpoints(context))
