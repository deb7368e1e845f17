"""In which scheme a host is asked is what worked there last, or else what its actors advertise.

A host of which nothing is known is asked by draft-cavage, which all of them understand. One that
answers 401 is asked at once in the other scheme, and if that works, it is the host's from then on:
so a scheme that stops working is given up, in both directions. Where neither works, the fault is
elsewhere and nothing is learned.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from federation.protocol.signature.sign import Scheme
from storage import schemes

T = TypeVar("T")

HOSTS_REMEMBERED: Final = 10_000
# After so long, who advertises RFC 9421 and refused it is believed once more.
RETRIED_AFTER: Final = timedelta(days=7)
UNAUTHORIZED: Final = 401
GOOD: Final = range(200, 300)

# What is tried next where a signature was not accepted.
OTHER: Final[Mapping[Scheme, Scheme]] = {
    Scheme.CAVAGE: Scheme.RFC_9421,
    Scheme.RFC_9421: Scheme.CAVAGE,
    Scheme.RFC_9421_ED25519: Scheme.CAVAGE,
}
_BY_WORD: Final = {scheme.value: scheme for scheme in Scheme}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a host, None for nothing, and since when this process has known it."""

    scheme: Scheme | None
    since: datetime


class Schemes:
    """The scheme of each host, from memory, else from its `peer` row."""

    def __init__(self, clock: Callable[[], datetime], *, hosts_max: int = HOSTS_REMEMBERED) -> None:
        self._clock = clock
        self._hosts_max = hosts_max
        self._held: OrderedDict[str, _Known] = OrderedDict()

    async def of(self, host: str) -> Scheme:
        """In which scheme to sign for this host."""
        return (await self._known(host)).scheme or Scheme.CAVAGE

    async def advertised(self, host: str, scheme: Scheme) -> None:
        """An actor of this host says what its server takes; what it refused lately outweighs it."""
        known = await self._known(host)
        is_old = self._clock() - known.since >= RETRIED_AFTER
        has_refused = known.scheme is Scheme.CAVAGE and not is_old
        if not has_refused and known.scheme not in {scheme, Scheme.RFC_9421_ED25519}:
            await self._learn(host, scheme)

    async def knock(
        self, host: str, ask: Callable[[Scheme], Awaitable[T]], status_of: Callable[[T], int]
    ) -> T:
        """Ask a host in its scheme; if that is answered 401, at once in the other one.

        Args:
            host: Who is asked.
            ask: Signs and sends.
            status_of: Of what came; 0 if nothing did.
        """
        scheme = await self.of(host)
        first = await ask(scheme)
        if status_of(first) != UNAUTHORIZED:
            return first
        again = await ask(OTHER[scheme])
        if status_of(again) in GOOD:
            await self._learn(host, OTHER[scheme])
        return again

    async def _known(self, host: str) -> _Known:
        if host not in self._held:
            stored = _BY_WORD.get(await schemes.find_scheme(host))
            if host not in self._held:  # somebody may have learned more meanwhile
                self._keep(host, stored)
        self._held.move_to_end(host)
        return self._held[host]

    async def _learn(self, host: str, scheme: Scheme) -> None:
        self._keep(host, scheme)
        await schemes.learn(host, scheme.value, self._clock())

    def _keep(self, host: str, scheme: Scheme | None) -> None:
        self._held[host] = _Known(scheme, self._clock())
        if len(self._held) > self._hosts_max:
            self._held.popitem(last=False)
