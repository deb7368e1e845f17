"""What a node is made of, put together once from its configuration."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from federation.commands.desk import Desk, taker
from federation.commands.preview import Previews
from federation.commands.register_account import Mint
from federation.commands.upload_media import Intake
from federation.commands.whisper import Whispers
from federation.inbound.admission import Admission, admit
from federation.inbound.authenticate import Authenticator
from federation.inbound.early import Early
from federation.inbound.process import InboxWorker
from federation.inbound.rates import Rates
from federation.inbound.reader import REMEMBERED_BYTES
from federation.inbound.receive import Checks, Receiver
from federation.inbound.repair import RepairWorker, ask_for_state
from federation.inbound.standing import Standings
from federation.keyring import Keyring
from federation.outbound.deliver import DeliveryWorker, Means
from federation.outbound.fleeting import Fleeting
from federation.outbound.typists import Typists
from federation.pipeline.item import Draft
from federation.pipeline.outcome import Outcome
from federation.pipeline.prepare import Tools
from federation.protocol.namespace import Namespace
from federation.queries.limits import IN_FORCE
from federation.remote.actors import Directory
from federation.remote.allowance import Allowances, Newcomers
from federation.remote.key_memory import KeyMemory
from federation.remote.keys import RemoteKeys
from federation.remote.media import RemoteMedia
from federation.remote.objects import Fetcher
from federation.remote.schemes import Schemes
from federation.remote.webfinger import HandleResolver
from federation.transport.client import Client
from federation.upkeep.lists import Library
from node.clock import Clock
from node.config.sections import Config
from node.entropy import Entropy
from node.library import library_of
from node.live import Live
from node.media.derive import Derivation
from node.media.kept import media_kept
from node.policy_in_force import PolicyInForce, policy_of
from node.pulse import Pulse
from node.reach import client_settings, limits_of
from node.release import own_version
from node.restoration import Restoration
from node.roles import Role
from node.web_push.app_tokens import AppTokens
from node.web_push.pusher import Pusher
from node.web_push.vapid import Vapid
from storage import database, delivery_queue, failpoint
from storage.delivery_queue import Lane, Take, Turn
from storage.group_commit import GroupCommit
from storage.sealing import Sealer
from storage.tally import Tally

# A file may be forty times as large as a document.
MEDIA_TIMEOUT_S: Final = 60.0
MEDIA_CONNECTIONS_PER_HOST: Final = 2


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that lives as long as the node; front ends and workers share it."""

    config: Config
    clock: Clock
    entropy: Entropy
    pulse: Pulse
    restoration: Restoration
    policy: PolicyInForce
    space: Namespace
    directory: Directory
    keys: RemoteKeys
    key_memory: KeyMemory
    standings: Standings
    authenticator: Authenticator
    receiver: Receiver
    whispers: Whispers
    desk: Desk
    intake: Intake
    remote_media: RemoteMedia
    mint: Mint
    live: Live
    tally: Tally
    committers: tuple[GroupCommit[Any, Any], ...]
    tools: Tools
    inbox: InboxWorker
    repairs: RepairWorker
    deliveries: DeliveryWorker
    app_tokens: AppTokens
    pusher: Pusher
    previews: Previews
    library: Library


def namespace_of(config: Config) -> Namespace:
    """The URLs that a node of this configuration mints."""
    server = config.server
    return Namespace(server.base_url, server.netloc, server.domain)


@asynccontextmanager
async def assembled(
    config: Config, clock: Clock, entropy: Entropy | None = None, role: Role = Role.ALL
) -> AsyncIterator[Parts]:
    """The parts of a node whose database is open, until the block ends."""
    entropy = entropy or Entropy(clock.now)
    settings = client_settings(config, f"Covey/{own_version()}")
    slow = replace(
        settings,
        total_timeout_s=MEDIA_TIMEOUT_S,
        connections_per_host=MEDIA_CONNECTIONS_PER_HOST,
    )
    policy = policy_of(config, clock.now, database.current().tally)
    IN_FORCE.set(policy.last_rules)
    newcomers = Newcomers(clock.now)
    fast = Client(settings, policy.keeps_out, newcomers.wait_s)
    media = Client(slow, policy.keeps_out, newcomers.wait_s)
    async with fast as client, media as slow_client:
        yield _put_together(config, clock, entropy, Ways(client, slow_client, policy), role)


@dataclass(frozen=True, slots=True)
class Ways:
    """How other servers are reached, and which are not."""

    client: Client
    slow_client: Client
    policy: PolicyInForce


def _put_together(config: Config, clock: Clock, entropy: Entropy, ways: Ways, role: Role) -> Parts:
    client, policy, tally = ways.client, ways.policy, database.current().tally
    space, allow_http = namespace_of(config), config.federation.allow_http
    sealer = Sealer(config.server.sealing_key)
    keyring, memory = Keyring(sealer, space), KeyMemory(tally)
    schemes, allowances = Schemes(clock.now), Allowances(clock.now)
    fetcher = Fetcher(client, keyring, space, clock.now, schemes, allowances, allow_http)
    directory = Directory(fetcher, memory)
    keys = RemoteKeys(directory, memory)
    rates = Rates(limits_of(config), clock.monotonic)
    authenticator = Authenticator(
        keys,
        rates,
        allow_http=allow_http,
        rules=policy.rules,
        tally=tally,
        remembered_bytes=REMEMBERED_BYTES if role.has_workers else 0,
    )
    restoration, standings = Restoration(Path(config.server.data_dir)), Standings()
    tools = Tools(
        space=space,
        keyring=keyring,
        new_id=entropy.new_id,
        is_restored=lambda: restoration.has_forgotten(clock.now()),
        may_send=restoration.may_send,
        state_changed=standings.forget,
        rules=policy.rules,
        count=tally.policy.add,
    )
    admissions: GroupCommit[Admission, bool] = GroupCommit(
        partial(admit, new_id=entropy.new_id), hit=failpoint.hit
    )
    drafts: GroupCommit[Draft, Outcome] = GroupCommit(
        taker(tools, clock.now, restoration.may_send), hit=failpoint.hit
    )
    turns: GroupCommit[Take | Turn, Lane | None] = GroupCommit(delivery_queue.turn)
    means = Means(
        client=client,
        keyring=keyring,
        directory=directory,
        turn=turns.submit,
        clock=clock.now,
        chance=entropy.jitter,
        new_token=entropy.hexadecimal,
        on_forbidden=partial(ask_for_state, new_id=entropy.new_id, clock=clock.now),
        schemes=schemes,
        may_send=restoration.may_send,
        rules=policy.rules,
        tally=tally,
    )
    live = Live()
    typists, fleeting = Typists(live.tell), Fleeting(client, keyring, schemes, clock.now)
    kept, vapid = media_kept(config), Vapid(config.server.sealing_key, space.base_url)
    app_tokens = AppTokens(config.server.sealing_key)
    derivation = Derivation(config.media.image_pixels_max)
    derive = derivation.derive
    return Parts(
        config=config,
        clock=clock,
        entropy=entropy,
        pulse=Pulse(clock.monotonic),
        restoration=restoration,
        policy=policy,
        space=space,
        directory=directory,
        keys=keys,
        key_memory=memory,
        standings=standings,
        authenticator=authenticator,
        receiver=Receiver(
            authenticator,
            admissions,
            entropy.new_id,
            clock.now,
            typists,
            Checks(standings, Early(policy.rules, entropy.new_id, tally.policy.add)),
        ),
        whispers=Whispers(fleeting, typists, entropy.new_id, clock.now),
        desk=Desk(
            drafts=drafts,
            directory=directory,
            resolver=HandleResolver(directory),
            space=space,
            sealer=sealer,
            keyring=keyring,
            entropy=entropy,
            clock=clock.now,
            rules=policy.rules,
            tally=tally,
        ),
        intake=Intake(
            kept.own, derive, derivation.square, entropy, clock.now, config.media.user_max
        ),
        remote_media=RemoteMedia(ways.slow_client, kept.remote, derive, clock.now, kept.max_bytes),
        mint=Mint(space, sealer, entropy, clock.now),
        live=live,
        tally=tally,
        committers=(admissions, drafts, turns),
        tools=tools,
        inbox=InboxWorker(tools, authenticator.reader, tally),
        repairs=RepairWorker(tools, authenticator, directory, allow_http=allow_http, tally=tally),
        deliveries=DeliveryWorker(means),
        app_tokens=app_tokens,
        pusher=Pusher(client, vapid, app_tokens, clock.now, entropy, restoration.may_send),
        previews=Previews(client, clock.now),
        library=library_of(ways.slow_client, policy, config.server.names, entropy),
    )
