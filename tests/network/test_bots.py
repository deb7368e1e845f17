"""The bots of docs/bots.md run as they stand there."""

import re
from pathlib import Path

import pytest
import trustme

from tests.support.network import Network
from tests.support.outside_program import running
from tests.support.process_node import until

pytestmark = pytest.mark.network

PAGE = Path(__file__).parents[2] / "docs" / "bots.md"
LINES_MAX = 40
WITHIN_S = 60


def bots() -> list[str]:
    """Every program on the page."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


def test_each_bot_is_short():
    assert bots()
    assert all(len(bot.splitlines()) < LINES_MAX for bot in bots())


@pytest.mark.parametrize("number", range(len(bots())))
async def test_a_bot_answers_whoever_writes_and_whoever_asks_it_in(
    network: Network, ca: trustme.CA, tmp_path: Path, number: int
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    bot, al, bo = alpha.person("echo"), alpha.person("al"), beta.person("bo")
    for person in (bot, al, bo):
        await person.arrive()
    (tmp_path / "bot.py").write_text(bots()[number])
    told = {"COVEY_NODE": "https://alpha.test", "COVEY_TOKEN": bot.token}
    program = running(
        *("python", tmp_path / "bot.py"), network=network, ca=ca, folder=tmp_path / "home", **told
    )

    async with program as process:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"listening\n"
        alone = await al.write_to(bot.acct, "hello")
        group = await bo.start_conversation("tea", bot.acct)

        async def is_a_member() -> bool:
            await network.settle()
            return (await bo.roles(group)).get(bot.acct) == "member"

        assert await until(is_a_member, within_s=WITHIN_S)
        await bo.say(group, "tea?")

        async def has_answered() -> bool:
            await network.settle()
            return len(await al.texts(alone)) > 1 and len(await bo.texts(group)) > 1

        assert await until(has_answered, within_s=WITHIN_S)

    assert await al.texts(alone) == ["hello", "You said: hello"]
    assert await bo.texts(group) == ["tea?", "You said: tea?"]
