"""A person sees whom they have blocked and muted, ends that, and takes the lists along."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from federation.commands.hush import end_block, end_mute, unblock_host
from federation.content.people_csv import BYTES_MAX, ROWS_MAX, write_blocks, write_mutes
from federation.protocol.verdict import Refused
from federation.queries.people import list_blocks, list_host_blocks, list_mutes
from federation.queries.views import PersonView
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller
from node.web.context import PageContext
from node.web.forms import read_form_with_file
from node.web.languages import Words
from node.web.pages.settings import PATH as SETTINGS
from node.web.signed_in import read_own_form, require_caller

PATH: Final = f"{SETTINGS}/blocks"
# Whoever has blocked more people sees the others once these are fewer.
SHOWN_MAX: Final = 200
DIGITS_MAX: Final = 9


@dataclass(frozen=True, slots=True)
class List:
    """One of the two lists: its name in addresses, how it is read, written and ended."""

    name: str
    people: Callable[..., Awaitable[tuple[tuple[PersonView, ...], int | None]]]
    write: Callable[[list[str]], str]
    end: Callable[[str, str], Awaitable[object]]


LISTS: Final = (
    List("blocks", list_blocks, write_blocks, end_block),
    List("mutes", list_mutes, write_mutes, end_mute),
)


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The page, and for each list the forms that end one entry and bring a file, and the file."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_caller(request, context, PATH)
        return await _page(request, caller, context)

    async def end_host(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, PATH)
        await unblock_host(caller.actor_uri, fields.get("host", ""))
        raise web.HTTPSeeOther(PATH)

    own = [endpoint for each in LISTS for endpoint in _of_list(each, context)]
    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/hosts/end", end_host, Scope.ANYONE),
        *own,
    )


def _of_list(chosen: List, context: PageContext) -> tuple[Endpoint, ...]:
    base = f"{SETTINGS}/{chosen.name}"

    async def end(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, PATH)
        await chosen.end(caller.actor_uri, fields.get("person", ""))
        raise web.HTTPSeeOther(PATH)

    async def export(request: web.Request) -> web.Response:
        caller = await require_caller(request, context, PATH)
        people, _ = await chosen.people(caller.actor_uri, limit=ROWS_MAX)
        name = f'attachment; filename="{chosen.name}.csv"'
        return web.Response(
            text=chosen.write([one.acct for one in people]),
            content_type="text/csv",
            headers={"Content-Disposition": name, "Cache-Control": "no-store"},
        )

    async def bring(request: web.Request) -> web.Response:
        caller = await require_caller(request, context, PATH)
        form = await read_form_with_file(
            request, context.base_url, caller.csrf, field="file", limit_bytes=BYTES_MAX
        )
        done = await context.bring_list(caller.actor_uri, chosen.name, form.data)
        if isinstance(done, Refused):
            return await _page(request, caller, context, failure=done.reason)
        raise web.HTTPSeeOther(f"{PATH}?taken={done.taken}&left={done.left}")

    return (
        Endpoint("POST", f"{base}/end", end, Scope.ANYONE),
        Endpoint("GET", f"{base}.csv", export, Scope.ANYONE),
        Endpoint("POST", f"{base}/import", bring, Scope.ANYONE),
    )


async def _page(
    request: web.Request,
    caller: Caller,
    context: PageContext,
    *,
    failure: str = "",
) -> web.Response:
    blocked, _ = await list_blocks(caller.actor_uri, limit=SHOWN_MAX)
    muted, _ = await list_mutes(caller.actor_uri, limit=SHOWN_MAX)
    hosts, _ = await list_host_blocks(caller.actor_uri, limit=SHOWN_MAX)
    return context.render(
        request,
        "blocks.html",
        status=422 if failure else 200,
        csrf=caller.csrf,
        blocked=blocked,
        muted=muted,
        hosts=hosts,
        failure=failure,
        notices=() if failure else _notices(request.query),
    )


def _notices(query: Mapping[str, str]) -> tuple[Words, ...]:
    """What a file has brought, as its form leads back with it."""
    taken, left = _number(query.get("taken")), _number(query.get("left"))
    if taken is None:
        return ()
    return (
        Words("page.blocks.taken", {"n": taken}),
        *((Words("page.blocks.left", {"n": left}),) if left else ()),
    )


def _number(text: str | None) -> int | None:
    is_one = text is not None and text.isascii() and text.isdecimal() and len(text) <= DIGITS_MAX
    return int(text) if text is not None and is_one else None
