"""The front ends of a node in one application."""

from functools import partial

from aiohttp import web

from federation.commands.look_up import Lookups
from node.activitypub_api.routes import activitypub_endpoints, for_owners_too
from node.app_keys import SERVICES
from node.contexts import admin_of, mastodon_of, oauth_of, pages_of, services_of
from node.covey_api import remote_media
from node.covey_api.routes import api_endpoints
from node.fediverse.routes import fediverse_endpoints
from node.http.application import polite_application
from node.http.arrival import ARRIVED
from node.http.cursors import CURSORS, Cursors
from node.http.doorkeeper import Doorkeeper, doorkeeping
from node.http.middleware import hosts_of
from node.http.routes import Endpoint, register, unguarded
from node.identity.guard import ApiGuard
from node.live import LIVE
from node.mastodon.manners import with_known_errors
from node.mastodon.routes import mastodon_endpoints
from node.oauth.routes import oauth_endpoints
from node.ops.health import HEALTH, health_endpoints
from node.ops.timing import timed
from node.parts import Parts
from node.pulse import was_said
from node.roles import Role
from node.web.errors import error_page
from node.web.pages.join_link import link_page
from node.web.pages.person import person_page
from node.web.routes import web_endpoints
from node.web.static_files import load_files


def build_app(parts: Parts, role: Role) -> web.Application:
    """All front ends of this node, behind one set of manners."""
    server, now = parts.config.server, parts.clock.now
    space = parts.space
    is_https = space.base_url.startswith("https://")
    static = load_files()
    pages = pages_of(parts, static)
    app = polite_application(
        hosts=hosts_of(space.base_url),
        new_id=parts.entropy.new_id,
        is_https=is_https,
        anywhere=HEALTH,
        draw=partial(error_page, render=pages.render),
        proxies=pages.proxies,
    )
    app.middlewares.append(doorkeeping(_doorkeeper(parts), HEALTH))
    app.middlewares.append(with_known_errors)
    app[SERVICES] = services_of(parts)
    app[LIVE] = parts.live
    app[CURSORS] = Cursors(server.sealing_key)
    app.on_shutdown.append(_end_streams)
    register(app, (*_health(parts, role), ARRIVED), unguarded)
    foreign = fediverse_endpoints(
        person_page(pages.render), link_page(pages.render), parts.entropy.jitter
    )
    register(app, for_owners_too(foreign, now), unguarded)
    register(app, activitypub_endpoints(Lookups(parts.desk, now), now), unguarded)
    register(app, api_endpoints(), ApiGuard(space.base_url, now), timed(parts.tally.api))
    register(app, remote_media.ENDPOINTS, unguarded)
    register(app, oauth_endpoints(oauth_of(parts, pages)), unguarded)
    register(app, mastodon_endpoints(mastodon_of(parts, static), now), unguarded)
    register(app, web_endpoints(pages, static), unguarded)
    register(app, admin_of(parts, pages), unguarded)
    return app


def _doorkeeper(parts: Parts) -> Doorkeeper:
    return Doorkeeper(parts.policy.last_rules, parts.clock.now, parts.tally.policy.add)


def build_health(parts: Parts) -> web.Application:
    """What a process without front ends says of itself."""
    app = polite_application(hosts=(), new_id=parts.entropy.new_id, is_https=False, anywhere=HEALTH)
    register(app, _health(parts, Role.WORKER), unguarded)
    return app


def _health(parts: Parts, role: Role) -> tuple[Endpoint, ...]:
    """The workers are those of this process, or whichever others have."""
    now, pulse = parts.clock.now, parts.pulse

    async def do_workers_beat() -> bool:
        return pulse.is_beating() if role.has_workers else await was_said(now())

    return health_endpoints(now, parts.restoration.may_send, do_workers_beat)


async def _end_streams(app: web.Application) -> None:
    app[LIVE].close()
