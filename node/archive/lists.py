"""Whom somebody follows, blocks and mutes goes along as the files that Mastodon takes."""

from collections.abc import Awaitable, Callable
from typing import Final

from federation.content.people_csv import (
    write_blocks,
    write_followers,
    write_follows,
    write_mutes,
)
from federation.queries.people import (
    FIRST,
    list_blocks,
    list_follows,
    list_host_blocks,
    list_mutes,
)
from federation.queries.profiles import list_followers
from node.archive.zip_stream import ZipStream

PEOPLE_PAGE: Final = 200

# Reads a page of a list: the values, and where the next one begins, if there is one.
Page = Callable[[int], Awaitable[tuple[list[str], int | None]]]


async def put_lists(archive: ZipStream, person: str) -> None:
    """Write all lists of a person's."""
    for name, page, write in _lists(person):
        before: int | None = FIRST
        async with archive.file(name) as file:
            while before is not None:
                is_first = before == FIRST
                values, before = await page(before)
                await file.write(write(values, has_header=is_first).encode())


def _lists(person: str) -> tuple[tuple[str, Page, Callable[..., str]], ...]:
    """The lists of people, called as Mastodon calls them."""

    async def followed(before: int) -> tuple[list[str], int | None]:
        views, older = await list_follows(person, before=before, limit=PEOPLE_PAGE)
        return [view.person.acct for view in views if view.state == "accepted"], older

    async def followers(before: int) -> tuple[list[str], int | None]:
        views, older = await list_followers(person, before=before, limit=PEOPLE_PAGE)
        return [view.person.acct for view in views], older

    async def blocked(before: int) -> tuple[list[str], int | None]:
        views, older = await list_blocks(person, before=before, limit=PEOPLE_PAGE)
        return [view.acct for view in views], older

    async def muted(before: int) -> tuple[list[str], int | None]:
        views, older = await list_mutes(person, before=before, limit=PEOPLE_PAGE)
        return [view.acct for view in views], older

    async def hosts(before: int) -> tuple[list[str], int | None]:
        found, older = await list_host_blocks(person, before=before, limit=PEOPLE_PAGE)
        return list(found), older

    def bare(values: list[str], *, has_header: bool = True) -> str:
        del has_header
        return write_blocks(values)

    return (
        ("following_accounts.csv", followed, write_follows),
        ("followers.csv", followers, write_followers),
        ("blocked_accounts.csv", blocked, bare),
        ("muted_accounts.csv", muted, write_mutes),
        ("blocked_domains.csv", hosts, bare),
    )
