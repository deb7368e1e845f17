"""A rule on a domain is found whatever way a host is spelled, and for no other host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.policy.domains import (
    NO_RULES,
    NOT_DELIVERED,
    DomainRule,
    Rules,
    blocking,
    find_rule,
    judge_host,
    read_domain,
    why_not_delivered,
)
from federation.protocol.verdict import Allowed, Refused

BAD = DomainRule("bad.example", "spam")
BUECHER = DomainRule("xn--bcher-kva.example")
RULES = blocking(BAD, BUECHER)


def told(rules: Rules, host: str) -> tuple[str, str] | None:
    found = find_rule(rules, host)
    return None if found is None else (found.domain, found.public_reason)


@pytest.mark.parametrize(
    "host",
    [
        "bad.example",
        "sub.bad.example",
        "a.very.deep.sub.bad.example",
        "bad.example:8443",
        "sub.bad.example:8443",
        "xn--bcher-kva.example",
    ],
)
def test_a_rule_holds_for_its_domain_and_all_names_below(host: str):
    assert find_rule(RULES, host) is not None


@pytest.mark.parametrize(
    "host", ["example", "verybad.example", "bad.example.org", "good.example", "ad.example", ""]
)
def test_a_rule_holds_for_no_other_host(host: str):
    assert find_rule(RULES, host) is None


def test_the_rule_nearest_to_the_host_is_found():
    near = DomainRule("sub.bad.example", "worse")
    rules = blocking(BAD, BUECHER, near)

    assert told(rules, "x.sub.bad.example") == ("sub.bad.example", "worse")
    assert told(rules, "bad.example") == ("bad.example", "spam")


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("bad.example", "bad.example"),
        (" BAD.Example. ", "bad.example"),
        ("Bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("localhost", "localhost"),
    ],
)
def test_a_domain_has_one_spelling(text: str, domain: str):
    assert read_domain(text) == domain


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "bad example", "https://bad.example", "bad.example/", "a@bad.example"),
        *("*.bad.example", "bad..example", "192.0.2.7", "[2001:db8::1]", "bad.example:443"),
        *("bad.example?x", "bad.example#x", "a" * 300),
    ],
)
def test_what_is_no_domain_is_refused(text: str):
    assert isinstance(read_domain(text), Refused)


@given(st.text(max_size=80))
def test_whatever_is_typed_becomes_a_domain_or_a_refusal(text: str):
    domain = read_domain(text)

    if not isinstance(domain, Refused):
        assert read_domain(domain) == domain
        assert find_rule(blocking(DomainRule(domain)), f"sub.{domain}") is not None


def test_people_are_told_the_reason():
    verdict = judge_host(RULES, "sub.bad.example")

    assert isinstance(verdict, Refused)
    assert verdict.reason == "Our server does not exchange messages with bad.example. Reason: spam"
    assert why_not_delivered(RULES, "bad.example") == f"{NOT_DELIVERED} (spam)"


def test_a_rule_without_a_reason_says_only_that_it_is_there():
    verdict = judge_host(RULES, "xn--bcher-kva.example")

    assert isinstance(verdict, Refused)
    assert verdict.reason.endswith("xn--bcher-kva.example.")
    assert why_not_delivered(RULES, "xn--bcher-kva.example") == NOT_DELIVERED


def test_without_rules_everybody_is_let_in():
    assert judge_host(NO_RULES, "bad.example") == Allowed()
    assert why_not_delivered(NO_RULES, "bad.example") == ""
