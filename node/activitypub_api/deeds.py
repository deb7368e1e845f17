"""What each kind of posted activity does.

Each is a wish that the other front ends have as well, so nothing can be done here that could not be
done there.

Source: ActivityPub 6; clients.md 10.3; docs/decisions/0036
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from federation.commands import change_group, follow, hush, message_life, report
from federation.commands.answer_invitation import accept, decline
from federation.commands.desk import Desk, Made
from federation.commands.invite import find_invitee, invite
from federation.commands.leave import leave
from federation.commands.people import find_by_id
from federation.commands.post_message import post_message
from federation.commands.profile import ProfileWish, change_profile
from federation.protocol.verdict import Refused
from federation.queries.boxes import BoxedView, find_entry, find_invited
from federation.queries.media import find_upload_at
from federation.queries.reports import attached
from federation.queries.timeline import find_message
from node.activitypub_api.call import (
    declined,
    done,
    found,
)
from node.activitypub_api.documents import activity
from node.activitypub_api.place import group_named, place_of
from node.activitypub_api.posted import CREATE, MESSAGES, Posted, files_of, ids, read, text_of
from node.app_keys import Services
from node.identity.caller import Caller

HEART: Final = "❤️"
NO_CONTENT: Final = Refused("An EmojiReact has one emoji as its content.", 422)
NOT_A_MESSAGE: Final = Refused("Only messages are created here. Their type is Note.", 422)
NOT_OFFERED: Final = Refused("Activities of this type are not offered here.", 422)
NO_FILE: Final = Refused("It shows a file that was not uploaded here.", 422)
NO_ACCUSED: Final = Refused("A Flag names one person, and their messages.", 422)


class Deed:
    """One posted activity and who posts it; each method does what its type says."""

    def __init__(self, services: Services, caller: Caller, posted: Posted) -> None:
        self._services = services
        self._desk: Desk = services.desk
        self._caller = caller
        self._person = caller.actor_uri
        self._posted = posted

    async def do(self) -> tuple[str, Mapping[str, Any]]:
        """Do it; answers the id of the activity, "" for none that others get, and its document."""
        handler = HANDLERS.get(self._posted.type)
        if handler is None:
            raise declined(NOT_OFFERED)
        made = await handler(self)
        if isinstance(made, BoxedView):
            return made.activity, activity(made)
        return made, {**self._posted.said, "actor": self._person}

    async def create(self) -> BoxedView:
        """A message, in the conversation that it answers or names, or among those it is for."""
        if self._posted.object_type not in MESSAGES:
            raise declined(NOT_A_MESSAGE)
        where, answered = await place_of(self._services, self._person, self._posted)
        made = done(
            await post_message(
                self._desk,
                self._person,
                conversation_id=where,
                text=text_of(self._posted.object),
                characters_max=self._services.limits.message_characters,
                reply_to=answered,
                media_ids=await self._files(),
            )
        )
        sent = found(await find_message(self._person, made.resource))
        return found(await find_entry(self._person, sent.uri))

    async def update(self) -> BoxedView | str:
        """Other words for a message; or what the person says of themselves."""
        if self._posted.object_id == self._person:
            return await self._profile()
        entry = await self._entry()
        done(
            await message_life.edit_message(
                self._desk,
                self._person,
                entry.message.id,
                text=text_of(self._posted.object),
                characters_max=self._services.limits.message_characters,
            )
        )
        return found(await find_entry(self._person, self._posted.object_id))

    async def delete(self) -> str:
        """Take a message back."""
        entry = await self._entry()
        return _said(await message_life.delete_message(self._desk, self._person, entry.message.id))

    async def like(self) -> str:
        """A heart for a message."""
        return await self._react(HEART, reacts=True)

    async def react(self) -> str:
        """Any emoji for a message."""
        return await self._react(self._emoji(self._posted.said), reacts=True)

    async def follow(self) -> str:
        """Follow somebody."""
        _, made = done(await follow.follow(self._desk, self._person, await self._acct()))
        return made.activity

    async def accept(self) -> str:
        """Let somebody follow, or say yes to an invitation."""
        return await self._answer(accepts=True)

    async def reject(self) -> str:
        """The opposite."""
        return await self._answer(accepts=False)

    async def block(self) -> str:
        """Hide somebody, who is not told."""
        done(await hush.block(self._desk, self._person, await self._acct()))
        return ""

    async def flag(self) -> str:
        """Report somebody, with the messages that are named beside them."""
        named = ids(self._posted.said, "object")
        entries = [await find_entry(self._person, uri) for uri in named]
        messages = [entry for entry in entries if entry is not None]
        people = [uri for uri, entry in zip(named, entries, strict=True) if entry is None]
        authors = {*people, *(entry.message.author.uri for entry in messages)}
        if len(authors) != 1:
            raise declined(NO_ACCUSED)
        accused = done(await find_by_id(self._desk, authors.pop())).uri
        shown = done(await attached(self._person, accused, [one.message.id for one in messages]))
        comment = self._posted.said.get("content")
        words = comment if isinstance(comment, str) else ""
        wanted = report.Wanted(accused, shown, words, forwards=False)
        return _said(await report.report(self._desk, self._person, wanted))

    async def invite(self) -> str:
        """Ask somebody into a group: its target."""
        place = await group_named(self._person, self._posted.target)
        invitee = done(await find_invitee(self._desk, await self._acct()))
        return _said(await invite(self._desk, self._person, invitee, conversation_id=place))

    async def remove(self) -> str:
        """Put somebody out of a group: its target."""
        place = await group_named(self._person, self._posted.target)
        acct = await self._acct()
        return _said(await change_group.remove(self._desk, self._person, place, acct=acct))

    async def leave(self) -> str:
        """Leave a group."""
        place = await group_named(self._person, self._posted.object_id)
        return _said(await leave(self._desk, self._person, place))

    async def undo(self) -> str:
        """Take back a reaction, a follow or a block; the object is that activity, whole."""
        undone = self._posted.object
        inner = Deed(self._services, self._caller, done(read(undone, self._person)))
        match self._posted.object_type:
            case "Like":
                return await inner._react(HEART, reacts=False)
            case "EmojiReact":
                return await inner._react(self._emoji(undone), reacts=False)
            case "Follow":
                acct = await inner._acct()
                return _said(await follow.unfollow(self._desk, self._person, acct))
            case "Block":
                done(await hush.unblock(self._desk, self._person, await inner._acct()))
                return ""
            case _:
                raise declined(NOT_OFFERED)

    async def _entry(self) -> BoxedView:
        return found(await find_entry(self._person, self._posted.object_id))

    async def _acct(self) -> str:
        return await self._acct_of(self._posted.object_id)

    async def _acct_of(self, uri: str) -> str:
        actor = done(await find_by_id(self._desk, uri))
        return f"{actor.username}@{actor.domain}"

    async def _files(self) -> tuple[str, ...]:
        space, account = self._services.space, self._caller.account
        named = files_of(self._posted.object)
        kept = [await find_upload_at(account, url, space) for url in named]
        if None in kept:
            raise declined(NO_FILE)
        return tuple(each for each in kept if each)

    async def _react(self, emoji: str, *, reacts: bool) -> str:
        message = (await self._entry()).message.id
        made = message_life.react_to(self._desk, self._person, message, emoji=emoji, reacts=reacts)
        return _said(await made)

    def _emoji(self, said: Mapping[str, Any]) -> str:
        emoji = said.get("content")
        if not isinstance(emoji, str):
            raise declined(NO_CONTENT)
        return emoji

    async def _answer(self, *, accepts: bool) -> str:
        """Of a Follow, whole or by its actor; or of an invitation, by its id or its group."""
        if self._posted.object_type == "Follow":
            (follower, *_) = ids(self._posted.object, "actor") or ("",)
            acct = await self._acct_of(follower)
            made = await follow.answer_follow(self._desk, self._person, acct, accepts=accepts)
            return _said(made)
        place = found(await find_invited(self._person, self._posted.object_id))
        return _said(await (accept if accepts else decline)(self._desk, self._person, place))

    async def _profile(self) -> str:
        said = {name: self._posted.object.get(name) for name in ("name", "summary")}
        texts = {name: value for name, value in said.items() if isinstance(value, str)}
        wish = ProfileWish(name=texts.get("name"), bio=texts.get("summary"))
        entropy, now = self._desk.entropy, self._services.clock()
        changed = await change_profile(self._person, wish, new_id=entropy.new_id, now=now)
        done(changed)
        return ""


def _said(made: Made | Refused) -> str:
    return done(made).activity


HANDLERS: Final[Mapping[str, Callable[[Deed], Awaitable[BoxedView | str]]]] = {
    CREATE: Deed.create,
    "Update": Deed.update,
    "Delete": Deed.delete,
    "Like": Deed.like,
    "EmojiReact": Deed.react,
    "Follow": Deed.follow,
    "Accept": Deed.accept,
    "Reject": Deed.reject,
    "Block": Deed.block,
    "Flag": Deed.flag,
    "Invite": Deed.invite,
    "Add": Deed.invite,
    "Remove": Deed.remove,
    "Leave": Deed.leave,
    "Undo": Deed.undo,
}
