"""A person says when they want to hear nothing, and what each of their devices may show."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from federation.commands.habits import change_quiet
from federation.commands.push import end_device, show_text
from federation.protocol.verdict import Refused
from node.http.routes import Endpoint, Scope
from node.web.context import PageContext
from node.web.pages.settings import PATH, led_back, settings_page
from node.web.signed_in import read_own_form

QUIET: Final = f"{PATH}/quiet-hours"
DIGITS_MAX: Final = 18
DEVICE: Final = f"{PATH}/notified-device"


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The forms' answers."""

    async def be_quiet(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, PATH)
        is_on = "quiet" in fields
        done = await change_quiet(
            caller.actor_uri,
            start=fields.get("from", "") if is_on else "",
            end=fields.get("to", "") if is_on else "",
            zone=fields.get("zone", ""),
        )
        if isinstance(done, Refused):
            typed = {
                "is_quiet": is_on,
                "quiet_from": fields.get("from", ""),
                "quiet_to": fields.get("to", ""),
                "zone": fields.get("zone", ""),
            }
            return await settings_page(
                request, caller, context, part="notifications", failure=done.reason, typed=typed
            )
        raise led_back("quiet-hours")

    async def change_device(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, PATH)
        device = _number(fields)
        if "end" in fields:
            await end_device(caller.actor_uri, device)
        else:
            await show_text(caller.actor_uri, device, shows="show" in fields)
        raise led_back("notified-device")

    return (
        Endpoint("POST", QUIET, be_quiet, Scope.ANYONE),
        Endpoint("POST", DEVICE, change_device, Scope.ANYONE),
    )


def _number(fields: Mapping[str, str]) -> int:
    """A device by its number; what is none names none of them."""
    text = fields.get("device", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS_MAX else 0
