"""What a group says of invitations counts for its own."""

from datetime import UTC, datetime

import pytest

from storage import changes as c
from storage import invitations
from storage.database import transaction
from storage.write import write

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
ALICE, BOB = "https://home.test/u/alice", "https://bob.test/u/bob"
CHOIR, OTHER = "https://bob.test/c/choir", "https://mean.test/c/other"
INVITE = f"{BOB}/a/invite"


@pytest.mark.usefixtures("database")
async def test_no_group_spends_the_invitation_to_another():
    asked = c.PutInvitation(INVITE, CHOIR, BOB, ALICE, "open", NOW, NOW, NOW)
    async with transaction():
        await write([c.KeepActivity(INVITE, BOB, "{}", NOW), asked])

    states = []
    for group in (OTHER, CHOIR):
        async with transaction():
            await write([c.SetInvitation(INVITE, "spent", NOW, group)])
        states += [row["state"] for row in await invitations.by_id([INVITE])]

    assert states == ["open", "spent"]
