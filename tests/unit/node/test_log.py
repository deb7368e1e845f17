"""One event is one line, whatever is in it."""

import io
import logging

import pytest

from federation.protocol import strict_json
from node import log
from tests.support.kept_logging import kept_logging


def lines(style: str, level: str = "info") -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    log.set_up(style, level, stream=stream)
    return logging.getLogger("covey.test"), stream


def test_a_line_for_people_has_time_level_message_and_fields() -> None:
    logger, stream = lines("console")

    logger.warning("Delivery failed", extra={"action": "deliver", "reason": "no answer"})

    line = stream.getvalue()
    assert line.endswith('WARNING Delivery failed action=deliver reason="no answer"\n')
    assert line[:4].isdigit()


def test_a_line_for_machines_is_one_json_object() -> None:
    logger, stream = lines("json")

    logger.info("Delivery failed", extra={"action": "deliver", "attempts": 3})

    found = strict_json.loads(stream.getvalue().strip().encode())
    assert found["message"] == "Delivery failed"
    assert found["level"] == "info"
    assert found["logger"] == "covey.test"
    assert (found["action"], found["attempts"]) == ("deliver", 3)


def test_every_line_carries_the_ids_it_belongs_to() -> None:
    logger, stream = lines("console")

    with log.context(request="R1"):
        with log.context(activity="A1"):
            logger.info("Inner")
        logger.info("Outer")
    logger.info("None")

    inner, outer, none = stream.getvalue().splitlines()
    assert inner.endswith("Inner request=R1 activity=A1")
    assert outer.endswith("Outer request=R1")
    assert none.endswith("None")


@pytest.mark.parametrize("style", ["console", "json"])
@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\x1b[2Kb", "a\u2028b", "a\x00b"])
def test_what_a_peer_sent_begins_no_line_of_its_own(style: str, text: str) -> None:
    logger, stream = lines(style)

    logger.info(text, extra={"action": "test", "reason": text})

    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("style", ["console", "json"])
def test_a_bug_comes_with_its_traceback(style: str) -> None:
    logger, stream = lines(style)

    try:
        {}["gone"]
    except LookupError:
        logger.exception("It broke")

    assert "KeyError: 'gone'" in stream.getvalue()


def test_what_is_less_important_than_the_level_is_left_out() -> None:
    logger, stream = lines("console", "warning")

    logger.info("Quiet")

    assert stream.getvalue() == ""


def test_at_the_level_debug_only_we_say_what_is_of_use_for_nothing_else() -> None:
    _, stream = lines("console", "debug")

    logging.getLogger("node.http").debug("Request answered")
    logging.getLogger("aiosqlite").debug("executing %s", "INSERT … 'a private text'")
    logging.getLogger("aiosqlite").info("Something to know")

    told = [line.split(maxsplit=2)[2] for line in stream.getvalue().splitlines()]
    assert told == ["Request answered", "Something to know"]


def test_what_one_test_sets_the_next_does_not_have() -> None:
    with kept_logging():
        lines("json", "error")
        assert logging.getLogger("node").level == logging.ERROR

    assert logging.getLogger("node").level != logging.ERROR
