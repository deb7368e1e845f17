"""Every address below /admin."""

from node.admin import (
    accounts,
    audit,
    explain,
    held,
    invites,
    lists,
    media,
    overview,
    peers,
    policy,
    queue,
    reports,
    rules,
    sign_ups,
)
from node.admin.context import AdminContext
from node.http.routes import Endpoint

PARTS = (
    *(overview, accounts, sign_ups, invites, reports, held, policy, rules, explain, lists),
    *(peers, queue, audit, media),
)


def admin_endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The pages of those who run the node."""
    return tuple(each for part in PARTS for each in part.endpoints(context))
