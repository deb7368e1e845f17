"""What is signed together fails alone."""

import asyncio

from federation.outbound.signing import SigningDesk, Unsigned
from federation.protocol.errors import LocalProtocolError
from federation.protocol.signature.sign import Scheme, SigningKey
from tests.support.signing import KEY_ID, NOW, rsa_key


def unsigned(url: str) -> Unsigned:
    return Unsigned(url, b"{}", SigningKey(Scheme.CAVAGE, KEY_ID, rsa_key()), NOW)


async def test_a_request_that_cannot_be_signed_does_not_fail_the_others():
    desk = SigningDesk()

    good, bad, other = await asyncio.gather(
        desk.sign(unsigned("https://a.example/inbox")),
        desk.sign(unsigned("ftp://b.example/inbox")),
        desk.sign(unsigned("https://c.example/inbox")),
        return_exceptions=True,
    )

    assert isinstance(bad, LocalProtocolError)
    assert (good["Host"], other["Host"]) == ("a.example", "c.example")


async def test_whoever_hung_up_is_passed_over():
    desk = SigningDesk()
    gone = asyncio.ensure_future(desk.sign(unsigned("https://a.example/inbox")))
    stays = asyncio.ensure_future(desk.sign(unsigned("https://b.example/inbox")))
    await asyncio.sleep(0)

    gone.cancel()

    assert (await stays)["Host"] == "b.example"


async def test_a_failure_of_the_thread_reaches_everybody_who_waits():
    desk = SigningDesk()
    broken = Unsigned("https://a.example/inbox", b"{}", object(), NOW)

    outcomes = await asyncio.gather(
        desk.sign(broken), desk.sign(unsigned("https://b.example/")), return_exceptions=True
    )

    assert [type(outcome) for outcome in outcomes] == [AttributeError, AttributeError]
