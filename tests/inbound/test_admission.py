"""What a request leads to is begun when it is committed, not when somebody next looks."""

import pytest

from federation.inbound.admission import Admission, admit
from federation.pipeline.prepare import Tools
from storage import database
from storage.database import transaction
from storage.wakeups import Channel
from tests.support.home_town import NOW

QUESTION = ("activity", "https://member.test/u/dan/a/1")


@pytest.mark.parametrize(
    ("question", "channel", "is_woken"),
    [(QUESTION, "repair", True), (None, "repair", False), (QUESTION, "inbox", False)],
)
async def test_who_answers_it_is_woken(
    tools: Tools, question: tuple[str, str] | None, channel: Channel, *, is_woken: bool
):
    with database.current().wakeups.listening(channel) as listener:
        async with transaction():
            await admit([Admission(None, question, "member.test", NOW)], tools.new_id)

        assert bool(await listener.wait(timeout_s=0)) == is_woken
