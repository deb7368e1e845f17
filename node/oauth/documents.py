"""An app that has not registered says who it is at the URL that is its client id.

Source: clients.md 2.3 rule 7; draft-ietf-oauth-client-id-metadata-document
"""

from datetime import timedelta
from typing import Final

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import canonical, host_of
from node.identity.apps import App, find_app, keep_document
from node.identity.caller import Caller
from node.oauth.context import OAuthContext
from node.oauth.registration import Unfit, judge_metadata

FRESH_FOR: Final = timedelta(hours=24)
# In a quarter of an hour, for one person.
READ_MAX: Final = 20


def is_url(client_id: str) -> bool:
    """Whether a client id is the address of a document."""
    return client_id.startswith("https://")


async def known_app(client_id: str, context: OAuthContext) -> App | None:
    """The app with this client id, as far as it is known without asking anybody."""
    app = await find_app(client_id)
    if app is None or not app.is_document:
        return app
    return app if context.now() - app.seen_at < FRESH_FOR else None


async def get_app(client_id: str, caller: Caller, context: OAuthContext) -> App | None:
    """The app with this client id, asked at its own address if need be, for somebody who is in."""
    app = await known_app(client_id, context)
    if app is not None or not _is_address(client_id):
        return app
    keys = (f"account:{caller.account}",)
    if context.reading.wait_s(keys, context.now()):
        return None
    context.reading.failed(keys, context.now())
    document = await context.read_document(client_id)
    if document is None or document.get("client_id") != client_id:
        return None
    new = judge_metadata(document, is_document=True)
    if isinstance(new, Unfit):
        return None
    return await keep_document(client_id, new, entropy=context.entropy, now=context.now())


def shown_host(app: App) -> str:
    """The host that speaks for an app; "" for one that has registered: anybody has that name."""
    return host_of(app.id) if app.is_document else ""


def _is_address(client_id: str) -> bool:
    try:
        return canonical(client_id) == client_id and is_url(client_id) and "#" not in client_id
    except RemoteProtocolError:
        return False
