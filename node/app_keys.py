"""What handlers take from the application they run in, under typed keys."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from federation.commands.desk import Desk
from federation.commands.preview import Previews
from federation.commands.upload_media import Intake
from federation.commands.whisper import Whispers
from federation.inbound.authenticate import Authenticator
from federation.inbound.receive import Receiver
from federation.protocol.namespace import Namespace
from federation.remote.media import RemoteMedia
from node.config.limits import LimitsConfig
from node.config.registration import RegistrationConfig
from storage.tally import Tally


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a node that handlers ask.

    Attributes:
        server_name: What people call this node.
        whispers: What others are told in passing.
        desk: Where people's wishes are handed in.
        limits: How much is too much.
        intake: Where people's files are taken in.
        remote_media: Files of other servers.
        previews: Looks at pages of the web for people.
        queue_retention: How long a delivery is tried.
        push_key: Answers the key by which push services know this node.
        seal_token: Seals an app's token, which has this hash, for its pushes.
        registration: Whether people may come without an invitation.
        tally: Where handlers count.
    """

    space: Namespace
    receiver: Receiver
    whispers: Whispers
    authenticator: Authenticator
    clock: Callable[[], datetime]
    server_name: str
    desk: Desk
    limits: LimitsConfig
    intake: Intake
    remote_media: RemoteMedia
    upload_max_bytes: int
    queue_retention: timedelta
    push_key: Callable[[], Awaitable[str]]
    previews: Previews
    seal_token: Callable[[str, str], str]
    registration: RegistrationConfig = field(default_factory=RegistrationConfig)
    tally: Tally = field(default_factory=Tally)


SERVICES: Final = web.AppKey("services", Services)
