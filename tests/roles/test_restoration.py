"""Several processes of a node, on several machines, agree on whether its database was restored."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from node.restoration import Restoration
from storage import database
from storage.settings import find_setting, put_setting
from tests.support.mold import copy_empty, url_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest_asyncio.fixture(autouse=True)
async def opened(tmp_path: Path) -> AsyncIterator[None]:
    async with database.opened(url_of(copy_empty(tmp_path / "covey.db"))):
        yield


@pytest.fixture
def machines(tmp_path: Path) -> tuple[Restoration, Restoration]:
    """Two processes, each with a data folder of its own."""
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
    first, second = map(Restoration, folders)
    return first, second


async def confirm(process: Restoration, now: datetime) -> None:
    assert await process.confirm(now, incarnation="1" * 32, new_id=lambda: "01")


async def test_the_file_of_neither_is_ahead_although_their_clocks_differ(
    machines: tuple[Restoration, Restoration], tmp_path: Path
):
    one, two = machines
    await one.look(NOW)
    await two.look(NOW - timedelta(seconds=30))
    await one.refresh(NOW + MINUTE)
    await two.refresh(NOW)

    again = Restoration(tmp_path / "one")
    await again.look(NOW)

    assert again.may_send()


async def test_a_database_that_falls_back_beside_running_processes_is_noticed(
    machines: tuple[Restoration, Restoration],
):
    one, two = machines
    await one.look(NOW)
    await two.look(NOW)
    backup = await find_setting("mark") or ""
    await one.refresh(NOW + MINUTE)

    await put_setting("mark", backup)
    await one.run_once(NOW + 2 * MINUTE)
    await two.run_once(NOW + 2 * MINUTE)

    assert (one.may_send(), two.may_send()) == (False, False)


async def test_a_process_hears_at_once_that_another_has_noticed(
    machines: tuple[Restoration, Restoration],
):
    one, two = machines
    await one.look(NOW)
    await two.look(NOW)
    await put_setting("mark", "0")
    await one.refresh(NOW + MINUTE)

    await two.run_once(NOW + timedelta(seconds=1))

    assert not two.may_send()


async def test_a_machine_that_was_off_takes_part_in_a_copy_that_was_confirmed_meanwhile(
    machines: tuple[Restoration, Restoration], tmp_path: Path
):
    one, two = machines
    await two.look(NOW)
    await one.look(NOW)
    await put_setting("mark", "0")
    await one.refresh(NOW + MINUTE)
    assert not one.may_send()
    await confirm(one, NOW + 2 * MINUTE)

    again = Restoration(tmp_path / "two")
    await again.look(NOW + timedelta(hours=1))

    assert again.may_send()


async def test_what_a_killed_process_has_left_goes_at_the_next_start(
    machines: tuple[Restoration, Restoration], tmp_path: Path
):
    (tmp_path / "one" / ".incarnation-left").write_text("half of it")

    await machines[0].look(NOW)

    assert [file.name for file in (tmp_path / "one").iterdir()] == ["incarnation.json"]


@pytest.mark.parametrize(
    "noted", ['{"incarnation": "lost", "mark": 0}', '{"incarnation": "2", "mark": 9}']
)
async def test_a_running_node_goes_on_once_a_command_has_confirmed(
    machines: tuple[Restoration, Restoration], tmp_path: Path, noted: str
):
    running, _ = machines
    (tmp_path / "one" / "incarnation.json").write_text(noted)
    await running.look(NOW)
    assert not running.may_send()

    await confirm(Restoration(tmp_path / "one"), NOW + timedelta(seconds=10))
    for seconds in (11, 71, 131):
        await running.run_once(NOW + timedelta(seconds=seconds))

    assert running.may_send()
    again = Restoration(tmp_path / "one")
    await again.look(NOW + timedelta(seconds=132))
    assert again.may_send()
