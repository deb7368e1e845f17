"""A browser whose person is known gets a session, and is known to their account from there on."""

from aiohttp import hdrs, web

from node.identity.devices import device_token, keep_device
from node.identity.passkeys import ProvenPasskey
from node.identity.sessions import find_session_caller, give_cookie, whence
from node.identity.sign_in import Known, Lacking, complete_sign_in, sign_out
from node.web.context import PageContext
from node.web.return_path import CHAT


async def enter(
    request: web.Request,
    known: Known | ProvenPasskey,
    context: PageContext,
    *,
    to: str = CHAT,
    with_code: bool = False,
) -> web.Response | Lacking:
    """Sign this browser in and lead it to a path of ours; the session that it had ends.

    Args:
        request: Comes from the browser.
        known: The password that was given, or the passkey that was used.
        context: What pages use.
        to: Where it is led.
        with_code: Whether the code of the second factor was right too.
    """
    base_url, now = context.base_url, context.now()
    former = await find_session_caller(request, base_url=base_url, now=now)
    device = device_token(request, base_url, entropy=context.entropy)
    opened = await complete_sign_in(
        known,
        whence(request),
        device=device,
        with_code=with_code,
        entropy=context.entropy,
        now=now,
    )
    if isinstance(opened, Lacking):
        return opened
    if former is not None:
        await sign_out(former)
    response = web.Response(status=303, headers={hdrs.LOCATION: to})
    give_cookie(response, opened.cookie, base_url)
    keep_device(response, device, base_url)
    return response
