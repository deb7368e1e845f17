"""Which of several rules decides, and what the others still do."""

from datetime import timedelta

import pytest

from federation.policy.chain import judge
from federation.policy.decision import Because, Decision, Outcome
from federation.policy.facts import Direction, Facts, Stage
from federation.policy.order import arrange
from federation.policy.rule import Action, Effect, Mode, weaker, windows_of
from tests.support.rules import NOW, decide, policy, rule

LIST = '[[list]]\nid = "theirs"\nformat = "plain"\nfile = "x.txt"\n'
OF_LIST = 'owner = "theirs"'
ANA = {"domain": "a.b.example", "actor": ("https://a.b.example/ana",), "relation": "stranger"}


def on_domain(name: str, action: str, *more: str) -> str:
    return rule("\n".join(['stage = "domain"', f'action = "{action}"', *more]), name)


def of(host: str) -> str:
    return f'when.domain = "{host}"'


def decided_by(text: str) -> str:
    decision = decide(text, ANA)
    return decision.rule.id if decision.rule else ""


# The rule called `x` decides, whichever of the two stands first.
ORDERS = {
    "local before list": (
        on_domain("x", "accept", of("b.example"), "priority = -5"),
        on_domain("y", "reject", of("a.b.example"), "priority = 5", OF_LIST),
    ),
    "higher priority": (
        on_domain("x", "accept", "priority = 1", 'when.domain_first_seen = "<1h"'),
        on_domain("y", "reject", of("a.b.example")),
    ),
    "exact host before a domain above": (
        on_domain("x", "hold", of("a.b.example")),
        on_domain("y", "reject", of("b.example")),
    ),
    "nearer domain": (
        on_domain("x", "hold", of("b.example")),
        on_domain("y", "reject", of("example")),
    ),
    "domain before none": (
        on_domain("x", "hold", of("example")),
        on_domain("y", "reject", 'when.domain_first_seen = "<1h"'),
    ),
    "actor before host": (
        rule('stage = "actor"\naction = "hold"\nwhen.actor = "https://a.b.example/ana"', "x"),
        rule('stage = "actor"\naction = "reject"\nwhen.domain = "a.b.example"', "y"),
    ),
    "domain before pattern": (
        rule('stage = "actor"\naction = "hold"\nwhen.domain = "example"', "x"),
        rule('stage = "actor"\naction = "reject"\nwhen.actor = "https://a.b.example/*"', "y"),
    ),
    "pattern before none": (
        rule('stage = "actor"\naction = "hold"\nwhen.actor_name = "x"', "x"),
        rule('stage = "actor"\naction = "reject"\nwhen.domain_first_seen = "<1h"', "y"),
    ),
}
KNOWN = ANA | {"domain_first_seen": timedelta(minutes=1), "actor_name": "x"}


@pytest.mark.parametrize("pair", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("turn", [1, -1])
def test_within_a_stage_the_first_match_decides(pair: tuple[str, str], turn: int) -> None:
    decision = decide("".join(pair[::turn]) + LIST, KNOWN)

    assert decision.rule is not None
    assert decision.rule.id == "x"


def test_of_equal_rules_the_first_in_the_files_decides() -> None:
    assert (
        decided_by(on_domain("x", "hold", of("example")) + on_domain("y", "drop", of("example")))
        == "x"
    )


@pytest.mark.parametrize(
    ("one", "other", "result"),
    [
        ("drop", "reject", "drop"),
        ("reject", "hold", "reject"),
        ("hold", "request", "hold"),
        ("request", "accept", "request"),
    ],
)
@pytest.mark.parametrize("turn", [1, -1])
def test_over_the_stages_the_strictest_counts(one: str, other: str, result: str, turn: int) -> None:
    first, second = (one, other)[::turn]
    text = (
        on_domain("x", first)
        if first not in ("drop", "reject")
        else on_domain("x", first, of("example"))
    )
    text += rule(f'stage = "behaviour"\naction = "{second}"\nwhen.relation = "stranger"', "y")

    assert decide(text, ANA).action == result


FINAL = on_domain("friend", "accept", of("b.example"), "final = true")


def test_a_final_accept_ends_judging_for_later_stages_up_to_content() -> None:
    later = rule('stage = "behaviour"\naction = "drop"\nwhen.relation = "stranger"', "y")
    own = rule('stage = "recipient"\naction = "reject"\nwhen.relation = "stranger"', "mine")

    decision = decide(FINAL + later, ANA)

    assert (decision.action, decision.because) == (Action.ACCEPT, Because.RULE)
    assert decision.skipped == (Stage.ACTOR, Stage.BEHAVIOUR, Stage.CONTENT)
    assert decide(FINAL + own, ANA).action is Action.REJECT
    assert (
        decide(FINAL + own.replace("action", f"{OF_LIST}\naction") + LIST, ANA).action
        is Action.ACCEPT
    )


def test_a_final_accept_is_stronger_than_what_a_list_said_before() -> None:
    before = rule(f'stage = "connection"\naction = "reject"\nwhen.path = "/inbox"\n{OF_LIST}', "y")

    assert decide(before + LIST + FINAL, ANA | {"path": "/inbox"}).action is Action.ACCEPT


def test_what_a_list_calls_final_keeps_no_rule_of_our_own_from_its_say() -> None:
    theirs = rule(
        f'stage = "domain"\naction = "accept"\nfinal = true\nwhen.aware = true\n{OF_LIST}', "y"
    )
    ours = rule('stage = "behaviour"\naction = "reject"\nwhen.relation = "stranger"', "x")

    assert decide(theirs + LIST + ours, ANA | {"aware": True}).action is Action.REJECT


def test_an_accept_that_is_not_final_leaves_the_later_stages_their_say() -> None:
    later = rule('stage = "behaviour"\naction = "hold"\nwhen.relation = "stranger"', "y")

    assert decide(on_domain("x", "accept", of("example")) + later, ANA).action is Action.HOLD


def allowlist(*rules: str) -> Decision:
    return decide('[policy]\nfederation = "allowlist"\n' + "".join(rules) + LIST, ANA)


def test_on_an_allowlist_what_is_not_listed_is_rejected() -> None:
    assert allowlist().because is Because.UNLISTED
    assert allowlist(on_domain("x", "hold", of("example"))).because is Because.UNLISTED
    assert allowlist(on_domain("x", "accept", of("example"))).action is Action.ACCEPT


def test_on_an_allowlist_a_block_beats_an_accept() -> None:
    accept = on_domain("x", "accept", of("a.b.example"), "priority = 9")
    block = on_domain("y", "reject", of("example"), OF_LIST)

    decision = allowlist(accept, block)

    assert decision.rule is not None
    assert decision.rule.id == "y"
    assert allowlist(FINAL, block).action is Action.ACCEPT
    assert allowlist(FINAL, block.replace(OF_LIST, "")).action is Action.REJECT


def test_on_an_allowlist_what_is_listed_can_still_be_held() -> None:
    listed = on_domain("x", "accept", of("example"))

    assert allowlist(listed, on_domain("y", "hold", of("b.example"))).action is Action.HOLD


def test_by_approval_an_unknown_domain_is_held_until_somebody_decides() -> None:
    text = '[policy]\nfederation = "approval"\n'

    assert decide(text, ANA).because is Because.UNKNOWN_DOMAIN
    assert decide(text, ANA | {"federation_known": True}).action is Action.ACCEPT
    assert decide(text + on_domain("x", "accept", of("example")), ANA).action is Action.ACCEPT


def test_each_host_that_answers_is_judged_by_itself() -> None:
    hosts = {"domain": ("friend.example", "evil.example")}
    accept = on_domain("x", "accept", of("friend.example"), "final = true")
    text = '[policy]\nfederation = "allowlist"\n' + accept

    decision = decide(text, hosts)

    assert (decision.action, decision.host) == (Action.REJECT, "evil.example")
    assert decide(text, {"domain": ("friend.example",)}).action is Action.ACCEPT
    assert decide(text, {"domain": ()}).action is Action.REJECT


@pytest.mark.parametrize(
    ("of_all", "own", "result"),
    [
        ("enforce", "enforce", "hold"),
        ("enforce", "observe", "accept"),
        ("enforce", "off", "accept"),
        ("observe", "enforce", "accept"),
        ("off", "enforce", "accept"),
    ],
)
def test_the_weaker_of_two_modes_counts(of_all: str, own: str, result: str) -> None:
    text = f'[policy]\nmode = "{of_all}"\n' + on_domain(
        "x", "hold", of("example"), f'mode = "{own}"'
    )

    decision = decide(text, ANA)

    assert decision.action == result
    assert bool(decision.observed) is ("observe" in (of_all, own))
    assert weaker(Mode(of_all), Mode(own)) in (Mode(of_all), Mode(own))


@pytest.mark.parametrize(
    ("on_error", "result"), [("hold", "hold"), ("accept", "accept"), ("drop", "drop")]
)
def test_a_rule_that_fails_gives_on_error_and_is_named(on_error: str, result: str) -> None:
    text = f'[policy]\non_error = "{on_error}"\n' + rule(
        'stage = "behaviour"\naction = "accept"\nwhen.links = ">3"'
    )

    decision = decide(text, {"links": "many"})

    assert (decision.action, decision.failed) == (result, ("r",))


def test_beside_a_rule_that_fails_others_are_judged() -> None:
    text = rule('stage = "behaviour"\naction = "accept"\nwhen.links = ">3"')
    other = rule('stage = "behaviour"\naction = "drop"\nwhen.relation = "stranger"', "other")

    assert decide(text + other, ANA | {"links": "many"}).action is Action.DROP
    observing = text.replace("action", 'mode = "observe"\naction')
    assert decide(observing, {"links": "many"}).action is Action.ACCEPT


def test_a_rule_over_the_budget_is_named_and_cheaper_ones_are_judged() -> None:
    text = '[policy]\nrule_timeout = "1ms"\n'
    text += rule("stage = 'content'\naction = 'drop'\nwhen.text = 'x'\npriority = 1", "dear")
    text += rule('stage = "content"\naction = "hold"\nwhen.links = 1', "cheap")

    decision = decide(text, {"text": "x" * 40_000, "links": 1})

    outcomes = {each.rule.id: each.outcome for each in decision.trace}
    assert outcomes == {"dear": Outcome.OVER_BUDGET, "cheap": Outcome.MATCHED}
    assert (decision.action, decision.failed) == (Action.HOLD, ("dear",))
    assert decide(text, {"text": "x", "links": 1}).action is Action.DROP
    assert decide(text, {"text": ("x" * 40_000, "")}).failed == ("dear",)


BUCKET = 'limit = { key = "domain", rate = "30/hour", burst = 10, over = "drop" }'


def limited(stage: str, name: str = "r", *more: str) -> str:
    lines = [f'stage = "{stage}"', 'action = "limit"', of("example"), BUCKET, *more]
    return rule("\n".join(lines), name)


def test_a_limit_with_tokens_left_takes_one_and_judging_goes_on() -> None:
    text = limited("behaviour") + rule(
        'stage = "behaviour"\naction = "hold"\nwhen.relation = "stranger"', "y"
    )

    decision = decide(text, ANA)

    assert (decision.action, decision.tokens) == (Action.HOLD, frozenset({"r"}))


def test_an_empty_bucket_turns_away_before_the_answer_and_gives_over_in_the_worker() -> None:
    empty = frozenset({"r"})

    assert decide(limited("domain"), ANA, empty=empty).action is Action.LIMIT
    in_worker = decide(limited("behaviour"), ANA, empty=empty)
    assert (in_worker.action, in_worker.tokens) == (Action.DROP, frozenset())


def test_a_limit_behind_the_rule_that_decides_takes_no_token() -> None:
    first = rule(f'stage = "behaviour"\naction = "accept"\n{of("example")}\npriority = 1', "x")

    assert decide(first + limited("behaviour"), ANA).tokens == frozenset()


def test_display_effects_add_up_over_all_matches() -> None:
    text = on_domain("x", "accept", of("example"), "final = true", 'show = ["strip_media"]')
    text += rule('stage = "domain"\nwhen.domain = "b.example"\nshow = ["no_preview"]', "y")
    text += on_domain("z", "hold", of("other.example"), 'show = ["disable_links"]')

    assert decide(text, ANA).show == {Effect.STRIP_MEDIA, Effect.NO_PREVIEW}


def test_what_is_encrypted_passes_the_content_by() -> None:
    text = rule("stage = 'content'\naction = 'drop'\nwhen.text = 'x'")

    decision = decide(text, {"text": "x", "encrypted": True})

    assert (decision.action, decision.skipped) == (Action.ACCEPT, (Stage.CONTENT,))
    assert decide(text, {"text": "x", "encrypted": False}).action is Action.DROP


def test_a_contact_passes_what_strangers_wait_for() -> None:
    text = rule('stage = "behaviour"\naction = "request"\nwhen.links = ">0"')
    known = {"links": 1, "relation": "contact"}

    assert decide(text, known).because is Because.CONTACT
    assert decide(text, known | {"relation": "acquainted"}).action is Action.REQUEST
    chain = arrange(policy(text))
    assert judge(chain, Facts(NOW, known), stages=[Stage.BEHAVIOUR]).action is Action.REQUEST


@pytest.mark.parametrize(
    ("direction", "goes", "result"),
    [
        ("in", Direction.IN, "drop"),
        ("in", Direction.OUT, "accept"),
        ("out", Direction.IN, "accept"),
        ("out", Direction.OUT, "drop"),
        ("both", Direction.IN, "drop"),
        ("both", Direction.OUT, "drop"),
    ],
)
def test_a_rule_is_for_its_direction(direction: str, goes: Direction, result: str) -> None:
    text = on_domain("x", "drop", of("example"), f'direction = "{direction}"')

    assert decide(text, ANA, direction=goes).action == result


def test_a_rule_stops_when_it_expires() -> None:
    assert (
        decide(on_domain("x", "hold", of("example"), "expires = 2026-12-02"), ANA).action
        is Action.HOLD
    )
    over = on_domain("x", "hold", of("example"), "expires = 2026-12-01T12:00:00Z")
    assert decide(over, ANA).action is Action.ACCEPT


def test_what_is_similar_is_counted_for_the_windows_that_rules_ask_for() -> None:
    text = rule(
        'stage = "behaviour"\naction = "hold"\n'
        'when.any = [{ similar = { window = "10m", local_recipients = 5, distance = 3 } }]'
    )

    (only,) = policy(text).rules
    assert windows_of(only) == {(timedelta(minutes=10), 3)}
