"""Who runs the node is told what rules make of something, and what they made of it once."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from federation.policy.chain import ALL_STAGES, judge
from federation.policy.decision import Decision
from federation.policy.domains import read_domain
from federation.policy.explain import Explained, explain, if_enforced, in_words
from federation.policy.expressions import Wrong
from federation.policy.facts import Facts, Value
from federation.policy.told import facts_of, read_fact
from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.parse import parse_activity
from federation.protocol.uri import host_of
from federation.protocol.verdict import Refused
from federation.queries.decided import list_decided
from node.admin.asking import TEXT_MAX
from node.admin.context import AdminContext
from node.admin.drawing import draw
from node.admin.policy import PATH as POLICY
from node.admin.staff import operator_form, require_operator
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller

PATH: Final = f"{POLICY}/explain"
ID_MAX: Final = 2048


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The form, and its answer; nothing of what is pasted is kept."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        recorded = request.query.get("recorded", "").strip()[:ID_MAX]
        return await _page(request, caller, context, {"recorded": recorded})

    async def ask(request: web.Request) -> web.Response:
        caller, fields = await operator_form(request, context)
        return await _page(request, caller, context, fields)

    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", PATH, ask, Scope.ANYONE),
    )


async def _page(
    request: web.Request, caller: Caller, context: AdminContext, fields: Mapping[str, str]
) -> web.Response:
    recorded = fields.get("recorded", "").strip()
    decided = await list_decided(recorded) if recorded else []
    known = _known(fields, context)
    failure = known if isinstance(known, str) else ""
    judged = _judged(known, context) if isinstance(known, dict) else None
    return draw(
        request,
        caller,
        context,
        "policy",
        template="admin_explain.html",
        status=422 if failure else 200,
        failure=failure,
        fields=fields,
        recorded=recorded,
        decided=decided,
        judged=judged,
        text_max=TEXT_MAX,
    )


def _known(fields: Mapping[str, str], context: AdminContext) -> dict[str, Value] | str | None:
    """The facts that the form tells, why there are none, or None where nothing was asked."""
    activity, about = fields.get("activity", "").strip(), fields.get("about", "").strip()
    if not activity and not about:
        return None
    try:
        if activity:
            parsed = parse_activity(strict_json.loads(activity.encode()))
            known = dict(facts_of(parsed, context.now()))
        else:
            known = _of_whom(about)
    except RemoteProtocolError as error:
        return str(error)
    for line in filter(None, map(str.strip, fields.get("facts", "").splitlines())):
        read = read_fact(line)
        if isinstance(read, Wrong):
            return read.reason
        known[read[0]] = read[1]
    return known


def _of_whom(about: str) -> dict[str, Value]:
    """What is known of a domain, or of somebody by their id or handle.

    Raises:
        RemoteProtocolError: It is neither.
    """
    name = host_of(about) if "://" in about else about.rpartition("@")[2]
    host = read_domain(name)
    if isinstance(host, Refused):
        raise RemoteProtocolError(host.reason)
    known: dict[str, Value] = {"domain": host}
    return known | {"actor": (about,)} if about != name else known


def _judged(known: dict[str, Value], context: AdminContext) -> Mapping[str, object]:
    chain = context.rules().chain
    facts = Facts(context.now(), known)
    decision, would = judge(chain, facts), if_enforced(chain, facts, ALL_STAGES)
    tried: tuple[Explained, ...] = explain(chain, facts, ALL_STAGES)
    return {
        "result": _in_short(decision),
        "would": _in_short(would) if _in_short(would) != _in_short(decision) else "",
        "facts": [(key, in_words(key, value)) for key, value in sorted(known.items())],
        "tried": tried,
    }


def _in_short(decision: Decision) -> str:
    rule = f", {decision.rule.id}" if decision.rule is not None else ""
    return f"{decision.action}: {decision.because}{rule}"
