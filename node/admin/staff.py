"""Only who runs or moderates the node gets past here, with each request and each form."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from federation.commands.deeds import By, by_page
from node.admin.context import AdminContext
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.identity.caller import Caller

OPERATORS: Final = frozenset({"admin", "owner"})
STAFF: Final = OPERATORS | {"moderator"}

NOT_OPERATORS: Final = Problem("forbidden", "This is for the people who run this node.")
NOT_STAFF: Final = Problem("forbidden", "This is for the people who moderate this node.")


async def require_operator(request: web.Request, context: AdminContext) -> Caller:
    """Who is signed in and runs the node.

    Raises:
        HTTPSeeOther: Nobody is signed in.
        DeclinedError: They do not run it.
    """
    return await _required(request, context, OPERATORS, NOT_OPERATORS)


async def require_staff(request: web.Request, context: AdminContext) -> Caller:
    """Who is signed in and runs or moderates the node; raises as `require_operator`."""
    return await _required(request, context, STAFF, NOT_STAFF)


async def operator_form(
    request: web.Request, context: AdminContext
) -> tuple[Caller, Mapping[str, str]]:
    """Who runs the node, and the fields of the form that they sent from our page.

    Raises:
        HTTPSeeOther: Nobody is signed in.
        DeclinedError: They do not run it, or the form is not from our page.
    """
    caller = await require_operator(request, context)
    return caller, await context.pages.read_form(request, caller.csrf)


async def staff_form(
    request: web.Request, context: AdminContext
) -> tuple[Caller, Mapping[str, str]]:
    """As `operator_form`, for who moderates the node too."""
    caller = await require_staff(request, context)
    return caller, await context.pages.read_form(request, caller.csrf)


def deed_of(caller: Caller) -> By:
    """Who does something on a page, for the audit log."""
    return by_page(caller.actor_uri)


async def _required(
    request: web.Request, context: AdminContext, roles: frozenset[str], otherwise: Problem
) -> Caller:
    caller = await context.pages.require_caller(request, request.path)
    # SECURITY: with each request, since a role may have ended; tests/admin/test_who_may.py.
    if caller.role not in roles:
        raise DeclinedError(otherwise)
    return caller
