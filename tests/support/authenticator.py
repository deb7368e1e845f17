"""A telephone with an authenticator, and how somebody sets it up on the pages."""

import base64
import html
import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.support.page_browser import PASSWORD, Browser, Fields, token_in

STEP = timedelta(seconds=30)


class Authenticator:
    """What somebody's telephone does with the address that it is told."""

    def __init__(self, page: str) -> None:
        found = re.search(r"<code>(otpauth://[^<]+)</code>", page)
        assert found
        address = urlsplit(html.unescape(found[1]))
        (secret,) = parse_qs(address.query)["secret"]
        self.secret = base64.b32decode(secret + "=" * (-len(secret) % 8))

    def code(self, at: datetime) -> str:
        # As every authenticator does.
        totp = TOTP(self.secret, 6, SHA1(), 30)  # noqa: S303
        return totp.generate(int(at.timestamp())).decode()


async def begin(browser: Browser, password: str = PASSWORD) -> Authenticator:
    _, page = await browser.get("/settings")
    fields = Fields(csrf=token_in(page), current=password)
    status, _, _ = await browser.post("/settings/second-factor", fields)
    assert status == 303
    return Authenticator((await browser.get("/settings/second-factor"))[1])


async def turn_on(browser: Browser, phone: Authenticator) -> list[str]:
    _, page = await browser.get("/settings/second-factor")
    fields = Fields(csrf=token_in(page), code=phone.code(browser.now))
    status, page, _ = await browser.post("/settings/second-factor/on", fields)
    assert status == 200
    return re.findall(r"<code>([a-z2-7-]+)</code>", page)
