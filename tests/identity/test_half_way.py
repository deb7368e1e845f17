"""Whoever is half way in may be asked for the code by any process of the node."""

from datetime import UTC, datetime, timedelta

from node.identity.half_way import HalfWay
from node.identity.sign_in import RightPassword

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KNOWN = RightPassword("al", "$argon2id$of al").known
SECRET = b"\x01" * 32


def test_another_process_knows_who_gave_the_password():
    token = HalfWay(SECRET).begin(KNOWN, to="/chat/1", now=NOW)

    half = HalfWay(SECRET).find(token, NOW)

    assert half is not None
    assert (half.known, half.to) == (KNOWN, "/chat/1")


def test_nobody_is_half_way_in_for_long():
    token = HalfWay(SECRET).begin(KNOWN, to="/chat", now=NOW)

    assert HalfWay(SECRET).find(token, NOW + timedelta(minutes=10)) is None


def test_what_the_node_did_not_write_is_nothing():
    token = HalfWay(b"\x02" * 32).begin(KNOWN, to="/chat", now=NOW)
    here = HalfWay(SECRET)

    found = [here.find(one, NOW) for one in (token, "", "?", "AAAA", "ä", token[:-8], "A" * 9000)]

    assert found == [None] * 7


def test_a_browser_holds_nothing_of_a_password():
    assert "argon2" not in KNOWN.mark
