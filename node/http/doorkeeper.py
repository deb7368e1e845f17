"""What rules turn away by address, path and headers gets an answer before anything is read.

The buckets of addresses are in the memory of each process: addresses are not written down.

Source: policy.md 2
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from federation.policy.buckets import Level
from federation.policy.connection import Opened, facts_of_request, judge_request
from federation.policy.disclosure import disclosed
from federation.policy.domains import Rules
from federation.policy.facts import Stage
from federation.policy.rule import Action, Mode
from node.http.client_address import PROXIES, UNKNOWN, client_address, is_one_of, neighbourhood
from node.http.problem import Problem

log = logging.getLogger(__name__)

REMEMBERED: Final = 50_000
RETRY_S: Final = 60
# What a rule that fails gives: nothing is held here, so the client comes again.
NOT_NOW: Final = frozenset({Action.HOLD, Action.REQUEST})


class Doorkeeper:
    """Judges requests by the rules of the stage `connection`.

    Args:
        rules: As they were last read.
        now: The clock.
        count: Counts what is decided.
    """

    def __init__(
        self,
        rules: Callable[[], Rules],
        now: Callable[[], datetime],
        count: Callable[[str], None],
    ) -> None:
        self._rules, self._now, self._count = rules, now, count
        # By address and rule, what was used last at the end.
        self._held: OrderedDict[tuple[str, str], Level] = OrderedDict()

    def judge(self, request: web.Request) -> web.Response | None:
        """The answer to a request that is turned away, or None."""
        rules = self._rules()
        # PERF: most nodes have no such rule.
        if not rules.doors.is_anything:
            return None
        address = _address(request)
        opened = self._opened(rules, request, address)
        self._remember(neighbourhood(address) if address else "", opened)
        decision = opened.decision
        self._tell(opened)
        if decision.action is Action.ACCEPT:
            return None
        if decision.action is Action.DROP:
            return web.Response(status=202)
        if decision.action is Action.LIMIT:
            return Problem("too-many-requests", retry_after_s=opened.wait_s).response()
        if decision.action in NOT_NOW or decision.rule is None:
            return Problem("unavailable", retry_after_s=RETRY_S).response()
        rule = decision.rule
        told = disclosed(rules.chain.policy, rule.category, rule.public_reason)
        more = {"category": told.category} if told.category else {}
        return Problem("refused", told.reason, more=more).response()

    def _opened(self, rules: Rules, request: web.Request, address: str) -> Opened:
        owner = neighbourhood(address) if address else ""
        held = {
            rule: level
            for rule in rules.doors.limits
            if (level := self._held.get((owner, rule))) is not None
        }
        known = facts_of_request(
            address=address,
            path=request.raw_path.partition("?")[0],
            headers=((name.lower(), value) for name, value in request.headers.items()),
            size=request.content_length,
        )
        return judge_request(rules.chain, rules.doors, known, held, self._now())

    def _remember(self, owner: str, opened: Opened) -> None:
        for rule, level in opened.levels.items():
            self._held[owner, rule] = level
            self._held.move_to_end((owner, rule))
        while len(self._held) > REMEMBERED:
            self._held.popitem(last=False)

    def _tell(self, opened: Opened) -> None:
        decision, stage = opened.decision, Stage.CONNECTION.word
        if decision.failed:
            log.warning(
                "rules failed",
                extra={"action": "policy.rule_failed", "rules": ", ".join(decision.failed)},
            )
        if decision.action is not Action.ACCEPT:
            self._count(f"{stage} {decision.action} {Mode.ENFORCE.value}")
        for rule in decision.observed:
            self._count(f"{stage} {rule.action or Action.ACCEPT} {Mode.OBSERVE.value}")


def doorkeeping(keeper: Doorkeeper, anywhere: Collection[str]) -> Middleware:
    """Ask the doorkeeper about every request.

    Args:
        keeper: Who is asked.
        anywhere: Paths that are answered whatever rules say, as those of the node's own health.
    """

    @web.middleware
    async def with_doorkeeper(request: web.Request, handler: Handler) -> web.StreamResponse:
        turned_away = None if request.raw_path in anywhere else keeper.judge(request)
        return turned_away if turned_away is not None else await handler(request)

    return with_doorkeeper


def _address(request: web.Request) -> str:
    """The client's address; "" where a proxy does not say for whom it speaks."""
    trusted = request.app.get(PROXIES, ())
    address = client_address(request, trusted)
    return "" if address == UNKNOWN or is_one_of(address, trusted) else address
