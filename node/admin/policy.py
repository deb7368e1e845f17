"""Who runs the node sees every rule, where it stands and how long, and what one would end."""

from typing import Final

from aiohttp import web

from federation.queries.rules_in_force import RuleLine, list_blocks, list_rules
from node.admin.asking import PAGE, address, asked, chosen, cut
from node.admin.context import AdminContext
from node.admin.drawing import draw
from node.admin.staff import require_operator
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller

PATH: Final = "/admin/policy"
# Which rules are asked for, and when one is of them.
EXPIRING, OBSERVING = "expiring", "observing"
SOURCES: Final = ("file", "database", "list", "block")
KINDS: Final = (EXPIRING, OBSERVING, *SOURCES)
NUMBER_DIGITS_MAX: Final = 6


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The page of all rules."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        return await _page(request, caller, context)

    return (Endpoint("GET", PATH, show, Scope.ANYONE),)


async def _page(request: web.Request, caller: Caller, context: AdminContext) -> web.Response:
    text, kind = asked(request, "q").lower(), chosen(request, "kind", KINDS)
    now, written = context.now(), context.written()
    lines = [*await list_rules(written, now), *await list_blocks(now)]
    found = [line for line in lines if _is_of(line, kind) and text in _told(line)]
    begin = _number(asked(request, "from"))
    shown, has_more = cut(found[begin : begin + PAGE + 1])
    more = address(PATH, q=text, kind=kind, **{"from": str(begin + PAGE)})
    return draw(
        request,
        caller,
        context,
        "policy",
        policy=written,
        found=shown,
        text_asked=text,
        kind=kind,
        following=more if has_more else "",
        beginning=address(PATH, q=text, kind=kind) if begin else "",
    )


def _is_of(line: RuleLine, kind: str) -> bool:
    if kind == EXPIRING:
        return line.rule.expires is not None or line.rule.review is not None
    if kind == OBSERVING:
        return line.rule.mode.value == "observe"
    return kind in ("", line.source)


def _told(line: RuleLine) -> str:
    rule = line.rule
    return " ".join((rule.id, rule.owner, rule.public_reason, *line.names)).lower()


def _number(said: str) -> int:
    is_number = said.isascii() and said.isdigit() and len(said) <= NUMBER_DIGITS_MAX
    return int(said) if is_number else 0
