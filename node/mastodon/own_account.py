"""Who the caller is, and how they like things."""

from collections.abc import Sequence

from aiohttp import web

from federation.content.markdown import to_html
from federation.queries.numbered import find_face
from federation.queries.people import find_doors
from federation.queries.profiles import count_waiting, own_profile
from node.http.routes import Endpoint, Scope
from node.identity.appearance import find_appearance
from node.mastodon.answers import found, told
from node.mastodon.call import caller_of, services_of
from node.mastodon.context import MastodonContext
from node.mastodon.entities.account import Own, Said, credential_account


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """The caller's account and preferences."""

    async def show(request: web.Request) -> web.Response:
        caller, services = caller_of(request), services_of(request)
        face = found(await find_face(caller.actor_uri, services.space))
        profile = await own_profile(caller.actor_uri)
        doors = await find_doors(caller.actor_uri)
        own = Own(
            note=profile.bio,
            fields=profile.details,
            language=(await find_appearance(caller.account)).language,
            role=caller.role,
            requests=await count_waiting(caller.actor_uri),
        )
        said = _said(profile.bio, profile.details, is_locked=doors.approves_followers)
        return told(credential_account(face, context.site, said, own))

    return (
        Endpoint(
            "GET",
            "/api/v1/accounts/verify_credentials",
            show,
            Scope.READ_ACCOUNTS_OR_PROFILE,
        ),
        Endpoint("GET", "/api/v1/preferences", _prefer, Scope.READ_ACCOUNTS),
    )


async def _prefer(request: web.Request) -> web.Response:
    language = (await find_appearance(caller_of(request).account)).language
    return told(
        {
            "posting:default:visibility": "direct",
            "posting:default:sensitive": False,
            "posting:default:language": language or None,
            "reading:expand:media": "default",
            "reading:expand:spoilers": False,
        }
    )


def _said(bio: str, details: Sequence[tuple[str, str]], *, is_locked: bool) -> Said:
    """What somebody has typed, as others are shown it."""
    note = to_html(bio) if bio else ""
    fields = [(label, to_html(value)) for label, value in details]
    return Said(note, fields, is_locked=is_locked)
