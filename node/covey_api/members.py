"""The people of a group."""

from typing import Final

from aiohttp import web

from federation.commands import change_group
from federation.commands.invite import find_invitee
from federation.commands.invite import invite as invite_person
from federation.queries.reach import reach_of
from federation.queries.warnings import of_inviting
from node.covey_api.call import done, read_call
from node.covey_api.conversations import ONE, decided, group_shown, shown
from node.covey_api.documents import answer, warning
from node.http.routes import Endpoint, Scope


async def invite(request: web.Request) -> web.Response:
    """Invite somebody, who is no member before saying yes; answers the conversation.

    With `check` nobody is invited, and the answer is what there is to know before: 200 with
    `inviting`, how they take it, and `warnings`, which an invitation answers as well.
    """
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    # Who is no member learns nothing, not even whether an address exists.
    await group_shown(person, conversation_id)
    desk = call.services.desk
    invitee = done(await find_invitee(desk, call.text("acct")))
    warnings = [warning(view) for view in await of_inviting(conversation_id, [invitee.uri])]
    if call.body.get("check") is True:
        reach = await reach_of(person, invitee)
        return answer({"warnings": warnings, "inviting": reach.inviting or None})
    made = invite_person(desk, person, invitee, conversation_id=conversation_id, once=call.once)
    done(await made)
    return answer({**await shown(person, conversation_id), "warnings": warnings}, status=201)


async def give_role(request: web.Request) -> web.Response:
    """Make a member admin, moderator or member; 202 while another home has not decided."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    await group_shown(person, conversation_id)
    done(
        await change_group.give_role(
            call.services.desk,
            person,
            conversation_id,
            acct=request.match_info["acct"],
            role=call.text("role"),
            once=call.once,
        )
    )
    return await decided(person, conversation_id)


async def remove(request: web.Request) -> web.Response:
    """Remove a member, unban an outcast or withdraw an invitation; with `ban`, ban somebody.

    Somebody on other software is told in a private message, unless `quiet` is set.
    """
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    await group_shown(person, conversation_id)
    is_ban = request.query.get("ban") == "true" or call.body.get("ban") is True
    command = change_group.ban if is_ban else change_group.remove
    done(
        await command(
            call.services.desk,
            person,
            conversation_id,
            acct=request.match_info["acct"],
            is_quiet=request.query.get("quiet") == "true" or call.body.get("quiet") is True,
            once=call.once,
        )
    )
    return await decided(person, conversation_id)


MEMBER: Final = f"{ONE}/members/{{acct}}"

ENDPOINTS: Final = (
    Endpoint("POST", f"{ONE}/members", invite, Scope.WRITE_GROUPS),
    Endpoint("PATCH", MEMBER, give_role, Scope.WRITE_GROUPS),
    Endpoint("DELETE", MEMBER, remove, Scope.WRITE_GROUPS),
)
