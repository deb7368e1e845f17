"""What everybody may read of the people of this node: who they are, and whom they follow."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from federation.pipeline.identity import describe_instance, describe_person
from federation.protocol.build.collection import collection, page
from federation.protocol.namespace import Namespace
from federation.protocol.vocabulary import ACTIVITYSTREAMS
from federation.queries.fetchable import Answer, Gone, Hidden, Public, encoded, read_number
from storage import accounts, follows
from storage.accounts import Account
from storage.actors import ACTIVE, DELETED

PAGE_ITEMS: Final = 100


@dataclass(frozen=True, slots=True)
class Profile:
    """What the page of a person says; `handle` is without its leading @."""

    uri: str
    name: str
    handle: str


async def find_profile(space: Namespace, name: str) -> Profile | Hidden | Gone:
    """Who has this name here.

    A suspended person is hidden and not gone: other servers take 410 for the end of an account.
    """
    account = await accounts.find_account(name)
    if account is None or account.actor_uri != space.person(name):
        return Hidden()
    if account.state == ACTIVE:
        shown = account.display_name or name
        return Profile(account.actor_uri, shown, f"{name}@{space.account_domain}")
    return Gone(_tombstone(account)) if account.state == DELETED else Hidden()


async def person(space: Namespace, name: str) -> Answer:
    """The actor document of a person."""
    profile = await find_profile(space, name)
    if not isinstance(profile, Profile):
        return profile
    account = await accounts.find_account(name)
    document = await describe_person(space, account) if account is not None else None
    return Hidden() if document is None else Public(encoded(document))


async def instance(space: Namespace) -> Answer:
    """The document of the actor that signs what the node asks for itself."""
    document = await describe_instance(space)
    return Hidden() if document is None else Public(encoded(document))


async def outbox(space: Namespace, name: str) -> Answer:
    """An empty collection, since nothing that is written here is public."""
    profile = await find_profile(space, name)
    if not isinstance(profile, Profile):
        return profile
    return Public(encoded(collection(f"{profile.uri}/outbox", owner=profile.uri, total=0)))


@dataclass(frozen=True, slots=True)
class FollowList:
    """One side of the follows: its name in URLs, how many there are, and who."""

    name: str
    count: Callable[[str], Awaitable[int]]
    page: Callable[..., Awaitable[list[str]]]


FOLLOWERS: Final = FollowList("followers", follows.count_followers, follows.followers_page)
FOLLOWING: Final = FollowList("following", follows.count_followed, follows.followed_page)


async def follow_list(
    space: Namespace, name: str, *, side: FollowList, page_number: str | None
) -> Answer:
    """A person's followers, or whom they follow: the head, or one of its pages.

    Raises:
        RemoteProtocolError: The page is not named by a number (400).
    """
    profile = await find_profile(space, name)
    if not isinstance(profile, Profile):
        return profile
    uri = f"{profile.uri}/{side.name}"
    if page_number is None:
        total = await side.count(profile.uri)
        return Public(encoded(collection(uri, owner=profile.uri, total=total)))
    number = max(read_number(page_number), 1)
    offset = (number - 1) * PAGE_ITEMS
    found = await side.page(profile.uri, limit=PAGE_ITEMS + 1, offset=offset)
    document = page(
        uri,
        owner=profile.uri,
        number=number,
        items=found[:PAGE_ITEMS],
        has_next=len(found) > PAGE_ITEMS,
    )
    return Public(encoded(document))


def _tombstone(account: Account) -> bytes:
    return encoded(
        {
            "@context": ACTIVITYSTREAMS,
            "id": account.actor_uri,
            "type": "Tombstone",
            "formerType": "Person",
        }
    )
