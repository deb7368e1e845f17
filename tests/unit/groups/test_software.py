"""What other software is known for, as groups-protocol.md 13 has it."""

import pytest

from federation.groups import software
from federation.groups.software import Warn


@pytest.mark.parametrize("name", ["lemmy", "piefed", "pixelfed", "mbin"])
def test_some_software_takes_one_recipient(name: str):
    assert software.quirks_of(name).takes_one


@pytest.mark.parametrize("name", ["mastodon", "misskey", "friendica", "", "new-software"])
def test_other_software_takes_more(name: str):
    assert not software.quirks_of(name).takes_one


@pytest.mark.parametrize(
    ("names", "forgiving"),
    [
        ({"covey", "mastodon", "gotosocial", "pleroma", "akkoma"}, True),
        ({"covey", "misskey"}, False),
        ({"mastodon", ""}, False),
        ({"friendica"}, False),
        (set(), True),
    ],
)
def test_who_shows_a_message_whose_parent_is_missing(names: set[str], *, forgiving: bool):
    assert software.forgives_parents(names) is forgiving


@pytest.mark.parametrize(
    ("name", "members", "crowded"),
    [
        ("misskey", 19, False),
        ("misskey", 20, True),
        ("sharkey", 30, True),
        ("", 20, True),
        ("mastodon", 49, False),
        ("mitra", 49, False),
        ("mitra", 50, True),
    ],
)
def test_conformance_21_from_twenty_members_misskey_loses_messages(
    name: str, members: int, *, crowded: bool
):
    assert software.is_crowded([name], members) is crowded


def test_each_warning_has_a_sentence_and_is_used():
    used = {warn for quirks in software.QUIRKS.values() for warn in quirks.warns}

    assert set(software.SENTENCES) == set(Warn)
    assert used | {Warn.UNAWARE, Warn.TOO_MANY, Warn.UNKNOWN} == set(Warn)
    assert software.warnings_of("mastodon") == (Warn.UNAWARE, Warn.ACCEPTS_SENDERS)
    assert software.warnings_of("") == (Warn.UNAWARE, Warn.UNKNOWN)
