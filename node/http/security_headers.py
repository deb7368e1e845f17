"""Every answer tells the browser what it must not do with it (security.md 9)."""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import hdrs, web


def page_policy(form_target: str = "") -> str:
    """What a page may do.

    Args:
        form_target: A source of the policy's own grammar: where a form of it leads in the end.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            f"form-action 'self' {form_target}".rstrip(),
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types covey",
        )
    )


PAGE_POLICY: Final = page_policy()
DOCUMENT_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
# Which release this is concerns nobody who asks.
SERVER: Final = "Covey"
HSTS: Final = "max-age=31536000"

ALWAYS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)

Signal = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


def polish(response: web.StreamResponse, *, is_https: bool) -> None:
    """Add what every answer says."""
    headers = response.headers
    headers[hdrs.SERVER] = SERVER
    for name, value in ALWAYS:
        headers.setdefault(name, value)
    is_page = response.content_type == "text/html"
    headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else DOCUMENT_POLICY)
    if is_https:
        headers.setdefault("Strict-Transport-Security", HSTS)


def security_headers(*, is_https: bool) -> Signal:
    """A signal for `on_response_prepare`."""

    async def add(_: web.Request, response: web.StreamResponse) -> None:
        polish(response, is_https=is_https)

    return add
