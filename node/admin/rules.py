"""Who runs the node makes a rule, changes it and takes it back, and sees before what that ends."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from aiohttp import web

from federation.commands import change_rules
from federation.commands.rule_change import Changed, Ground
from federation.policy.check import check
from federation.policy.facts import Stage
from federation.policy.problem import Unreadable
from federation.protocol.verdict import Refused
from federation.queries.audit import deeds_about
from federation.queries.rules_in_force import find_written
from node.admin.asking import asked, chosen
from node.admin.context import AdminContext
from node.admin.drawing import draw
from node.admin.policy import PATH
from node.admin.rule_forms import ACTIONS, MODES, STAGES, Mistyped, mark_of, table_in, table_of
from node.admin.staff import deed_of, operator_form, require_operator
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller

NEW: Final = f"{PATH}/new"
ONE: Final = f"{PATH}/rules/{{rule}}"
REASON_MAX: Final = 500
DEEDS_SHOWN: Final = 20
Answer = Changed | Unreadable | Refused | Mistyped
Doing = Callable[[Ground], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says of a form that was sent.

    Attributes:
        fields: As they were typed.
        told: What it would do, or why it cannot be; None where nothing was sent.
        mark: Of the rule that was looked at, "" where it cannot be saved.
        names: The domains of which one has to be typed, since somebody is parted.
    """

    fields: Mapping[str, str]
    told: Answer | None = None
    mark: str = ""
    names: tuple[str, ...] = ()
    is_unsure: bool = False
    notice: object = ""


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The form of a new rule, the page of one, and its forms."""
    return (*_making(context), *_editing(context), *_ending(context))


def _making(context: AdminContext) -> tuple[Endpoint, ...]:
    async def show_new(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        fields = {key: asked(request, key) for key in ("id", "domains", "public_reason")} | {
            "action": chosen(request, "action", ACTIONS) or "reject",
            "stage": chosen(request, "stage", STAGES) or Stage.DOMAIN.word,
        }
        return _new_page(request, caller, context, Shown(fields))

    async def make(request: web.Request) -> web.Response:
        caller, fields = await operator_form(request, context)
        table = table_of(fields)
        if isinstance(table, Mistyped):
            return _new_page(request, caller, context, Shown(fields, table))
        shown = await _tried(fields, table, context, caller, partial(change_rules.add, [table]))
        if isinstance(shown.told, Changed) and shown.notice:
            raise web.HTTPSeeOther(f"{PATH}/rules/{shown.told.rules[0]}")
        return _new_page(request, caller, context, shown)

    return (
        Endpoint("GET", NEW, show_new, Scope.ANYONE),
        Endpoint("POST", NEW, make, Scope.ANYONE),
    )


def _editing(context: AdminContext) -> tuple[Endpoint, ...]:
    async def show(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        return await _page(request, caller, context, Shown({"text": await _text(request)}))

    async def edit(request: web.Request) -> web.Response:
        caller, fields = await operator_form(request, context)
        held, table = table_in(await _text(request)), table_in(fields.get("text", ""))
        if isinstance(table, Mistyped) or isinstance(held, Mistyped):
            told = table if isinstance(table, Mistyped) else None
            return await _page(request, caller, context, Shown(fields, told))
        gone = tuple(held.keys() - table.keys())
        doing = partial(change_rules.edit, request.match_info["rule"], table, gone)
        shown = await _tried(fields, table, context, caller, doing)
        return await _page(request, caller, context, shown)

    return (
        Endpoint("GET", ONE, show, Scope.ANYONE),
        Endpoint("POST", ONE, edit, Scope.ANYONE),
    )


def _ending(context: AdminContext) -> tuple[Endpoint, ...]:
    async def expire(request: web.Request) -> web.Response:
        caller, fields = await operator_form(request, context)
        told = await _expired(request, fields, context.ground(deed_of(caller), dry_run=False))
        is_done = isinstance(told, Changed)
        notice = context.pages.words("page.admin.rule.expires") if is_done else ""
        shown = Shown({"text": await _text(request)}, told, notice=notice)
        return await _page(request, caller, context, shown)

    async def revert(request: web.Request) -> web.Response:
        caller, fields = await operator_form(request, context)
        ground = context.ground(deed_of(caller), dry_run=False)
        reason = fields.get("reason", "").strip()[:REASON_MAX]
        done = await change_rules.revert(request.match_info["rule"], ground, reason=reason)
        if isinstance(done, Changed):
            raise web.HTTPSeeOther(PATH)
        return await _page(request, caller, context, Shown({"text": await _text(request)}, done))

    return (
        Endpoint("POST", f"{ONE}/expire", expire, Scope.ANYONE),
        Endpoint("POST", f"{ONE}/revert", revert, Scope.ANYONE),
    )


async def _expired(request: web.Request, fields: Mapping[str, str], ground: Ground) -> Answer:
    await _text(request)
    written = fields.get("at", "").strip()
    try:
        at = datetime.fromisoformat(written).replace(tzinfo=UTC) if written else ground.now
    except ValueError:
        return Mistyped("That is no day like 2027-01-15.")
    return await change_rules.expire(request.match_info["rule"], at, ground)


async def _text(request: web.Request) -> str:
    text = await find_written(request.match_info["rule"])
    if text is None:
        raise DeclinedError(Problem("not-found"))
    return text


async def _tried(
    fields: Mapping[str, str],
    table: Mapping[str, Any],
    context: AdminContext,
    caller: Caller,
    doing: Doing,
) -> Shown:
    """Save what was looked at before; of anything else say what it would do."""
    by, mark = deed_of(caller), mark_of(table)
    told = await doing(context.ground(by, dry_run=True))
    if not isinstance(told, Changed):
        return Shown(fields, told)
    names = _names(table) if told.parted.removed or told.parted.leaving else ()
    shown = Shown(fields, told, mark, names)
    if fields.get("seen") != mark:
        return shown
    if names and fields.get("sure", "").strip().lower() not in names:
        return replace(shown, is_unsure=True)
    done = await doing(context.ground(by, dry_run=False))
    notice = context.pages.words("page.admin.rule.saved") if isinstance(done, Changed) else ""
    return Shown(fields, done, notice=notice)


def _names(table: Mapping[str, Any]) -> tuple[str, ...]:
    when = table.get("when", {})
    named = when.get("domain", []) if isinstance(when, Mapping) else []
    names = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    return tuple(each.lower() for each in names if isinstance(each, str)) or (str(table["id"]),)


def _new_page(
    request: web.Request, caller: Caller, context: AdminContext, shown: Shown
) -> web.Response:
    return draw(
        request,
        caller,
        context,
        "policy",
        template="admin_rule_new.html",
        stages=STAGES,
        actions=ACTIONS,
        modes=MODES,
        reason_max=REASON_MAX,
        **_told(shown, context),
    )


async def _page(
    request: web.Request, caller: Caller, context: AdminContext, shown: Shown
) -> web.Response:
    name = request.match_info["rule"]
    return draw(
        request,
        caller,
        context,
        "policy",
        template="admin_rule.html",
        name=name,
        reason_max=REASON_MAX,
        deeds_done=await deeds_about(name, "rule.", limit=DEEDS_SHOWN),
        **_told(shown, context),
    )


def _told(shown: Shown, context: AdminContext) -> dict[str, object]:
    failure, status = _why_not(shown.told)
    if shown.is_unsure:
        failure, status = context.pages.words("page.admin.peer.type_it"), 422
    preview = shown.told if isinstance(shown.told, Changed) and not shown.notice else None
    found = () if preview is None else check(preview.policy, context.now())
    return {
        "status": status,
        "failure": failure,
        "notice": shown.notice,
        "fields": shown.fields,
        "preview": preview,
        "warned": [one.reason for one in found if preview and one.rule.id in preview.rules],
        "mark": shown.mark,
        "names": shown.names,
    }


def _why_not(told: Answer | None) -> tuple[object, int]:
    match told:
        case Mistyped():
            return told.why, 422
        case Unreadable():
            return "; ".join(f"{one.subject} {one.reason}" for one in told.problems[:10]), 422
        case Refused():
            return told.reason, told.status
    return "", 200
