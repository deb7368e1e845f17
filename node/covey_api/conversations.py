"""The caller's conversations: made, listed, shown."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from federation.commands.change_group import Wanted as Changes
from federation.commands.change_group import close, describe
from federation.commands.continue_group import continue_group
from federation.commands.follow_home import follow_home
from federation.commands.join_links import join as join_by_link
from federation.commands.start_conversation import Wanted, start_conversation
from federation.protocol.verdict import Refused
from federation.queries.conversations import FILTERS, find_conversation, list_conversations
from federation.queries.warnings import of_inviting
from node.covey_api.call import BASE, Call, caller_of, declined, done, found, read_call, services_of
from node.covey_api.documents import Document, answer, conversation, items, warning
from node.http.errors import DeclinedError
from node.http.paging import link_header, read_page
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope

PATH: Final = f"{BASE}/conversations"
ONE: Final = f"{PATH}/{{id}}"

DIRECT: Final = Refused(
    "A direct conversation keeps its people and has no settings.", 409, notice="direct-conversation"
)


async def list_all(request: web.Request) -> web.Response:
    """The caller's conversations, newest first; by `state` those that stand like that."""
    page, state = read_page(request), request.query.get("state", "")
    if state not in FILTERS:
        raise DeclinedError(Problem("bad-request", "state is joined, invited, requests or left."))
    views = await list_conversations(
        caller_of(request).actor_uri, FILTERS[state], before=page.before, limit=page.limit
    )
    older = views[-1].id if len(views) == page.limit else ""
    link = link_header(services_of(request).space.base_url, request, older=older)
    return items((conversation(view) for view in views), link=link)


async def show(request: web.Request) -> web.Response:
    """One conversation."""
    return answer(await shown(caller_of(request).actor_uri, request.match_info["id"]))


async def start(request: web.Request) -> web.Response:
    """Start a group, or open the conversation with one person; 200 if that one is there."""
    call = await read_call(request)
    wanted = _wanted(call)
    made = done(
        await start_conversation(
            call.services.desk,
            call.caller.actor_uri,
            wanted,
            characters_max=call.services.limits.message_characters,
            once=call.once,
        )
    )
    is_there = wanted.kind == "direct" and not made.is_new
    document = await shown(call.caller.actor_uri, made.resource)
    asked = [member["uri"] for member in document["members"] if member["state"] == "invited"]
    if asked:
        views = await of_inviting(made.resource, asked)
        document["warnings"] = [warning(view) for view in views]
    return answer(
        document,
        status=200 if is_there else 201,
        headers={"Location": f"{call.services.space.base_url}{PATH}/{made.resource}"},
    )


async def change(request: web.Request) -> web.Response:
    """Change title, icon, settings or successors; 202 while another home has not decided."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    done(
        await describe(call.services.desk, person, conversation_id, _changes(call), once=call.once)
    )
    return await decided(person, conversation_id)


async def end(request: web.Request) -> web.Response:
    """Close a group for everybody; 202 while another home has not decided."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    done(await close(call.services.desk, person, conversation_id, once=call.once))
    return await decided(person, conversation_id)


async def move(request: web.Request) -> web.Response:
    """Give a group another home, here; 202 while its present one has not agreed."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    await group_shown(person, conversation_id)
    done(await continue_group(call.services.desk, person, conversation_id, once=call.once))
    return await decided(person, conversation_id)


async def trust_home(request: web.Request) -> web.Response:
    """Follow the present state of a disputed group's home, for everybody here."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    done(await follow_home(call.services.desk, person, conversation_id))
    return answer(await shown(person, conversation_id), status=202)


async def join(request: web.Request) -> web.Response:
    """Join a group by a link; the conversation is `joining` until its home lets one in."""
    call = await read_call(request)
    person = call.caller.actor_uri
    made = done(await join_by_link(call.services.desk, person, call.text("link"), once=call.once))
    return await decided(person, made.resource)


async def group_shown(person: str, conversation_id: str) -> Document:
    """As `shown`, for what only a group has; who has no place in it learns nothing of that.

    Raises:
        DeclinedError: It is a direct conversation (409), or not there for its caller.
    """
    document = await shown(person, conversation_id)
    if document["kind"] == "direct":
        raise declined(DIRECT)
    return document


async def decided(person: str, conversation_id: str) -> web.Response:
    """The conversation: 202 while something that its caller asked waits for another node."""
    document = await shown(person, conversation_id)
    return answer(document, status=202 if document["waiting_for"] else 200)


def _changes(call: Call) -> Changes:
    body = call.body
    return Changes(
        title=call.text("title") if "title" in body else None,
        icon=call.text_or_none("icon") if "icon" in body else None,
        settings=_settings(call),
        successors=call.texts("successors") if "successors" in body else None,
    )


def _settings(call: Call) -> Mapping[str, Any] | None:
    settings = call.body.get("settings")
    if settings is not None and not isinstance(settings, dict):
        raise DeclinedError(Problem("unprocessable", "settings must be an object."))
    return settings


async def shown(person: str, conversation_id: str) -> Document:
    """A conversation as its caller is shown it.

    Raises:
        DeclinedError: They have no place in it.
    """
    return conversation(found(await find_conversation(person, conversation_id)))


def _wanted(call: Call) -> Wanted:
    kind = call.text("kind")
    title, text = call.text_or_none("title"), call.text_or_none("text")
    members, settings = call.texts("members"), _settings(call) or {}
    if kind == "group":
        return Wanted("group", title, members, text, settings)
    if kind == "direct":
        return Wanted("direct", title, members, text, settings)
    raise DeclinedError(Problem("unprocessable", "kind is group or direct."))


ENDPOINTS: Final = (
    Endpoint("POST", f"{PATH}/join", join, Scope.WRITE_GROUPS),
    Endpoint("POST", f"{ONE}/move", move, Scope.WRITE_GROUPS),
    Endpoint("POST", f"{ONE}/follow_home", trust_home, Scope.WRITE_GROUPS),
    Endpoint("PATCH", ONE, change, Scope.WRITE_GROUPS),
    Endpoint("DELETE", ONE, end, Scope.WRITE_GROUPS),
    Endpoint("POST", PATH, start, Scope.WRITE_CONVERSATIONS),
    Endpoint("GET", PATH, list_all, Scope.READ_STATUSES),
    Endpoint("GET", ONE, show, Scope.READ_STATUSES),
)
