"""The cookie is bound to this host over TLS, and plain only in development."""

from aiohttp import web

from node.identity.sessions import cookie_name, give_cookie, take_cookie


def given(base_url: str) -> str:
    response = web.Response()
    give_cookie(response, "secret", base_url)
    return response.cookies.output()


def test_over_tls_the_cookie_belongs_to_the_host() -> None:
    cookie = given("https://alpha.test")

    assert "__Host-covey=secret" in cookie
    for attribute in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_in_development_the_cookie_needs_no_tls() -> None:
    cookie = given("http://localhost:8420")

    assert cookie_name("http://localhost:8420") == "covey"
    assert "HttpOnly" in cookie
    assert "Secure" not in cookie


def test_signing_out_takes_the_cookie_with_the_same_attributes() -> None:
    response = web.Response()

    take_cookie(response, "https://alpha.test")

    cookie = response.cookies.output()
    assert "__Host-covey=" in cookie
    assert "Secure" in cookie
    assert "Max-Age=0" in cookie
