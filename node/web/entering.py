"""A browser whose person is known gets a session, and is known to their account from there on."""

from aiohttp import hdrs, web

from node.identity.devices import device_token, know_device
from node.identity.sessions import find_session_caller, give_cookie, open_session, whence
from node.identity.sign_in import sign_out
from node.web.context import PageContext
from node.web.return_path import CHAT


async def enter(
    request: web.Request, account: str, context: PageContext, *, to: str = CHAT
) -> web.Response:
    """Sign this browser in and lead it to a path of ours; the session that it had ends."""
    base_url, now = context.base_url, context.now()
    former = await find_session_caller(request, base_url=base_url, now=now)
    if former is not None:
        await sign_out(former)
    opened = await open_session(account, whence(request), entropy=context.entropy, now=now)
    response = web.Response(status=303, headers={hdrs.LOCATION: to})
    give_cookie(response, opened.cookie, base_url)
    token = device_token(request, base_url, entropy=context.entropy)
    await know_device(response, token, account, base_url=base_url, now=now)
    return response
