"""Every answer tells the browser what it must not do with it."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from node.http.security_headers import security_headers
from tests.unit.node.conftest import Ask


async def test_a_page_may_run_only_our_own_scripts(ask: Ask) -> None:
    policy = (await ask("/page")).headers["content-security-policy"]

    for part in (
        "default-src 'none'",
        "script-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types covey",
    ):
        assert part in policy.split("; ")
    assert "unsafe" not in policy


async def test_what_is_no_page_may_run_nothing(ask: Ask) -> None:
    answer = await ask("/echo", method="POST", body=b"<script>")

    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize("host", ["alpha.test", "beta.test"])
async def test_errors_are_guarded_like_everything_else(ask: Ask, host: str) -> None:
    headers = (await ask("/page", hosts=(host,))).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["strict-transport-security"] == "max-age=31536000"


async def test_without_tls_a_browser_is_not_told_to_demand_it() -> None:
    response = web.Response()

    await security_headers(is_https=False)(make_mocked_request("GET", "/"), response)

    assert "Strict-Transport-Security" not in response.headers
