"""Who runs the node sees who takes how much room, and not what is in the files."""

from storage.database import insert_many
from tests.support.console import Console
from tests.support.live_node import LiveNode

COLUMNS = ("id", "token", "account", "size", "name", "media_type", "digest", "created_at")


async def test_who_takes_most_stands_first(node: LiveNode, owner: Console) -> None:
    files = [("1", "ana", 2_900_000), ("2", "bo", 9_000_000), ("3", "bo", 1)]
    rows = [(one, one, whose, size, "secret.txt", "", "", 0) for one, whose, size in files]
    await node.inside(insert_many("media", COLUMNS, rows))

    page = await owner.get("/admin/media")

    assert page.words.index("bo@alpha.test 2 files, 9 MB") < page.words.index("ana@alpha.test")
    assert page.says("Of people here 3 files, 11 MB")
    assert page.says("not sent for a day 3 files, 11 MB")
    assert not page.says("secret.txt")


async def test_many_people_come_in_pages(node: LiveNode, owner: Console) -> None:
    rows = [(f"{n}", f"{n}", f"p{n:02}", 100 - n, "", "", "", 0) for n in range(55)]
    await node.inside(insert_many("media", COLUMNS, rows))

    first = await owner.get("/admin/media")
    rest = await owner.get("/admin/media?from=50")
    odd = await owner.get("/admin/media?from=-1")

    assert 'href="/admin/media?from=50"' in first.text
    assert first.says("p49@alpha.test")
    assert not first.says("p50@alpha.test")
    assert rest.says("p54@alpha.test")
    assert odd.says("p00@alpha.test")
