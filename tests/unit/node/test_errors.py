"""Each error has one status and a text that is safe to show."""

import logging

import pytest
from aiohttp import web

from federation.commands.desk import DraftFailedError
from federation.protocol import strict_json
from federation.protocol.errors import LocalProtocolError, RemoteProtocolError
from federation.protocol.verdict import Refused
from node.http.errors import DeclinedError, answer, refused
from node.http.problem import BY_STATUS, TYPE_BASE, WORDS, Problem, for_status
from storage.errors import Conflict, StorageUnavailable

SECRET = "what only our log may say"


@pytest.mark.parametrize(
    ("error", "status", "word"),
    [
        (DeclinedError(Problem("too-large")), 413, "too-large"),
        (RemoteProtocolError("No date", SECRET, status=401), 401, "unauthorized"),
        (RemoteProtocolError("Bad", SECRET), 400, "bad-request"),
        (LocalProtocolError(SECRET), 500, "internal"),
        (DraftFailedError(SECRET), 500, "internal"),
        (StorageUnavailable(SECRET, retry_after_s=7), 503, "unavailable"),
        (Conflict(SECRET), 503, "unavailable"),
        (web.HTTPNotFound(text=SECRET), 404, "not-found"),
        (web.HTTPMethodNotAllowed("PUT", ["GET"]), 405, "method-not-allowed"),
        (web.HTTPRequestEntityTooLarge(1, 2), 413, "too-large"),
        (KeyError(SECRET), 500, "internal"),
    ],
)
def test_an_error_becomes_a_problem_without_our_secrets(
    error: Exception, status: int, word: str
) -> None:
    response = answer(error)

    body = response.text or ""
    document = strict_json.loads(body.encode())
    assert response.status == document["status"] == status
    assert document["type"] == TYPE_BASE + word
    assert document["title"] == WORDS[word][1]
    assert response.content_type == "application/problem+json"
    assert SECRET not in body


def test_our_log_says_why(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        answer(RemoteProtocolError("No date", "header was x"))
        answer(LocalProtocolError("we were wrong"))

    theirs, ours = caplog.records
    assert (theirs.levelname, theirs.__dict__["reason"]) == ("INFO", "No date: header was x")
    assert theirs.exc_info is None
    assert ours.levelname == "ERROR"
    assert ours.exc_info


def test_a_caller_is_told_when_to_come_back() -> None:
    assert answer(StorageUnavailable("away", retry_after_s=7)).headers["Retry-After"] == "7"


def test_a_wrong_method_is_told_the_right_ones() -> None:
    assert answer(web.HTTPMethodNotAllowed("PUT", ["GET"])).headers["Allow"] == "GET"


@pytest.mark.parametrize(
    ("status", "word"), [(403, "forbidden"), (409, "conflict"), (418, "bad-request")]
)
def test_a_refusal_keeps_its_reason(status: int, word: str) -> None:
    response = refused(Refused("Only members may post.", status))

    document = strict_json.loads((response.text or "").encode())
    assert document["type"] == TYPE_BASE + word
    assert document["detail"] == "Only members may post."


def test_every_status_has_the_first_word_of_its_rows() -> None:
    for status, word in BY_STATUS.items():
        assert for_status(status).status == status
        assert word == next(each for each, (code, _) in WORDS.items() if code == status)


def test_an_unknown_status_of_ours_is_our_fault() -> None:
    assert for_status(599).word == "internal"
