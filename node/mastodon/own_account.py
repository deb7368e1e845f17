"""Who the caller is, and how they like things."""

import re
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from federation.commands.doors import change_doors
from federation.commands.pictures import set_own_picture
from federation.commands.profile import ProfileWish, change_profile, judge_profile
from federation.commands.upload_media import Upload
from federation.content.markdown import to_html
from federation.queries.numbered import find_face
from federation.queries.people import find_doors
from federation.queries.profiles import count_ties, count_waiting, own_profile
from node.http.fields import Fields, read_fields
from node.http.forms import FORM, read_maybe_file_form
from node.http.routes import Endpoint, Scope
from node.identity.appearance import find_appearance
from node.mastodon.answers import done, found, told
from node.mastodon.call import caller_of, is_on, services_of
from node.mastodon.context import MastodonContext
from node.mastodon.entities.account import Own, Said, credential_account

PICTURE: Final = "avatar"
DETAILS: Final = "fields_attributes"
DETAIL: Final = re.compile(DETAILS + r"\[([0-9]{1,3})\]\[(?:name|value)\]")


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """The caller's account and preferences."""

    async def change(request: web.Request) -> web.Response:
        await _change(request)
        return await show(request)

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
        followers, following = await count_ties(caller.actor_uri)
        counts = {"followers_count": followers, "following_count": following}
        return told(credential_account(face, context.site, said, own) | counts)

    return (
        Endpoint(
            "GET",
            "/api/v1/accounts/verify_credentials",
            show,
            Scope.READ_ACCOUNTS_OR_PROFILE,
        ),
        Endpoint("PATCH", "/api/v1/accounts/update_credentials", change, Scope.WRITE_ACCOUNTS),
        Endpoint("GET", "/api/v1/preferences", _prefer, Scope.READ_ACCOUNTS),
    )


async def _change(request: web.Request) -> None:
    """Change what is said; what cannot be set here is left as it is.

    Nothing is changed where any part is refused.
    """
    services, person = services_of(request), caller_of(request).actor_uri
    said, picture = await _read(request)
    wish = ProfileWish(
        said.text("display_name") if "display_name" in said.values else None,
        said.text("note") if "note" in said.values else None,
        _details(said),
    )
    done(judge_profile(wish))
    if picture is not None:
        done(await set_own_picture(services.intake, person, picture, services.space))
    new_id, now = services.desk.entropy.new_id, services.clock()
    done(await change_profile(person, wish, new_id=new_id, now=now))
    if said.text("locked"):
        doors = {"approves_followers": is_on(said, "locked")}
        done(await change_doors(person, doors, new_id=new_id, now=now))


async def _read(request: web.Request) -> tuple[Fields, Upload | None]:
    """What is said, and the picture that comes with it."""
    if request.content_type != FORM:
        return await read_fields(request), None
    limit = services_of(request).upload_max_bytes
    form = await read_maybe_file_form(request, field=PICTURE, limit_bytes=limit)
    said = Fields({name: (text,) for name, text in form.texts.items()})
    if not form.data:
        return said, None
    account = caller_of(request).account
    return said, Upload(account=account, data=form.data, name=form.name, description="")


def _details(said: Fields) -> Sequence[tuple[str, str]] | None:
    """The fields of a profile, by the number that each has; None where nothing is said of them."""
    named = {match[1] for name in said.values if (match := DETAIL.fullmatch(name))}
    if not named:
        return None
    pairs = [
        (said.text(f"{DETAILS}[{one}][name]"), said.text(f"{DETAILS}[{one}][value]"))
        for one in sorted(named, key=lambda one: (len(one), one))
    ]
    return [(label, value) for label, value in pairs if label or value]


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
