"""PURE: which hosts an activity comes from: its actor's, and that of what it brings.

What is merely said about somebody's message is its speaker's own word: a reaction of an honest
member to a message that is kept out here says nothing for who wrote it.

Source: security.md 10; groups-protocol.md 11.4
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from federation.policy.domains import Rules, find_rule
from federation.policy.facts import Direction
from federation.protocol import json_ld
from federation.protocol.activity import Activity

# By these their object, or where it goes, comes in.
BRINGING: Final = frozenset({"Announce", "Create", "Invite", "Move", "Update"})
_HOST: Final = re.compile(r"https?://([^/?#]+)")


def spoken_from(activity: Activity) -> frozenset[str]:
    """The hosts that answer for an activity, each of which must be let in."""
    ids = {activity.actor}
    if activity.type in BRINGING:
        ids.add(activity.object_id)
    if activity.type == "Move":
        ids.add(activity.target)
    return hosts_of(*ids)


def carried_from(activity: Activity) -> frozenset[str]:
    """The host of whom another passes on: the inner author of a relay."""
    inner = activity.object
    if activity.type not in {"Add", "Announce"} or not isinstance(inner, Mapping):
        return frozenset()
    return hosts_of(json_ld.id_of(inner.get("actor")))


def is_kept_out(activity: Activity, rules: Rules) -> bool:
    """Whether an activity has no effect here, whoever brought it."""
    if not rules.ask_hosts:
        return False
    hosts = spoken_from(activity) | carried_from(activity)
    return any(find_rule(rules, host, Direction.IN) is not None for host in hosts)


def is_last_word(document: Mapping[str, Any], host: str) -> bool:
    """Whether somebody says with it that they leave a group of that host.

    It is the one thing that a host still hears which is kept out (groups-protocol.md 11.5).
    """
    return document.get("type") == "Leave" and host in hosts_of(
        json_ld.id_of(document.get("object"))
    )


def hosts_of(*ids: str) -> frozenset[str]:
    """The hosts that these ids name, as far as they are ids."""
    found = (_HOST.match(one.lower()) for one in ids)
    return frozenset(one[1] for one in found if one is not None)
