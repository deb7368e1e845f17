"""Who the caller is, what they say of themselves, and what they let others know of what they do."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from aiohttp import web

from federation.commands.doors import LEVELS, SWITCHES, change_doors, judge_doors
from federation.commands.habits import change_habits, change_quiet
from federation.commands.profile import ProfileWish, change_profile, judge_profile
from federation.content.quiet import write_minute
from federation.protocol.timestamps import format_time
from federation.queries.people import find_by_uri, find_doors, find_habits, find_quiet
from federation.queries.profiles import count_waiting, own_profile
from federation.queries.shields import find_shields_now
from node.app_keys import Services
from node.covey_api.call import (
    BASE,
    Call,
    caller_of,
    done,
    found,
    read_call,
    services_of,
)
from node.covey_api.documents import Document, answer, person
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from node.identity.appearance import CHOICES, change_appearance, find_appearance
from node.identity.caller import Caller

PATH: Final = f"{BASE}/me"
# What a person says of their quiet hours, by what the command calls it.
QUIET: Final = {"start": "quiet_from", "end": "quiet_to", "zone": "zone"}
# What is on or off of what a person does.
HABITS: Final = ("receipts", "typing", "presence", "previews")
NO_FIELDS: Final = Problem("unprocessable", "fields is a list of objects with name and value.")


async def show_me(request: web.Request) -> web.Response:
    """The account that calls."""
    return answer(await shown_me(caller_of(request), services_of(request)))


async def change_me(request: web.Request) -> web.Response:
    """Change one's profile, what others learn of what one does, and how one's pages look."""
    call = await read_call(request)
    wish = ProfileWish(_text(call, "name"), _text(call, "bio"), _fields(call))
    chosen = {name: call.text_or_none(name) for name in CHOICES if name in call.body}
    habits = {name: call.switch(name) for name in HABITS}
    doors = _doors(call)
    services, person_uri = call.services, call.caller.actor_uri
    quiet = {name: _text(call, field) for name, field in QUIET.items()}
    done(judge_profile(wish))
    done(judge_doors(doors))
    done(await change_quiet(person_uri, **quiet))
    done(await change_appearance(call.caller.account, **chosen))
    done(
        await change_profile(
            person_uri, wish, new_id=services.desk.entropy.new_id, now=services.clock()
        )
    )
    done(
        await change_doors(
            person_uri, doors, new_id=services.desk.entropy.new_id, now=services.clock()
        )
    )
    await change_habits(person_uri, **habits)
    return answer(await shown_me(call.caller, services))


def _minute(minute: int | None) -> str | None:
    return None if minute is None else write_minute(minute)


def _doors(call: Call) -> dict[str, str | bool]:
    switches = {name: call.switch(name) for name in SWITCHES}
    return {
        **{name: call.text(name) for name in LEVELS if name in call.body},
        **{name: value for name, value in switches.items() if value is not None},
    }


def _text(call: Call, name: str) -> str | None:
    return call.text(name) if name in call.body else None


def _fields(call: Call) -> tuple[tuple[str, str], ...] | None:
    if "fields" not in call.body:
        return None
    value = call.body["fields"]
    if not isinstance(value, list):
        raise DeclinedError(NO_FIELDS)
    return tuple(_field(each) for each in value)


def _field(entry: object) -> tuple[str, str]:
    if isinstance(entry, Mapping):
        label, value = entry.get("name"), entry.get("value")
        if isinstance(label, str) and isinstance(value, str):
            return label, value
    raise DeclinedError(NO_FIELDS)


async def shown_me(caller: Caller, services: Services) -> Document:
    """The caller's account as they see it themselves."""
    view = found(await find_by_uri(caller.actor_uri))
    habits = await find_habits(caller.actor_uri)
    doors, quiet = await find_doors(caller.actor_uri), await find_quiet(caller.actor_uri)
    profile = await own_profile(caller.actor_uri)
    looks = await find_appearance(caller.account)
    return {
        "id": caller.account,
        **person(view),
        "role": caller.role,
        "bio": profile.bio,
        "fields": [{"name": label, "value": value} for label, value in profile.details],
        **asdict(habits),
        **asdict(doors),
        "quiet_from": _minute(quiet.start),
        "quiet_to": _minute(quiet.end),
        "zone": quiet.zone or None,
        "follow_requests": await count_waiting(caller.actor_uri),
        **{name: value or None for name, value in asdict(looks).items()},
        "protection": await _protection(services),
        "limits": {
            "upload_bytes": services.upload_max_bytes,
            "message_characters": services.limits.message_characters,
            "delivery_seconds": int(services.queue_retention.total_seconds()),
        },
    }


async def _protection(services: Services) -> Document | None:
    """Until when strangers are kept back more than usual, and why."""
    raised = await find_shields_now(services.clock())
    if raised is None:
        return None
    return {"until": format_time(raised.until), "reason": raised.reason or None}


ENDPOINTS: Final = (
    Endpoint("GET", PATH, show_me, Scope.READ_ACCOUNTS),
    Endpoint("PATCH", PATH, change_me, Scope.WRITE_ACCOUNTS),
)
