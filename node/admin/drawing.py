"""Every page of those who run the node stands in the same frame."""

from aiohttp import web

from node.admin.context import AdminContext
from node.admin.staff import OPERATORS
from node.identity.caller import Caller


def draw(
    request: web.Request, caller: Caller, context: AdminContext, part: str, **values: object
) -> web.Response:
    """A page.

    Args:
        request: Asks for it.
        caller: Who sees it.
        context: What pages use.
        part: Where in the frame it belongs.
        values: What the template is told. `template` names another one than that of the part,
            `status` is the answer's; `failure` says why a form was not heeded, `notice` what it
            has done.
    """
    frame: dict[str, object] = {
        "template": f"admin_{part}.html",
        "failure": "",
        "notice": "",
        "csrf": caller.csrf,
        "account": caller.account,
        "is_operator": caller.role in OPERATORS,
        "part": part,
    }
    return context.pages.render(request, **frame | values)
