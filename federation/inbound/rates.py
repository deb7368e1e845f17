"""How much others may send: an address before it is known who signed, a domain afterwards.

Source: security.md 2.1 steps 1 and 8, and 11
"""

import logging
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.inbound.meter import UNKNOWN_MAX, Meter, Rate, Suspects
from federation.protocol.domain import registrable_domain
from storage import acquaintance

log = logging.getLogger(__name__)

HOSTS_REMEMBERED: Final = 10_000
KNOWN_FRESH_FOR: Final = timedelta(seconds=60)
# Before somebody is told to wait it is asked again: they may have become known.
STRANGE_FRESH_FOR: Final = timedelta(seconds=1)
NEW_FOR: Final = timedelta(hours=24)

# How long each rate may be exceeded: in seconds of its own.
ADDRESS_BURST_S: Final = 1
STRANGER_BURST_S: Final = 10
PEER_BURST_S: Final = 5
# Who was first seen within a day has a fifth of a stranger's rate.
NEWCOMER_SHARE: Final = 5
# How often it is said of an address that it sends too much.
SAY_AGAIN_AFTER_S: Final = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests a second.

    Attributes:
        address: From one address, before anybody looks at a signature.
        failure: From an address of which a hundred signatures failed within ten seconds, or a
            thousand could not be checked.
        stranger: From a domain with which nobody here shares a conversation or a follow.
        peer: From any other domain.
    """

    address: int = 5_000
    failure: int = 10
    stranger: int = 50
    peer: int = 2_000


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a host is to the people here, as it was at a moment."""

    asked_at: datetime
    meter: Meter


class Rates:
    """Counts requests, in memory: a restart forgives.

    Known peers and strangers of one domain are counted apart, or strangers could use up what its
    known host may send.

    Args:
        limits: The rates.
        ticks: Seconds that never go back.
    """

    def __init__(self, limits: Limits, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._addresses = Meter(Rate(limits.address, limits.address * ADDRESS_BURST_S))
        self._suspicious = Meter(Rate(limits.failure, limits.failure))
        self._suspects = Suspects()
        self._unchecked = Suspects(UNKNOWN_MAX)
        self._said = Meter(Rate(1 / SAY_AGAIN_AFTER_S, 1))
        newcomer = max(1, limits.stranger // NEWCOMER_SHARE)
        self._newcomers = Meter(Rate(newcomer, newcomer * STRANGER_BURST_S))
        self._strangers = Meter(Rate(limits.stranger, limits.stranger * STRANGER_BURST_S))
        self._peers = Meter(Rate(limits.peer, limits.peer * PEER_BURST_S))
        self._hosts: OrderedDict[str, _Standing] = OrderedDict()

    def address_wait_s(self, address: str) -> int:
        """Count a request from an address: 0, or in how many seconds it may come.

        Args:
            address: An IPv4 address or an IPv6 /64; "" for one that stands for many.
        """
        if not address:
            return 0
        now_s = self._ticks()
        is_suspect = any(
            them.is_suspect(address, now_s) for them in (self._suspects, self._unchecked)
        )
        meter = self._suspicious if is_suspect else self._addresses
        wait_s = math.ceil(meter.wait_s(address, now_s))
        if wait_s and not self._said.wait_s(address, now_s):
            log.warning(
                "An address sends too much",
                extra={"action": "address.refused", "client": address, "is_suspect": is_suspect},
            )
        return wait_s

    def failed(self, address: str) -> None:
        """A signature from this address did not hold."""
        if address:
            self._suspects.failed(address, self._ticks())

    def unchecked(self, address: str) -> None:
        """Nobody could say now whether a signature from this address holds.

        An honest server whose keys cannot be had says much that nobody can check, so it may be ten
        times as much; but who names keys that nobody ever gets must not be heard for ever.
        """
        if address:
            self._unchecked.failed(address, self._ticks())

    async def host_wait_s(self, host: str, now: datetime) -> int:
        """Count an activity from the host of its signer: 0, or in how many seconds it may come."""
        standing = await self._standing(host, now, fresh_for=KNOWN_FRESH_FOR)
        wait_s = standing.meter.wait_s(registrable_domain(host), self._ticks())
        if wait_s and standing.meter is not self._peers:
            standing = await self._standing(host, now, fresh_for=STRANGE_FRESH_FOR)
            wait_s = standing.meter.wait_s(registrable_domain(host), self._ticks())
        return math.ceil(wait_s)

    async def _standing(self, host: str, now: datetime, *, fresh_for: timedelta) -> _Standing:
        standing = self._hosts.get(host)
        if standing is not None and now - standing.asked_at < fresh_for:
            return standing
        if standing is not None:
            # PERF: one asks, and what arrives meanwhile goes by what was known.
            self._hosts[host] = _Standing(now, standing.meter)
        standing = _Standing(now, await self._meter_of(host, now))
        self._hosts[host] = standing
        self._hosts.move_to_end(host)
        if len(self._hosts) > HOSTS_REMEMBERED:
            self._hosts.popitem(last=False)
        return standing

    async def _meter_of(self, host: str, now: datetime) -> Meter:
        if await acquaintance.is_known(host):
            return self._peers
        since = await acquaintance.first_seen(host)
        is_new = since is None or now - since < NEW_FOR
        return self._newcomers if is_new else self._strangers
