"""An attempt to get in counts against account and address, or against a known browser alone."""

from aiohttp import web

from node.http.client_address import client_address, neighbourhood
from node.identity.devices import find_device
from node.web.context import PageContext


async def attempt_keys(
    request: web.Request, account: str, context: PageContext, *, step: str
) -> tuple[str, ...]:
    """What an attempt counts against.

    Whoever is kept out by what strangers try elsewhere gets in by a browser that is known.

    Args:
        request: The attempt.
        account: What somebody wants to open; "" if nobody knows.
        context: What pages use.
        step: What strangers are counted by at the account: "password", "code" or "passkey".
    """
    address = (f"address:{neighbourhood(client_address(request, context.proxies))}",)
    if not account:
        return address
    device = await find_device(request, account, base_url=context.base_url, now=context.now())
    if device is not None:
        return (f"device:{device}",)
    return (f"{step}:{account}", *address)
