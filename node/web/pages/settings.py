"""Who one is, how pages look, where one is signed in, how one's account is opened: plain forms.

A form that was heeded leads back to the page, which says so where the form is; one that was not is
shown again as it was filled in.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from aiohttp import web

from federation.commands.profile import (
    BIO_CHARS_MAX,
    DETAIL_CHARS_MAX,
    DETAILS_MAX,
    NAME_CHARS_MAX,
)
from federation.content.quiet import write_minute
from federation.queries.media import used_bytes
from federation.queries.people import find_doors, find_habits, find_quiet
from federation.queries.profiles import own_profile
from federation.queries.pushes import list_devices
from node.http.routes import Endpoint, Scope
from node.identity.app_list import LetIn, end_app, list_apps
from node.identity.caller import Caller
from node.identity.passkeys import NAME_CHARS_MAX as PASSKEY_CHARS_MAX
from node.identity.passkeys import PASSKEYS_MAX
from node.identity.passwords import LENGTH_MIN
from node.identity.scope_words import words_for
from node.identity.session_list import SignedIn, end_one, end_others, list_sessions
from node.web.context import PageContext
from node.web.device_words import device_words
from node.web.languages import Words, load_languages
from node.web.signed_in import read_own_form, require_caller

PATH: Final = "/settings"
# From ten in the evening to seven in the morning, as it is offered.
QUIET_USUALLY: Final = (22 * 60, 7 * 60)
APP: Final = Words("page.settings.an_app")
# Who has pages of the administration.
STAFF: Final = frozenset({"moderator", "admin", "owner"})
MEBIBYTE: Final = 1024 * 1024
# What a browser sends is held in memory, of one archive for each person.
ARCHIVE_MEBIBYTES_MAX: Final = 16
NOTHING_TYPED: Final[Mapping[str, object]] = MappingProxyType({})
SAVED: Final = Words("page.settings.saved")
# What a form has done, by the word that its answer leads back with: the part, and what it says.
DONE: Final[Mapping[str, tuple[str, Words]]] = {
    "profile": ("profile", SAVED),
    "picture": ("profile", Words("page.settings.picture_saved")),
    "picture-removed": ("profile", Words("page.settings.picture_removed")),
    "privacy": ("privacy", SAVED),
    "quiet-hours": ("notifications", SAVED),
    "notified-device": ("notifications", SAVED),
    "appearance": ("appearance", SAVED),
    "keyboard": ("keyboard", SAVED),
    "session": ("devices", Words("page.settings.session_ended")),
    "sessions": ("devices", Words("page.settings.sessions_ended")),
    "app": ("apps", Words("page.settings.app_ended")),
    "password": ("password-title", Words("page.settings.password_changed")),
    "passkey-added": ("passkeys", Words("page.passkeys.added")),
    "passkey-renamed": ("passkeys", Words("page.passkeys.renamed")),
    "passkey-removed": ("passkeys", Words("page.passkeys.removed")),
    "brought": ("import", Words("page.settings.brought")),
    "brought-in-part": ("import", Words("page.settings.brought_in_part")),
    "second-factor-off": ("factor-title", Words("page.second_factor.is_off")),
}


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The page, and the forms that end sessions and the access of apps."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_caller(request, context, PATH)
        return await settings_page(request, caller, context)

    async def end_session(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, PATH)
        await end_one(caller, fields.get("session", ""), context.now())
        raise led_back("session")

    async def end_other_sessions(request: web.Request) -> web.Response:
        caller, _ = await read_own_form(request, context, PATH)
        await end_others(caller)
        raise led_back("sessions")

    async def end_one_app(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, PATH)
        await end_app(caller.account, fields.get("app", ""), context.now())
        raise led_back("app")

    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/sessions/end", end_session, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/sessions/end-others", end_other_sessions, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/apps/end", end_one_app, Scope.ANYONE),
    )


def led_back(done: str) -> web.HTTPSeeOther:
    """What a form answers that was heeded, by its word in `DONE`."""
    return web.HTTPSeeOther(f"{PATH}?done={done}#{DONE[done][0]}")


async def settings_page(
    request: web.Request,
    caller: Caller,
    context: PageContext,
    *,
    part: str = "",
    failure: Words | str = "",
    typed: Mapping[str, object] = NOTHING_TYPED,
) -> web.Response:
    """The page of settings.

    Args:
        request: Asks for it.
        caller: Whose.
        context: What pages use.
        part: Where the form is that was not heeded.
        failure: Why it was not, or "".
        typed: What stood in that form, by the names of the template, in place of what holds.
    """
    told = DONE.get(request.query.get("done", "")) if not failure else None
    listed = await list_sessions(caller, context.now())
    profile = await own_profile(caller.actor_uri)
    values: dict[str, object] = dict(
        csrf=caller.csrf,
        account=caller.account,
        is_staff=caller.role in STAFF,
        failure=failure,
        part=part if told is None else told[0],
        notice="" if told is None else told[1],
        sessions=[_shown(one) for one in listed],
        apps=[_shown_app(one) for one in await list_apps(caller.account, context.now())],
        profile=profile,
        picture=urlsplit(profile.icon).path,
        details=[*profile.details, *[("", "")] * DETAILS_MAX][:DETAILS_MAX],
        name_max=NAME_CHARS_MAX,
        bio_max=BIO_CHARS_MAX,
        detail_max=DETAIL_CHARS_MAX,
        habits=await find_habits(caller.actor_uri),
        doors=await find_doors(caller.actor_uri),
        **await _notified(caller, context),
        languages=[(each.tag, each.name) for each in load_languages().by_tag.values()],
        password_min=LENGTH_MIN,
        **await _opened_by(caller, context),
        **await _room(caller, context),
        has_second_factor=await context.second_factor.is_on(caller.account),
        codes_left=await context.second_factor.codes_left(caller.account),
    )
    status = 422 if failure else 200
    return context.render(request, "settings.html", status=status, **{**values, **typed})


async def _room(caller: Caller, context: PageContext) -> dict[str, object]:
    """How much the caller's files take, of what they may; and how large an archive may be."""
    return {
        "used_mib": -(-await used_bytes(caller.account) // MEBIBYTE),
        "room_mib": context.room_bytes // MEBIBYTE,
        "archive_mib": ARCHIVE_MEBIBYTES_MAX,
    }


async def _opened_by(caller: Caller, context: PageContext) -> dict[str, object]:
    """With which passkeys the caller signs in, and whether they may add another one."""
    passkeys = await context.passkeys.list(caller.account)
    return {
        "passkeys": [
            {
                "id": one.id,
                "name": one.name,
                "made": _moment(one.created_at),
                "used": _moment(one.used_at) if one.used_at else None,
            }
            for one in passkeys
        ],
        "may_add_passkey": len(passkeys) < PASSKEYS_MAX,
        "passkey_name_max": PASSKEY_CHARS_MAX,
    }


async def _notified(caller: Caller, context: PageContext) -> dict[str, object]:
    """When the caller wants to hear nothing, and which devices tell them of messages."""
    quiet = await find_quiet(caller.actor_uri)
    is_on = quiet.start is not None and quiet.end is not None
    return {
        "is_quiet": is_on,
        "was_quiet": is_on,
        "quiet_from": write_minute(quiet.start if quiet.start is not None else QUIET_USUALLY[0]),
        "quiet_to": write_minute(quiet.end if quiet.end is not None else QUIET_USUALLY[1]),
        "zone": quiet.zone,
        "zones": sorted(name for name in available_timezones() if "/" in name or name == "UTC"),
        "notified": [
            {
                "id": one.id,
                "device": device_words(one.user_agent) if not one.is_app else APP,
                "shows_text": one.shows_text,
            }
            for one in await list_devices(caller.actor_uri, context.now())
        ],
    }


def _shown(session: SignedIn) -> dict[str, object]:
    return {
        "id": session.id,
        "device": device_words(session.user_agent),
        "address": session.address,
        "used": _moment(session.used_at),
        "is_current": session.is_current,
    }


def _shown_app(app: LetIn) -> dict[str, object]:
    return {
        "id": app.id,
        "name": app.name or app.client_id,
        "address": app.client_id if app.is_document else "",
        "can": words_for(app.scopes),
        "since": _moment(app.since),
        "used": _moment(app.used_at) if app.used_at else None,
    }


def _moment(at: datetime) -> dict[str, object]:
    words = Words("page.settings.moment", {"date": at.date(), "time": at.strftime("%H:%M")})
    return {"at": at.isoformat(timespec="minutes"), "words": words}
