"""A person says on a page of ours what an app may do, and goes back to it with a code.

Source: clients.md 2.1 and 2.3; RFC 6749 section 4.1, RFC 9207, RFC 9700 section 4.11
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlencode

from aiohttp import hdrs, web

from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from node.http.security_headers import page_policy
from node.identity.apps import App
from node.identity.caller import Caller
from node.identity.consents import Granting, give_code
from node.identity.scope_words import READS_MESSAGES, reads_messages, words_for
from node.oauth.context import OAuthContext
from node.oauth.documents import get_app, is_url, known_app, shown_host
from node.oauth.question import (
    Declined,
    Misled,
    Question,
    judge_address,
    judge_question,
    read_question,
)
from node.oauth.redirects import OUT_OF_BAND, form_target, place_of, with_answer

PATH: Final = "/oauth/authorize"
ALLOW: Final = "allow"
DENIED: Final = Declined(
    "access_denied", "The resource owner or authorization server denied the request."
)
UNREADABLE: Final = Misled("What the app has sent cannot be read.")
TITLE: Final = "This app cannot be let in"
OVER: Final = "You have signed out meanwhile. Begin again in the app."
YES: Final = frozenset({"1", "t", "true", "on", "yes"})

Asked = Mapping[str, str]


def endpoints(context: OAuthContext) -> tuple[Endpoint, ...]:
    """The page that asks, and the answer to it."""

    async def ask(request: web.Request) -> web.Response:
        return await _ask(request, context)

    async def take(request: web.Request) -> web.Response:
        return await _take(request, context)

    return (
        Endpoint("GET", PATH, ask, Scope.ANYONE),
        Endpoint("GET", f"{PATH}/", ask, Scope.ANYONE),
        Endpoint("POST", PATH, take, Scope.ANYONE),
    )


async def _ask(request: web.Request, context: OAuthContext) -> web.Response:
    pairs = _pairs(request)
    if pairs is None:
        return _misled(request, UNREADABLE, context)
    asked = read_question(pairs)
    if isinstance(asked, Misled):
        return _misled(request, asked, context)
    client_id = asked.get("client_id", "")
    known = await known_app(client_id, context)
    # What is not known without asking elsewhere is asked for people of this node alone.
    if known is not None or not is_url(client_id):
        judged = judge_address(known, asked)
        if isinstance(judged, Misled):
            return _misled(request, judged, context)
    back = f"{PATH}?{urlencode(asked)}"
    if dict(pairs).get("force_login", "").lower() in YES:
        raise context.pages.sign_in_anew(back)
    caller = await context.pages.require_caller(request, back)
    app = judge_address(known or await get_app(client_id, caller, context), asked)
    if isinstance(app, Misled):
        return _misled(request, app, context)
    question = judge_question(app, asked)
    if isinstance(question, Declined):
        return _declined(request, question, asked, context)
    return _page(request, app, asked, question, caller, context)


async def _take(request: web.Request, context: OAuthContext) -> web.Response:
    caller, fields = await context.pages.read_form(request, PATH)
    asked = read_question(fields.items())
    if isinstance(asked, Misled):
        return _misled(request, asked, context)
    app = judge_address(await get_app(asked.get("client_id", ""), caller, context), asked)
    if isinstance(app, Misled):
        return _misled(request, app, context)
    question = judge_question(app, asked)
    if isinstance(question, Question) and fields.get("answer", "") != ALLOW:
        question = DENIED
    if isinstance(question, Declined):
        return _declined(request, question, asked, context)
    granting = Granting(app, question.scope, asked["redirect_uri"], question.challenge)
    code = await give_code(caller, granting, entropy=context.entropy, now=context.now())
    if code is None:
        return _misled(request, Misled(OVER), context)
    if asked["redirect_uri"] == OUT_OF_BAND:
        return context.pages.render(request, "oauth_code.html", app=app.name, code=code)
    return _led(asked, {"code": code}, context)


def _pairs(request: web.Request) -> list[tuple[str, str]] | None:
    query = request.rel_url.raw_query_string
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        return None


def _page(
    request: web.Request,
    app: App,
    asked: Asked,
    question: Question,
    caller: Caller,
    context: OAuthContext,
) -> web.Response:
    page = context.pages.render(
        request,
        "consent.html",
        csrf=caller.csrf,
        account=caller.account,
        app=app.name or shown_host(app),
        host=shown_host(app),
        place=place_of(asked["redirect_uri"]),
        can=words_for(question.scopes),
        warning=READS_MESSAGES if reads_messages(question.scopes) else "",
        asked=asked,
        again=f"{PATH}?{urlencode({**asked, 'force_login': 'true'})}",
    )
    # Browsers judge by the page's policy where its form leads in the end.
    policy = page_policy(form_target(asked["redirect_uri"]))
    page.headers["Content-Security-Policy"] = policy
    return page


def _declined(
    request: web.Request, declined: Declined, asked: Asked, context: OAuthContext
) -> web.Response:
    """The app is told at its own address; a person who carries the code is told on a page."""
    if asked["redirect_uri"] == OUT_OF_BAND:
        return _misled(request, Misled(declined.description), context)
    told = {"error": declined.error, "error_description": declined.description}
    return _led(asked, told, context)


def _led(asked: Asked, answer: Mapping[str, str], context: OAuthContext) -> web.Response:
    state = {"state": asked["state"]} if "state" in asked else {}
    address = with_answer(asked["redirect_uri"], {**answer, **state, "iss": context.base_url})
    headers = {hdrs.LOCATION: address, hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(status=HTTPStatus.FOUND, headers=headers)


def _misled(request: web.Request, misled: Misled, context: OAuthContext) -> web.Response:
    """SECURITY: a page of ours, and no way on from it; tests/oauth/test_redirects.py."""
    status = Problem("bad-request").status
    return context.pages.render(
        request, "error.html", status=status, title=TITLE, words=misled.reason
    )
