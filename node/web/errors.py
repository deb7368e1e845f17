"""What goes wrong is said on a page to whoever asked with a browser."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from node.http.errors import EXPECTED, answer, problem_of
from node.http.problem import WORDS, Problem
from node.http.routes import Handler
from node.web.languages import Words
from node.web.rendering import Render

# What one can do, where the problem itself has no sentence.
ADVICE: Final[Mapping[str, Words]] = {
    "not-found": Words("page.error.check_address"),
    "method-not-allowed": Words("page.error.not_for_opening"),
}
NO_ADVICE: Final = Words("page.error.again")
OF_THE_DOCUMENT: Final = frozenset({hdrs.CONTENT_TYPE, hdrs.CONTENT_LENGTH})


def error_page(request: web.Request, problem: Problem, render: Render) -> web.Response:
    """A problem as a page, with the status and the headers that it has as a document."""
    status, title = WORDS[problem.word]
    words = problem.detail or ADVICE.get(problem.word, NO_ADVICE)
    page = render(request, "error.html", status=status, title=title, words=words)
    for name, value in problem.response().headers.items():
        if name not in OF_THE_DOCUMENT:
            page.headers[name] = value
    page.headers[hdrs.VARY] = hdrs.ACCEPT
    if problem.is_last:
        page.force_close()
    return page


def paged(handler: Handler, render: Render) -> Handler:
    """A handler whose errors are the error page, whatever the client says it takes."""

    async def with_error_page(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except EXPECTED as error:
            if isinstance(error, web.HTTPException) and error.status < HTTPStatus.BAD_REQUEST:
                raise
            answer(error)
            return error_page(request, problem_of(error), render)

    return with_error_page
