"""What the pages of those who run the node need of it, made once when the node starts."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiohttp import web

from federation.commands.deeds import By
from federation.commands.desk import Desk
from federation.commands.register_account import Mint
from federation.commands.rule_change import Ground
from federation.policy.domains import Rules
from federation.policy.rule import Policy
from node.entropy import Entropy
from node.identity.caller import Caller


@dataclass(frozen=True, slots=True)
class Pages:
    """How a person is met in a browser.

    Attributes:
        render: Answers a page to a request from a template.
        words: What is to be said, by the key of a text and what is put in.
        require_caller: Who is signed in; leads whoever is not to where they can, and back to this
            path of ours.
        read_form: The fields of a form of our page, which repeats this token of a session.
    """

    render: Callable[..., web.Response]
    words: Callable[..., object]
    require_caller: Callable[[web.Request, str], Awaitable[Caller]]
    read_form: Callable[[web.Request, str], Awaitable[Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class AdminContext:
    """What a page of those who run the node needs beside its request.

    Attributes:
        base_url: Scheme and host of this node.
        now: The clock.
        folder: Where the data of this node lies.
        mint: What it takes to make an account.
        may_send: Whether anything leaves the node.
        desk: Where what is to be done is handed in.
        rules: Of the operator, those in force.
        written: Those of the configuration and its files.
        own_hosts: Names of this node.
        remote_room_bytes: How much room files of others may take.
    """

    base_url: str
    pages: Pages
    now: Callable[[], datetime]
    entropy: Entropy
    mint: Mint
    folder: Path
    may_send: Callable[[], bool]
    desk: Desk
    rules: Callable[[], Rules]
    written: Callable[[], Policy]
    own_hosts: Sequence[str]
    remote_room_bytes: int

    def ground(self, by: By, *, dry_run: bool) -> Ground:
        """What a change of rules stands on that somebody makes here, or only looks at."""
        return Ground(
            self.written(), self.own_hosts, self.entropy.new_id, self.now(), by, dry_run=dry_run
        )
