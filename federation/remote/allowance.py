"""What is fetched on another server's account is limited, so that nobody sends us to a victim.

Asking an owner's own servers is on nobody's account: that is held by what is asked at once.

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

FETCHES_MAX: Final = 100
OWNERS_MAX: Final = 200
HOUR: Final = timedelta(hours=1)
ACCOUNTS_REMEMBERED: Final = 4096


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
    began: datetime
    owners: set[str] = field(default_factory=set)


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
        self._hours: OrderedDict[str, _Hour] = OrderedDict()

    def may_ask(self, host: str) -> bool:
        """Whether a host may be asked on the account that is open, which is charged."""
        account, owner = _ACCOUNT.get(), registrable_domain(host)
        if account is None or owner == account.domain:
            return True
        hour = self._hour(account.domain)
        is_known = owner in hour.owners
        if account.fetches >= FETCHES_MAX or (not is_known and len(hour.owners) >= OWNERS_MAX):
            return False
        account.fetches += 1
        hour.owners.add(owner)
        return True

    def _hour(self, domain: str) -> _Hour:
        now = self._clock()
        hour = self._hours.pop(domain, None)
        if hour is None or not timedelta(0) <= now - hour.began < HOUR:
            hour = _Hour(now)
        self._hours[domain] = hour
        if len(self._hours) > ACCOUNTS_REMEMBERED:
            self._hours.popitem(last=False)
        return hour
