"""Somebody deletes their own account, with their password and knowing what that means."""

from typing import Final

from aiohttp import hdrs, web

from federation.commands import end_account
from federation.commands.deeds import By
from federation.protocol.verdict import Refused
from node.http.routes import Endpoint, Scope
from node.identity.ending import close
from node.identity.sessions import take_cookie
from node.web.context import PageContext
from node.web.languages import Words
from node.web.pages.password import own_password
from node.web.pages.settings import PATH as SETTINGS
from node.web.pages.settings import settings_page
from node.web.pages.sign_out import AFTERWARDS, FORGET
from node.web.signed_in import read_own_form

PATH: Final = f"{SETTINGS}/account/delete"
PART: Final = "delete-title"
NOT_SURE: Final = Words("page.settings.delete_not_sure")


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The form's answer."""

    async def delete(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, SETTINGS)
        if "sure" not in fields:
            return await settings_page(request, caller, context, part=PART, failure=NOT_SURE)
        right = await own_password(request, caller, fields.get("current", ""), context, part=PART)
        if isinstance(right, web.Response):
            return right
        verdict = await close(
            caller.account,
            end_account.delete(
                caller.account,
                new_id=context.entropy.new_id,
                now=context.now(),
                by=By(caller.actor_uri, "web"),
            ),
        )
        if isinstance(verdict, Refused):
            return await settings_page(request, caller, context, part=PART, failure=verdict.reason)
        response = web.Response(status=303, headers={hdrs.LOCATION: AFTERWARDS} | FORGET)
        take_cookie(response, context.base_url)
        return response

    return (Endpoint("POST", PATH, delete, Scope.ANYONE),)
