"""What an app must know of this server, at the address where it looks (RFC 8414)."""

from typing import Final

from aiohttp import web

from node.http.routes import Endpoint
from node.identity.scopes import SCOPES
from node.oauth.answers import for_programs, told
from node.oauth.context import OAuthContext
from node.oauth.pkce import S256

PATH: Final = "/.well-known/oauth-authorization-server"


def endpoints(context: OAuthContext) -> tuple[Endpoint, ...]:
    """GET the metadata."""
    base = context.base_url
    document = {
        "issuer": base,
        "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": f"{base}/oauth/token",
        "revocation_endpoint": f"{base}/oauth/revoke",
        "registration_endpoint": f"{base}/oauth/register",
        "userinfo_endpoint": f"{base}/oauth/userinfo",
        "app_registration_endpoint": f"{base}/api/v1/apps",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "code_challenge_methods_supported": [S256],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic",
            "client_secret_post",
            "none",
        ],
        "client_id_metadata_document_supported": True,
        "authorization_response_iss_parameter_supported": True,
    }

    async def show(_: web.Request) -> web.Response:
        return told(document)

    return for_programs("GET", PATH, show)
