"""Who may do what at each address of a node: one line for every route, and none is left out.

A kind says what each role is answered:

    public    everybody is served alike
    secret    whoever does not know the secret in the address finds nothing
    private   another server's people find nothing, unless they have a part in it
    inbox     nobody posts without a signature
    page      whoever is signed in sees it; others are led to the door
    form      nothing happens without the token of our own page
    asking    nobody is asked anything without an app that asks
    program   an app shows who it is, and no cookie counts
    preflight every page may ask whether it may ask
    box       who owns it, by a token
    own       everybody with an account, about themselves
    thing     whoever has a part in it; to all others it is not there
    staff     whoever moderates the node
    admin     whoever runs it
    staff page, staff form, admin page, admin form
              the same in a browser; tests/admin/test_who_may.py asks with sessions
"""

API = "/api/covey/v1"

PUBLIC = (
    "GET /",
    "GET /livez",
    "GET /livez/{rest}",
    "GET /readyz",
    "GET /sign-in",
    "GET /manifest.webmanifest",
    "GET /service-worker.js",
    "GET /chat-shell",
    "GET /static/{version}/{path}",
    "GET /u/{name}",
    "GET /actor",
    "GET /u/{name}/outbox",
    "GET /u/{name}/followers",
    "GET /u/{name}/following",
    "GET /.well-known/webfinger",
    "GET /.well-known/nodeinfo",
    "GET /nodeinfo/2.0",
    "GET /nodeinfo/2.1",
    "GET /.well-known/host-meta",
    "GET /.well-known/oauth-authorization-server",
    f"GET {API}/openapi.json",
)
SECRET = (
    "GET /setup/{token}",
    "GET /sign-up",
    "GET /sign-up/{token}",
    "GET /c/{id}/join/{token}",
    "GET /media/{token}/{name}",
    "GET /media/remote/{account}/{message}/{position}/{part}/{mac}",
)
PRIVATE = (
    "GET /m/{id}",
    "GET /u/{name}/n/{id}",
    "GET /u/{name}/n/{id}/create",
    "GET /u/{name}/d/{id}",
    "GET /u/{name}/log/{token}",
    "GET /c/{id}",
    "GET /c/{id}/affiliations",
    "GET /c/{id}/state",
    "GET /c/{id}/context",
    "GET /c/{id}/history",
)
INBOX = ("POST /inbox", "POST /u/{name}/inbox", "POST /c/{id}/inbox")
# Where a form is sent to there is nothing to see: it leads to the page of the form.
LEADING_BACK = (
    "GET /settings/sessions/end",
    "GET /settings/sessions/end-others",
    "GET /settings/apps/end",
    "GET /settings/profile",
    "GET /settings/picture",
    "GET /settings/picture/remove",
    "GET /settings/privacy",
    "GET /settings/appearance",
    "GET /settings/keyboard",
    "GET /settings/quiet-hours",
    "GET /settings/notified-device",
    "GET /settings/blocks/end",
    "GET /settings/blocks/import",
    "GET /settings/blocks/hosts/end",
    "GET /settings/mutes/end",
    "GET /settings/mutes/import",
    "GET /settings/password",
    "GET /settings/export",
    "GET /settings/import",
    "GET /settings/account/delete",
    "GET /settings/passkeys",
    "GET /settings/passkeys/add",
    "GET /settings/passkeys/rename",
    "GET /settings/passkeys/remove",
    "GET /settings/second-factor/on",
    "GET /settings/second-factor/off",
)
PAGE = (
    *LEADING_BACK,
    "GET /chat",
    "GET /chat/{conversation}",
    "GET /chat/people/{acct}",
    "GET /settings",
    "GET /settings/blocks",
    "GET /settings/blocks.csv",
    "GET /settings/mutes.csv",
    "GET /settings/limited-servers",
    "GET /settings/lost-contacts",
    "GET /settings/second-factor",
    "GET /sign-in/code",
)
FORM = (
    "POST /sign-in",
    "POST /sign-in/code",
    "POST /sign-in/passkey",
    "POST /sign-in/passkey/challenge",
    "POST /sign-out",
    "POST /oauth/authorize",
    "POST /setup/{token}",
    "POST /sign-up",
    "POST /sign-up/{token}",
    "POST /settings/sessions/end",
    "POST /settings/sessions/end-others",
    "POST /settings/apps/end",
    "POST /settings/profile",
    "POST /settings/picture",
    "POST /settings/picture/remove",
    "POST /settings/privacy",
    "POST /settings/appearance",
    "POST /settings/keyboard",
    "POST /settings/quiet-hours",
    "POST /settings/notified-device",
    "POST /settings/blocks/end",
    "POST /settings/blocks/import",
    "POST /settings/blocks/hosts/end",
    "POST /settings/mutes/end",
    "POST /settings/mutes/import",
    "POST /settings/password",
    "POST /settings/export",
    "POST /settings/import",
    "POST /settings/account/delete",
    "POST /settings/passkeys",
    "POST /settings/passkeys/add",
    "POST /settings/passkeys/rename",
    "POST /settings/passkeys/remove",
    "POST /settings/second-factor",
    "POST /settings/second-factor/on",
    "POST /settings/second-factor/off",
)
ASKING = ("GET /oauth/authorize", "GET /oauth/authorize/")
PROGRAM = (
    "POST /api/v1/apps",
    "GET /api/v1/apps/verify_credentials",
    "POST /oauth/register",
    "POST /oauth/token",
    "POST /oauth/revoke",
)
PREFLIGHT = (
    "OPTIONS /.well-known/oauth-authorization-server",
    "OPTIONS /api/v1/apps",
    "OPTIONS /api/v1/apps/verify_credentials",
    "OPTIONS /oauth/register",
    "OPTIONS /oauth/token",
    "OPTIONS /oauth/revoke",
    "OPTIONS /oauth/userinfo",
)
# The ActivityPub API.
BOX = (
    "GET /u/{name}/events",
    "GET /u/{name}/inbox",
    "POST /u/{name}/outbox",
    "GET /u/{name}/pending-followers",
    "GET /u/{name}/pending-following",
)
ACTIVITYPUB_OWN = ("POST /activitypub/proxy", "POST /activitypub/media")
# Pages of other sites ask before they call these as well, which others call too.
ACTIVITYPUB_SHARED = (
    "GET /u/{name}/outbox",
    "GET /u/{name}/n/{id}",
    "GET /u/{name}/n/{id}/create",
    "GET /c/{id}",
)
# Mastodon's API; each of its addresses has a slash behind it or none.
MASTODON_PUBLIC = (
    "GET /api/v1/streaming/health",
    "GET /api/v1/instance",
    "GET /api/v2/instance",
    "GET /api/v1/instance/extended_description",
    "GET /api/v1/instance/privacy_policy",
    "GET /api/v1/instance/terms_of_service",
    "GET /api/v1/timelines/public",
    "GET /api/v1/timelines/tag/{tag}",
    "GET /api/v1/timelines/link",
    "GET /api/v1/custom_emojis",
    "GET /api/v1/trends",
    "GET /api/v1/trends/tags",
    "GET /api/v1/trends/statuses",
    "GET /api/v1/trends/links",
    "GET /api/v1/directory",
    "GET /api/v1/instance/peers",
    "GET /api/v1/instance/rules",
    "GET /api/v1/instance/activity",
    "GET /api/v1/instance/domain_blocks",
)
MASTODON_OWN = (
    "GET /api/v1/accounts/verify_credentials",
    "PATCH /api/v1/accounts/update_credentials",
    "GET /api/v1/preferences",
    "GET /api/v1/timelines/home",
    "GET /api/v1/scheduled_statuses",
    "GET /api/v1/timelines/list/{id}",
    "GET /api/v1/lists",
    "GET /api/v1/filters",
    "GET /api/v2/filters",
    "GET /api/v1/followed_tags",
    "GET /api/v1/endorsements",
    "GET /api/v1/featured_tags",
    "GET /api/v1/announcements",
    "GET /api/v1/suggestions",
    "GET /api/v2/suggestions",
    "GET /api/v1/bookmarks",
    "GET /api/v1/favourites",
    "GET /api/v1/conversations",
    "GET /api/v1/statuses",
    "POST /api/v1/statuses",
    "POST /api/v1/media",
    "POST /api/v2/media",
    "GET /api/v1/accounts/search",
    "GET /api/v1/accounts/lookup",
    "GET /api/v1/accounts/relationships",
    "GET /api/v1/accounts/familiar_followers",
    "GET /api/v1/accounts/{id}",
    "GET /api/v1/accounts/{id}/statuses",
    "GET /api/v1/accounts/{id}/followers",
    "GET /api/v1/accounts/{id}/following",
    "GET /api/v1/accounts/{id}/lists",
    "GET /api/v1/accounts/{id}/featured_tags",
    "POST /api/v1/accounts/{id}/follow",
    "POST /api/v1/accounts/{id}/unfollow",
    "POST /api/v1/accounts/{id}/block",
    "POST /api/v1/accounts/{id}/unblock",
    "POST /api/v1/accounts/{id}/mute",
    "POST /api/v1/accounts/{id}/unmute",
    "GET /api/v1/blocks",
    "GET /api/v1/mutes",
    "GET /api/v1/follow_requests",
    "POST /api/v1/follow_requests/{id}/authorize",
    "POST /api/v1/follow_requests/{id}/reject",
    "GET /api/v2/search",
    "POST /api/v1/reports",
    "GET /api/v1/notifications",
    "GET /api/v1/notifications/requests",
    "GET /api/v1/notifications/unread_count",
    "GET /api/v2/notifications",
    "GET /api/v2/notifications/unread_count",
    "GET /api/v2/notifications/policy",
    "PATCH /api/v2/notifications/policy",
    "POST /api/v1/notifications/clear",
    "GET /api/v1/notifications/{id}",
    "POST /api/v1/notifications/{id}/dismiss",
    "GET /api/v2/notifications/{group}",
    "GET /api/v2/notifications/{group}/accounts",
    "POST /api/v2/notifications/{group}/dismiss",
    "GET /api/v1/notifications/requests/merged",
    "POST /api/v1/notifications/requests/accept",
    "POST /api/v1/notifications/requests/dismiss",
    "GET /api/v1/notifications/requests/{id}",
    "POST /api/v1/notifications/requests/{id}/accept",
    "POST /api/v1/notifications/requests/{id}/dismiss",
    "GET /api/v1/markers",
    "POST /api/v1/markers",
    "GET /api/v1/push/subscription",
    "POST /api/v1/push/subscription",
    "PUT /api/v1/push/subscription",
    "DELETE /api/v1/push/subscription",
    "GET /api/v1/streaming",
    "GET /api/v1/streaming/user",
    "GET /api/v1/streaming/user/notification",
    "GET /api/v1/streaming/direct",
)
MASTODON_ADMIN = (
    "GET /api/v1/admin/domain_blocks",
    "POST /api/v1/admin/domain_blocks",
    "GET /api/v1/admin/domain_blocks/{id}",
    "PUT /api/v1/admin/domain_blocks/{id}",
    "DELETE /api/v1/admin/domain_blocks/{id}",
    "GET /api/v1/admin/domain_allows",
    "POST /api/v1/admin/domain_allows",
    "GET /api/v1/admin/domain_allows/{id}",
    "DELETE /api/v1/admin/domain_allows/{id}",
    "POST /api/v1/admin/measures",
)
MASTODON_THING = (
    "GET /api/v1/media/{id}",
    "PUT /api/v1/media/{id}",
    "POST /api/v1/conversations/{id}/read",
    "POST /api/v1/conversations/{id}/unread",
    "DELETE /api/v1/conversations/{id}",
    "GET /api/v1/statuses/{id}",
    "GET /api/v1/statuses/{id}/context",
    "GET /api/v1/statuses/{id}/source",
    "GET /api/v1/statuses/{id}/history",
    "GET /api/v1/statuses/{id}/favourited_by",
    "GET /api/v1/statuses/{id}/reblogged_by",
    "PUT /api/v1/statuses/{id}",
    "DELETE /api/v1/statuses/{id}",
    "POST /api/v1/statuses/{id}/favourite",
    "POST /api/v1/statuses/{id}/unfavourite",
    "POST /api/v1/statuses/{id}/reblog",
    "POST /api/v1/statuses/{id}/unreblog",
    "POST /api/v1/statuses/{id}/bookmark",
    "POST /api/v1/statuses/{id}/unbookmark",
    "POST /api/v1/statuses/{id}/pin",
    "POST /api/v1/statuses/{id}/unpin",
)
OWN = (
    "GET /me",
    "PATCH /me",
    "PUT /me/picture",
    "DELETE /me/picture",
    "GET /sessions",
    "DELETE /sessions",
    "GET /apps",
    "GET /people",
    "GET /search",
    "GET /push",
    "POST /previews",
    "POST /push/subscriptions",
    "DELETE /push/subscriptions",
    "POST /reports",
    "POST /people/resolve",
    "GET /people/{acct}",
    "GET /people/{acct}/picture",
    "GET /follows",
    "GET /followers",
    "GET /followers/requests",
    "POST /followers/requests/{acct}/accept",
    "POST /followers/requests/{acct}/decline",
    "POST /follows",
    "DELETE /follows/{acct}",
    "GET /limited_servers",
    "GET /lost_contacts",
    "GET /blocks",
    "POST /blocks",
    "DELETE /blocks",
    "DELETE /blocks/{acct}",
    "GET /host_blocks",
    "POST /host_blocks",
    "DELETE /host_blocks/{host}",
    "GET /mutes",
    "POST /mutes",
    "DELETE /mutes/{acct}",
    "POST /conversations/join",
    "POST /conversations",
    "GET /conversations",
    "POST /media",
    "GET /events",
)
THING = (
    "DELETE /sessions/{session}",
    "DELETE /apps/{app}",
    "POST /conversations/{id}/move",
    "POST /conversations/{id}/follow_home",
    "PATCH /conversations/{id}",
    "DELETE /conversations/{id}",
    "GET /conversations/{id}",
    "GET /conversations/{id}/picture",
    "PUT /conversations/{id}/picture",
    "DELETE /conversations/{id}/picture",
    "POST /conversations/{id}/accept",
    "POST /conversations/{id}/decline",
    "POST /conversations/{id}/leave",
    "POST /conversations/{id}/read",
    "POST /conversations/{id}/typing",
    "POST /conversations/{id}/mute",
    "DELETE /conversations/{id}/mute",
    "PATCH /conversations/{id}/preferences",
    "PUT /conversations/{id}/draft",
    "DELETE /conversations/{id}/draft",
    "GET /conversations/{id}/request",
    "DELETE /conversations/{id}/request",
    "POST /conversations/{id}/refuse",
    "DELETE /conversations/{id}/refuse",
    "GET /conversations/{id}/presence",
    "POST /conversations/{id}/members",
    "PATCH /conversations/{id}/members/{acct}",
    "DELETE /conversations/{id}/members/{acct}",
    "POST /conversations/{id}/links",
    "GET /conversations/{id}/links",
    "DELETE /conversations/{id}/links/{link}",
    "GET /conversations/{id}/changes",
    "GET /conversations/{id}/messages",
    "POST /conversations/{id}/messages",
    "PUT /media/{id}/description",
    "GET /messages/{id}",
    "GET /messages/{id}/delivery",
    "PATCH /messages/{id}",
    "DELETE /messages/{id}",
    "GET /messages/{id}/edits",
    "PUT /messages/{id}/reactions/{emoji}",
    "DELETE /messages/{id}/reactions/{emoji}",
)
STAFF = (
    "GET /admin/reports",
    "GET /admin/reports/{report}",
    "POST /admin/reports/{report}/close",
)
ADMIN = (
    "GET /admin/queue",
    "GET /admin/peers",
    "GET /admin/accounts",
    "GET /admin/audit",
    "GET /admin/policy/domains",
    "GET /admin/policy/domains/{domain}",
    "PUT /admin/policy/domains/{domain}",
    "DELETE /admin/policy/domains/{domain}",
)

ADMIN_PAGE = (
    "GET /admin/accounts",
    "GET /admin/accounts/{name}",
    "GET /admin/sign-ups",
    "GET /admin/invites",
    "GET /admin/peers",
    "GET /admin/peers/{host}",
    "GET /admin/queue",
    "GET /admin/audit",
    "GET /admin/media",
    "GET /admin/policy",
    "GET /admin/policy/new",
    "GET /admin/policy/rules/{rule}",
    "GET /admin/policy/explain",
    "GET /admin/lists",
    "GET /admin/lists/{list}",
)
ADMIN_FORM = (
    "POST /admin/accounts/{name}/role",
    "POST /admin/accounts/{name}/suspend",
    "POST /admin/accounts/{name}/restore",
    "POST /admin/accounts/{name}/sign-out",
    "POST /admin/accounts/{name}/second-factor",
    "POST /admin/sign-ups/{name}/approve",
    "POST /admin/sign-ups/{name}/reject",
    "POST /admin/invites",
    "POST /admin/invites/{link}/revoke",
    "POST /admin/peers/{host}/retry",
    "POST /admin/peers/{host}/block",
    "POST /admin/peers/{host}/unblock",
    "POST /admin/queue/retry",
    "POST /admin/queue/drop",
    "POST /admin/audit/export",
    "POST /admin/policy/new",
    "POST /admin/policy/rules/{rule}",
    "POST /admin/policy/rules/{rule}/expire",
    "POST /admin/policy/rules/{rule}/revert",
    "POST /admin/policy/explain",
    "POST /admin/lists/{list}/read",
    "POST /admin/lists/{list}/adopt",
)
# To who only moderates, the first is a way to the second.
STAFF_PAGE = ("GET /admin", "GET /admin/reports", "GET /admin/reports/{report}", "GET /admin/held")
STAFF_FORM = (
    "POST /admin/reports/{report}/messages",
    "POST /admin/reports/{report}/close",
    "POST /admin/held/release",
    "POST /admin/held/drop",
)


def _of_the_api(routes: tuple[str, ...]) -> tuple[str, ...]:
    pairs = (route.split(" ") for route in routes)
    return tuple(f"{method} {API}{path}" for method, path in pairs)


def _slashed(routes: tuple[str, ...]) -> tuple[str, ...]:
    return (*routes, *(f"{route}/" for route in routes))


def _asked_before(routes: tuple[str, ...]) -> tuple[str, ...]:
    """The questions of pages before they call."""
    return tuple({f"OPTIONS {route.split(' ')[1]}" for route in routes})


MASTODON = _slashed((*MASTODON_PUBLIC, *MASTODON_OWN, *MASTODON_THING, *MASTODON_ADMIN))
KINDS = {
    route: kind
    for kind, routes in {
        "public": (*PUBLIC, *_slashed(MASTODON_PUBLIC)),
        "secret": SECRET,
        "private": PRIVATE,
        "inbox": INBOX,
        "page": PAGE,
        "form": FORM,
        "asking": ASKING,
        "program": PROGRAM,
        "preflight": (
            *PREFLIGHT,
            *_asked_before(MASTODON),
            *_asked_before((*BOX, *ACTIVITYPUB_OWN, *ACTIVITYPUB_SHARED)),
        ),
        "box": BOX,
        "own": (
            "GET /oauth/userinfo",
            *ACTIVITYPUB_OWN,
            *_of_the_api(OWN),
            *_slashed(MASTODON_OWN),
        ),
        "thing": (*_of_the_api(THING), *_slashed(MASTODON_THING)),
        "staff": _of_the_api(STAFF),
        "admin": (*_of_the_api(ADMIN), *_slashed(MASTODON_ADMIN)),
        "admin page": ADMIN_PAGE,
        "admin form": ADMIN_FORM,
        "staff page": STAFF_PAGE,
        "staff form": STAFF_FORM,
    }.items()
    for route in routes
}

# What a call needs to get as far as asking whether the caller has a part in the thing.
BODIES = {
    "POST /conversations/{id}/read": {"up_to": "x"},
    "PUT /media/{id}/description": {"description": "x"},
    "POST /conversations/{id}/members": {"acct": "cy@alpha.test"},
    "POST /conversations/{id}/messages": {"text": "hello"},
    "PATCH /messages/{id}": {"text": "hello"},
    "PUT /api/v1/statuses/{id}": {"status": "hello"},
    "PUT /api/v1/statuses/{id}/": {"status": "hello"},
}
