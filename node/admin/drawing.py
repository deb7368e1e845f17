"""Every page of those who run the node stands in the same frame."""

from aiohttp import web

from node.admin.context import AdminContext
from node.admin.staff import OPERATORS
from node.identity.caller import Caller


def draw(
    request: web.Request,
    caller: Caller,
    context: AdminContext,
    part: str,
    *,
    template: str = "",
    status: int = 200,
    failure: object = "",
    notice: object = "",
    **values: object,
) -> web.Response:
    """A page.

    Args:
        request: Asks for it.
        caller: Who sees it.
        context: What pages use.
        part: Where in the frame it belongs.
        template: By which it is drawn, if not by the one of that part.
        status: Of the answer.
        failure: Why a form was not heeded, or "".
        notice: What a form has done, or "".
        values: What the template is told.
    """
    return context.pages.render(
        request,
        template or f"admin_{part}.html",
        status=status,
        csrf=caller.csrf,
        account=caller.account,
        is_operator=caller.role in OPERATORS,
        part=part,
        failure=failure,
        notice=notice,
        **values,
    )
