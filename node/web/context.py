"""What every page may use, made once when the node starts."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from federation.commands.people_lists import Taken
from federation.policy.domains import NO_RULES, Rules
from federation.protocol.verdict import Allowed, Refused
from node.entropy import Entropy
from node.http.client_address import Network
from node.identity.attempts import Attempts
from node.identity.caller import Caller
from node.identity.half_way import HalfWay
from node.identity.passkeys import Passkeys
from node.identity.passwords import Passwords
from node.identity.registration import Admissions
from node.identity.second_factor import SecondFactor
from node.web.rendering import Render, Site
from node.web.turns import Turns

# Makes an account from a name, a password hash and a role.
Register = Callable[[str, str, str], Awaitable[Allowed | Refused]]
# Shows whoever is signed in by a picture, from the bytes of a file.
SetPicture = Callable[[Caller, bytes], Awaitable[Allowed | Refused]]
# Blocks or mutes for a person all whom a file lists, by the name of the list.
BringList = Callable[[str, str, bytes], Awaitable[Taken | Refused]]
# Takes an archive over for an account, by its name; answers what came of each list in it.
BringArchive = Callable[[str, IO[bytes]], Awaitable[Mapping[str, Taken] | Refused]]
# Writes an archive of an account, by its name, with these words for people, to what takes bytes.
WriteArchive = Callable[[str, str, Callable[[bytes], Awaitable[None]]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page needs beside its request.

    Attributes:
        base_url: Scheme and host of this node.
        site: What every page says about the node.
        render: Answers a page to a request from a template.
        account_domain: The part of a handle after the @.
        now: The clock.
        proxies: Whose `X-Forwarded-For` is believed.
        asking: Who has asked to sign in with a passkey, which the database keeps for a while.
        register: Makes an account.
        set_picture: Takes somebody's picture in.
        upload_max_bytes: How large a file may be.
        room_bytes: How much room the files of one account may take.
        bring_list: Takes a list of people in.
        bring_archive: Takes over what somebody brings.
        write_archive: Writes down what somebody takes along.
        turns: Who takes an archive along.
        arrivals: Who brings one.
        admissions: Whether people may come without an invitation.
        rules: What the operator keeps out.
    """

    base_url: str
    site: Site
    account_domain: str
    render: Render
    now: Callable[[], datetime]
    entropy: Entropy
    passwords: Passwords
    attempts: Attempts
    half_way: HalfWay
    second_factor: SecondFactor
    passkeys: Passkeys
    asking: Attempts
    proxies: tuple[Network, ...]
    register: Register
    set_picture: SetPicture
    upload_max_bytes: int
    room_bytes: int
    bring_list: BringList
    bring_archive: BringArchive
    write_archive: WriteArchive
    turns: Turns
    arrivals: Turns
    admissions: Admissions
    rules: Callable[[], Rules] = lambda: NO_RULES
