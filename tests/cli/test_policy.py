"""An operator blocks a domain, sees it listed, and lifts the block."""

from pathlib import Path

import pytest

from federation.protocol import strict_json
from tests.cli.conftest import Covey, Ended


@pytest.fixture
def policy(covey: Covey, node: Path) -> Covey:
    def run(*arguments: str | Path) -> Ended:
        return covey("policy", *arguments, "--config", node)

    return run


def listed(policy: Covey) -> list[dict[str, str]]:
    rules: list[dict[str, str]] = strict_json.loads(b'{"rules":%s}' % _told(policy))["rules"]
    return rules


def _told(policy: Covey) -> bytes:
    return policy("list", "--json").out.encode()


def test_a_fresh_node_blocks_nothing(policy: Covey) -> None:
    assert policy("list").out == "nothing is blocked\n"
    assert listed(policy) == []


def test_a_block_is_listed_with_its_reason_until_it_is_lifted(policy: Covey) -> None:
    blocked = policy("block", "BAD.example.", "--reason", "spam")

    (rule,) = listed(policy)
    assert (blocked.status, blocked.err) == (0, "")
    assert blocked.out.startswith("blocked bad.example: 0 of its people leave 0 groups here")
    assert (rule["domain"], rule["reason"]) == ("bad.example", "spam")
    assert "bad.example" in policy("list").out
    assert policy("unblock", "bad.example").out == "unblocked bad.example\n"
    assert listed(policy) == []


def test_a_preview_changes_nothing(policy: Covey) -> None:
    told = strict_json.loads(policy("preview", "bad.example", "--json").out.encode())

    assert told == {
        "domain": "bad.example",
        "members_removed": 0,
        "groups_here": 0,
        "people_leaving": 0,
        "groups_there": 0,
        "deliveries_ended": 0,
        "hosts": 0,
        "contacts": 0,
        "people_in_groups": 0,
        "groups": 0,
        "requests": 0,
        "arrivals": 0,
        "deliveries": 0,
        "media_bytes": 0,
        "most_affected": [],
    }
    assert listed(policy) == []


def test_a_rule_is_previewed_by_the_domains_that_it_names(policy: Covey) -> None:
    add = ("add", "bad", "--domain", "bad.example", "--action", "reject")
    policy(*add)
    policy("add", "all", "--action", "accept")

    as_it_is = policy("preview", "bad").out
    milder = policy("preview", "bad", "--action", "accept").out
    without = policy("preview", "all")

    assert as_it_is.startswith("bad: 0 of its people leave 0 groups here")
    assert milder.startswith("bad: ends no membership and no delivery\n")
    assert without.err == (
        "covey: rule all names no domains, so that nothing can be counted before\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("block", "https://bad.example"), "That is no domain like example.org."),
        (("block", "192.0.2.1"), "That is no domain like example.org."),
        (("block", "alpha.test"), "That is this server's own domain."),
        (("block", "test"), "That is this server's own domain."),
        (("preview", "test"), "That is this server's own domain."),
        (("block", "bad.example", "--reason", "x" * 501), "A reason has at most 500 characters."),
        (("unblock", "bad.example"), "That domain is not blocked by a rule of its own."),
    ],
)
def test_what_cannot_be_is_refused_with_one_line(
    policy: Covey, arguments: tuple[str, ...], said: str
) -> None:
    ended = policy(*arguments)

    assert (ended.status, ended.err) == (1, f"covey: {said}\n")
    assert listed(policy) == []


def test_a_domain_is_blocked_once(policy: Covey) -> None:
    policy("block", "bad.example")

    ended = policy("block", "Bad.Example")

    assert (ended.status, ended.err) == (1, "covey: That domain is blocked already.\n")


RULE = ("--domain", "bad.example", "--action", "reject", "--reason", "Harassment")


def test_what_rules_keep_out_is_listed_and_named(policy: Covey, node: Path) -> None:
    policy("add", "harassers", *RULE)
    policy("add", "quiet", "--domain", "quiet.example", "--action", "request")
    node.write_text(
        node.read_text() + '\n[[rule]]\nid = "of-a-file"\nstage = "domain"\n'
        'when.domain = ["filed.example"]\naction = "drop"\ndirection = "both"\n'
    )
    policy("block", "blocked.example")

    rules = {rule["domain"]: rule for rule in listed(policy)}

    assert set(rules) == {"bad.example", "blocked.example", "filed.example"}
    assert (rules["bad.example"]["rule"], rules["bad.example"]["from"]) == ("harassers", "database")
    assert (rules["blocked.example"]["rule"], rules["blocked.example"]["from"]) == (None, "block")
    assert rules["filed.example"]["rule"] == "of-a-file"
    assert "config.toml:" in rules["filed.example"]["from"]
    assert "Harassment  (harassers, database)" in policy("list").out


def test_unblocking_says_which_rule_keeps_a_domain_out(policy: Covey) -> None:
    policy("add", "harassers", *RULE)

    alone = policy("unblock", "sub.bad.example")
    blocked = policy("block", "bad.example")
    both = policy("unblock", "bad.example")

    assert alone.status == 1
    assert "by the rule harassers: covey policy revert harassers" in alone.err
    assert "it was kept out already by the rule harassers" in blocked.err
    assert both.out == "unblocked bad.example\n"
    assert "warning: it is still kept out by the rule harassers" in both.err
