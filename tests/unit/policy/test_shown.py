"""What people see otherwise hangs on rules that are in force, and on nobody's own host."""

import pytest

from federation.content.links import without_links
from federation.policy.domains import Rules, rules_of
from federation.policy.rule import Effect
from tests.support.rules import policy, rule

STRIP, LINKS, QUIET = Effect.STRIP_MEDIA, Effect.DISABLE_LINKS, Effect.NO_PREVIEW
BY_NAME = rule('stage = "domain"\nwhen.domain = "pics.example"\nshow = ["strip_media"]', "n")
MORE = rule('stage = "content"\nwhen.links = ">0"\nshow = ["disable_links", "no_preview"]', "m")


def in_force(text: str) -> Rules:
    return rules_of(policy(text), own_hosts=["own.test"])


@pytest.mark.parametrize(
    ("text", "host", "limited_by", "effects"),
    [
        ("", "pics.example", (), set()),
        (BY_NAME, "pics.example", (), {STRIP}),
        (BY_NAME, "a.PICS.example:8443", (), {STRIP}),
        (BY_NAME, "other.example", (), set()),
        (BY_NAME, "own.test", ("n",), set()),
        (MORE, "pics.example", (), set()),
        (MORE, "pics.example", ("m",), {LINKS, QUIET}),
        (MORE, "pics.example", ("gone",), set()),
        (BY_NAME + MORE, "pics.example", ("m",), {STRIP, LINKS, QUIET}),
        (BY_NAME.replace("\nshow", '\nmode = "observe"\nshow'), "pics.example", (), set()),
        ('[policy]\nmode = "observe"\n' + BY_NAME, "pics.example", (), set()),
    ],
)
def test_effects_add_up(
    text: str, host: str, limited_by: tuple[str, ...], effects: set[Effect]
) -> None:
    shown = in_force(text).shown

    assert shown.of(host, limited_by) == effects
    assert shown.of(host, limited_by) == effects


def test_only_so_many_hosts_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("federation.policy.shown.REMEMBERED", 2)
    shown = in_force(BY_NAME).shown

    assert [bool(shown.of(f"{name}.pics.example")) for name in "abca"] == [True] * 4


def test_only_what_asks_for_more_than_a_name_is_asked_when_messages_are_filed() -> None:
    assert not in_force(BY_NAME).filing.is_anything
    assert in_force(BY_NAME + MORE).filing.shows == {"m"}


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>no link</p>", "<p>no link</p>"),
        (
            '<p><a href="https://x.example/?a=1&amp;b=2" rel="x">here</a></p>',
            "<p>here (https://x.example/?a=1&amp;b=2)</p>",
        ),
        ('<a href="https://x.example/">https://x.example/</a>', "https://x.example/"),
        ('<a href="https://x.example/"><b>bold</b></a>!', "<b>bold</b> (https://x.example/)!"),
    ],
)
def test_a_link_is_text_and_its_target_can_be_read(html: str, text: str) -> None:
    assert without_links(html) == text


MARKS = rule('stage = "content"\nwhen.links = ">0"\naction = "request"', "q")
HOLDS = rule('stage = "content"\nwhen.links = ">0"\naction = "hold"', "h")


@pytest.mark.parametrize(
    ("text", "limited_by", "is_marked"),
    [
        (MARKS, ("q",), True),
        (HOLDS, ("h",), True),
        (MARKS + MORE, ("m",), False),
        (MARKS, (), False),
        ("", ("q",), False),
        (MARKS.replace("\naction", '\nmode = "observe"\naction'), ("q",), False),
        ('[policy]\nmode = "observe"\n' + MARKS, ("q",), False),
    ],
)
def test_what_a_rule_made_a_request_is_marked_while_it_holds(
    text: str, limited_by: tuple[str, ...], *, is_marked: bool
) -> None:
    rules = in_force(text)

    assert rules.shown.is_marked(limited_by) == is_marked
    assert rules.filing.marks >= {one for one in limited_by if is_marked}
