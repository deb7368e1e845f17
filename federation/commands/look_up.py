"""A person's client reads a document of another server, which answers as it would that person.

SECURITY: the request goes by the guarded client, signed as the person. What comes is a document at
its own id, or nothing; our rules apply, and nobody has more than so many read in a minute.
tests/activitypub_api/test_proxy_url.py.

Source: ActivityPub 4.1, `proxyUrl`; clients.md 10.4
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, assert_never

from federation.commands.desk import Desk
from federation.commands.pace import Pace
from federation.policy.domains import judge_host
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import canonical, host_of, without_fragment
from federation.protocol.verdict import Refused
from federation.remote.objects import Away, Fetched, Found, NotThere, Unusable

LOOKS_MAX: Final = 60
LOOKS_WITHIN: Final = timedelta(minutes=1)

NO_ID: Final = Refused("It is not the URL of a document.", 400)
OUR_OWN: Final = Refused("A document of this server is read at its own address.", 400)
TOO_MANY: Final = Refused("Please wait before reading more.", 429, retry_after_s=60)
NOTHING: Final = Refused("There is nothing, or nothing for you.", 404)
GONE: Final = Refused("It is gone.", 410)
NO_USE: Final = Refused("That server gave no usable answer.", 502)
AWAY: Final = Refused("That server cannot be reached now.", 503)


class Lookups:
    """Reads documents for the people of this node, for each of them not too often."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._desk = desk
        self._pace = Pace(clock, LOOKS_MAX, LOOKS_WITHIN)

    async def read(self, person: str, url: str) -> str | Refused:
        """The JSON of a document, as it came."""
        named = self._judge(url)
        if isinstance(named, Refused):
            return named
        if not self._pace.may(person):
            return TOO_MANY
        return _answer(await self._desk.directory.fetcher.fetch_object(named, as_signer=person))

    def _judge(self, url: str) -> str | Refused:
        """The canonical URL of a document that a person may ask for."""
        allow_http = self._desk.directory.fetcher.allow_http
        try:
            named = without_fragment(canonical(url, allow_http=allow_http))
        except RemoteProtocolError:
            return NO_ID
        if self._desk.space.is_ours(named):
            return OUR_OWN
        verdict = judge_host(self._desk.rules(), host_of(named))
        return Refused(verdict.reason, 403) if isinstance(verdict, Refused) else named


def _answer(found: Found) -> str | Refused:
    match found:
        case Fetched():
            return found.text
        case NotThere():
            return GONE if found.is_gone else NOTHING
        case Unusable():
            return NO_USE
        case Away():
            return AWAY
        case _:
            assert_never(found)
