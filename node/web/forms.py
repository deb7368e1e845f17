"""A form counts only when it comes from a page that this node gave to the same browser.

Before anybody is signed in the browser holds a random cookie, and the form repeats it. A signed-in
browser repeats its session's own token.

The pages send no referrer, so browsers write `Origin: null` into their forms. `Sec-Fetch-Site` then
says where the form was; browsers leave it out only where there is no TLS, which is development.
"""

import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import hdrs, web

from node.entropy import Entropy
from node.http.errors import DeclinedError
from node.http.forms import FORM, FileForm, read_file_form
from node.http.limits import read_body
from node.http.problem import Problem

FIELD: Final = "csrf"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
FORM_BYTES: Final = 16 * 1024
FIELDS_MAX: Final = 20
SECURE_NAME: Final = "__Host-covey-form"
PLAIN_NAME: Final = "covey-form"
SITE: Final = "Sec-Fetch-Site"
FOREIGN: Final = Problem("forbidden", "This form is too old, or not from this node. Try again.")


def form_token(request: web.Request, entropy: Entropy, base_url: str) -> str:
    """The token a form carries for a browser that is not signed in; the one it has, if any."""
    return request.cookies.get(_cookie_name(base_url)) or entropy.token()


def keep_form_token(response: web.StreamResponse, token: str, base_url: str) -> None:
    """Let the browser hold what its form will repeat."""
    response.set_cookie(
        _cookie_name(base_url),
        token,
        path="/",
        secure=base_url.startswith("https://"),
        httponly=True,
        samesite="Strict",
    )


async def read_open_form(request: web.Request, base_url: str) -> Mapping[str, str]:
    """The fields of a form sent by somebody who is not signed in.

    Raises:
        DeclinedError: Not from our page (403), no form (415), too large (413), too slow (408).
    """
    return await read_form(request, base_url, request.cookies.get(_cookie_name(base_url), ""))


async def read_form(request: web.Request, base_url: str, token: str) -> Mapping[str, str]:
    """The fields of a form whose token must be this one.

    Raises:
        DeclinedError: As `read_open_form`.
    """
    # SECURITY: both checks; tests/web/test_forms.py leaves out each.
    if not _is_from_here(request, base_url):
        raise DeclinedError(FOREIGN)
    if request.content_type != FORM_TYPE:
        raise DeclinedError(Problem("unsupported-media-type", "This address takes a form."))
    fields = _parsed(await read_body(request, FORM_BYTES))
    _check_token(fields, token)
    return fields


async def read_form_with_file(
    request: web.Request, base_url: str, token: str, *, field: str, limit_bytes: int
) -> FileForm:
    """A form with a file in this field, whose token must be this one.

    Raises:
        DeclinedError: As `read_form`, or there is no such field (422).
    """
    # SECURITY: as in `read_form`; tests/web/test_own_picture.py leaves out each.
    if not _is_from_here(request, base_url) or request.content_type != FORM:
        raise DeclinedError(FOREIGN)
    form = await read_file_form(request, field=field, limit_bytes=limit_bytes)
    _check_token(form.texts, token)
    return form


def _check_token(fields: Mapping[str, str], token: str) -> None:
    if not token or not hmac.compare_digest(fields.get(FIELD, "").encode(), token.encode()):
        raise DeclinedError(FOREIGN)


def _is_from_here(request: web.Request, base_url: str) -> bool:
    origins = request.headers.getall(hdrs.ORIGIN, [])
    if origins == [base_url]:
        return True
    sites = request.headers.getall(SITE, [])
    is_silent = not sites and origins == ["null"] and base_url.startswith("http://")
    return is_silent or (origins in ([], ["null"]) and sites == ["same-origin"])


def _parsed(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
    except ValueError as error:
        raise DeclinedError(Problem("bad-request", "The form cannot be read.")) from error
    return dict(pairs)


def _cookie_name(base_url: str) -> str:
    return SECURE_NAME if base_url.startswith("https://") else PLAIN_NAME
