"""What is fetched on another server's account is limited, so that nobody sends us to a victim.

Asking an owner's own servers is on nobody's account: that is held by what is asked at once, and by
how many of them are new within an hour.

Source: security.md 6.8
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from federation.protocol.domain import registrable_domain
from storage import acquaintance

FETCHES_MAX: Final = 100
OWNERS_MAX: Final = 200
NEW_HOSTS_MAX: Final = 200
HOUR: Final = timedelta(hours=1)
DOMAINS_REMEMBERED: Final = 4096


@dataclass(slots=True)
class Account:
    """One errand on behalf of a domain.

    Attributes:
        fetches: How often somebody else's servers were asked.
    """

    domain: str
    fetches: int = 0


@dataclass(slots=True)
class _Hour:
    """What was asked on behalf of one domain, or below it.

    Attributes:
        new: How many of the names count against a limit.
    """

    ends: datetime
    names: set[str] = field(default_factory=set)
    new: int = 0


class _Hours:
    """The hour that runs for each domain; bounded, the oldest are forgotten."""

    def __init__(self) -> None:
        self._running: OrderedDict[str, _Hour] = OrderedDict()

    def of(self, domain: str, now: datetime) -> _Hour:
        hour = self._running.pop(domain, None)
        if hour is None or not timedelta(0) < hour.ends - now <= HOUR:
            hour = _Hour(now + HOUR)
        self._running[domain] = hour
        if len(self._running) > DOMAINS_REMEMBERED:
            self._running.popitem(last=False)
        return hour


_ACCOUNT: Final[ContextVar[Account | None]] = ContextVar("account", default=None)


@contextmanager
def on_account_of(domain: str) -> Iterator[None]:
    """Count what is fetched inside this block for a domain, "" for our own."""
    token = _ACCOUNT.set(Account(domain) if domain else None)
    try:
        yield
    finally:
        _ACCOUNT.reset(token)


class Allowances:
    """Remembers which owners' servers were asked for whom within the hour."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._hours = _Hours()

    def may_ask(self, host: str) -> bool:
        """Whether a host may be asked on the account that is open, which is charged."""
        account, owner = _ACCOUNT.get(), registrable_domain(host)
        if account is None or owner == account.domain:
            return True
        hour = self._hours.of(account.domain, self._clock())
        is_known = owner in hour.names
        if account.fetches >= FETCHES_MAX or (not is_known and len(hour.names) >= OWNERS_MAX):
            return False
        account.fetches += 1
        hour.names.add(owner)
        return True


class Newcomers:
    """Remembers how many hosts below a domain were asked for the first time within the hour.

    SECURITY: a name costs its owner nothing, so who may be asked is counted for each domain that
    somebody has registered; tests/remote/test_newcomers.py.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._hours = _Hours()

    async def wait_s(self, host: str) -> int:
        """Count a host that is to be asked: 0, or in how many seconds it may be."""
        domain = registrable_domain(host)
        if host in self._hours.of(domain, self._clock()).names:
            return 0
        is_known = await acquaintance.first_seen(host) is not None
        hour = self._hours.of(domain, self._clock())
        if not is_known and hour.new >= NEW_HOSTS_MAX:
            return max(1, int((hour.ends - self._clock()).total_seconds()))
        if not is_known and host not in hour.names:
            hour.new += 1
        hour.names.add(host)
        return 0
