"""The link that makes the first account works once and for a week."""

from datetime import datetime, timedelta

import pytest

from node.entropy import Entropy
from node.identity.owner_link import (
    LIFETIME,
    LINKS_MAX,
    create_owner_link,
    is_owner_link,
    spend_owner_link,
)
from storage.database import Database

BASE = "https://alpha.test"


async def link(entropy: Entropy, now: datetime) -> str:
    url = await create_owner_link(BASE, entropy=entropy, now=now)
    assert url.startswith(f"{BASE}/setup/")
    return url.rpartition("/")[2]


async def test_a_link_is_spent_once(database: Database, entropy: Entropy, now: datetime) -> None:
    token = await link(entropy, now)

    assert await is_owner_link(token, now)
    assert await spend_owner_link(token, now)
    assert not await is_owner_link(token, now)
    assert not await spend_owner_link(token, now)


async def test_a_link_ends_after_a_week(
    database: Database, entropy: Entropy, now: datetime
) -> None:
    token = await link(entropy, now)

    assert await is_owner_link(token, now + LIFETIME - timedelta(seconds=1))
    assert not await spend_owner_link(token, now + LIFETIME)


async def test_a_later_link_leaves_the_one_before_and_one_use_ends_both(
    database: Database, entropy: Entropy, now: datetime
) -> None:
    first = await link(entropy, now)
    second = await link(entropy, now)

    assert await is_owner_link(second, now)
    assert await spend_owner_link(first, now)
    assert not await spend_owner_link(second, now)


async def test_only_the_latest_links_are_kept(
    database: Database, entropy: Entropy, now: datetime
) -> None:
    links = [await link(entropy, now) for _ in range(LINKS_MAX + 1)]

    assert not await is_owner_link(links[0], now)
    assert await is_owner_link(links[1], now)


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_no_other_token_opens_it(
    database: Database, entropy: Entropy, now: datetime, token: str
) -> None:
    assert not await is_owner_link(token, now)
    await link(entropy, now)
    assert not await is_owner_link(token, now)
