"""A person says who they are, what others learn of what they do, and how their pages look."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from federation.commands.doors import LEVELS, SWITCHES, change_doors
from federation.commands.habits import change_habits
from federation.commands.profile import DETAILS_MAX, ProfileWish, change_profile
from federation.protocol.verdict import Allowed, Refused
from node.http.routes import Endpoint, Scope
from node.identity.appearance import CHOICES, change_appearance
from node.identity.caller import Caller
from node.web.context import PageContext
from node.web.pages.settings import PATH, led_back, settings_page
from node.web.signed_in import read_own_form

# What each of two forms chooses.
KEYS: Final = ("send_key",)
LOOK: Final = tuple(name for name in CHOICES if name not in KEYS)


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The forms' answers."""

    async def say(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, PATH)
        return await _say(request, caller, fields, context)

    async def show_less(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, PATH)
        await change_habits(
            caller.actor_uri,
            receipts="receipts" in fields,
            typing="typing" in fields,
            presence="presence" in fields,
            previews="previews" in fields,
        )
        done = await change_doors(
            caller.actor_uri, _doors(fields), new_id=context.entropy.new_id, now=context.now()
        )
        return await _answer(request, caller, done, context, "privacy")

    async def look(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, PATH)
        done = await _choose(caller, fields, LOOK)
        return await _answer(request, caller, done, context, "appearance")

    async def press(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, PATH)
        done = await _choose(caller, fields, KEYS)
        return await _answer(request, caller, done, context, "keyboard")

    return (
        Endpoint("POST", f"{PATH}/profile", say, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/privacy", show_less, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/appearance", look, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/keyboard", press, Scope.ANYONE),
    )


async def _say(
    request: web.Request, caller: Caller, fields: Mapping[str, str], context: PageContext
) -> web.Response:
    wish = ProfileWish(fields.get("name", ""), fields.get("bio", ""), _details(fields))
    done = await change_profile(
        caller.actor_uri, wish, new_id=context.entropy.new_id, now=context.now()
    )
    if isinstance(done, Allowed):
        raise led_back("profile")
    typed = {"profile": {"name": wish.name, "bio": wish.bio}, "details": wish.details}
    return await settings_page(
        request, caller, context, part="profile", failure=done.reason, typed=typed
    )


async def _choose(
    caller: Caller, fields: Mapping[str, str], names: tuple[str, ...]
) -> Allowed | Refused:
    """Take the choices of one form; the others stay as they are."""
    return await change_appearance(caller.account, **{name: fields.get(name, "") for name in names})


async def _answer(
    request: web.Request,
    caller: Caller,
    done: Allowed | Refused,
    context: PageContext,
    part: str,
) -> web.Response:
    """Lead back from a form of choices, which stands in the part that its word names."""
    if isinstance(done, Refused):
        return await settings_page(request, caller, context, part=part, failure=done.reason)
    raise led_back(part)


def _doors(fields: Mapping[str, str]) -> dict[str, str | bool]:
    """A box that is not ticked is not sent."""
    levels = {name: fields[name] for name in LEVELS if name in fields}
    return {**levels, **{name: name in fields for name in SWITCHES}}


def _details(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    numbers = range(1, DETAILS_MAX + 1)
    return [(fields.get(f"label{n}", ""), fields.get(f"value{n}", "")) for n in numbers]
