"""PURE: which keys a policy file has, and what each may be.

Source: policy.md 4, 6, 12
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from federation.policy.expressions import read_duration, read_rate
from federation.policy.facts import Direction, Stage
from federation.policy.fields import (
    Reader,
    flag,
    ident,
    idents,
    member,
    members,
    moment,
    table,
    text,
    texts,
    whole,
    word,
)
from federation.policy.rule import Action, Effect, Federation, Hold, Limit, Mode

REASON_CHARS_MAX: Final = 500
PRIORITY_MAX: Final = 1_000_000
# From which stage on it is known whose bucket it is.
BUCKETS: Final = {
    "address": Stage.CONNECTION,
    "domain": Stage.DOMAIN,
    "actor": Stage.ACTOR,
    "recipient": Stage.BEHAVIOUR,
}
_NOTHING: Final[frozenset[str]] = frozenset()
_STAGES: Final = {stage.word: stage for stage in Stage}


def _stage(written: object) -> object:
    read = word(*_STAGES)(written)
    return _STAGES.get(read, read) if isinstance(read, str) else read


def _then(*, hold_earlier: bool = False) -> bool:
    return hold_earlier


def _hold(*, auto_release: timedelta | None = None, if_reports: int | None = None) -> Hold:
    return Hold(auto_release, if_reports)


RULE: Final[Mapping[str, Reader]] = {
    "id": ident,
    "stage": _stage,
    # It is read with the stage and the lists (read_when.py).
    "when": lambda written: written,
    "action": member(Action),
    "direction": member(Direction),
    "mode": member(Mode),
    "priority": whole(-PRIORITY_MAX, PRIORITY_MAX),
    "final": flag,
    "show": members(Effect),
    "limit": table(
        {
            "key": word(*BUCKETS),
            "rate": read_rate,
            "burst": whole(1, PRIORITY_MAX),
            "over": member(Action, Action.LIMIT),
        },
        Limit,
        needed=frozenset({"key", "rate", "burst", "over"}),
    ),
    "hold": table(
        {"auto_release": read_duration, "if_reports": whole(0, PRIORITY_MAX)},
        _hold,
        needed=_NOTHING,
    ),
    "then": table({"hold_earlier": flag}, _then, needed=_NOTHING),
    "category": text(100),
    "public_reason": text(REASON_CHARS_MAX),
    "private_reason": text(REASON_CHARS_MAX),
    "review": moment,
    "expires": moment,
    "notify_members": flag,
    "obfuscate": flag,
    "owner": text(100),
}

_STRANGER: Final = member(Action, Action.LIMIT)
_STRANGERS: Final[Mapping[str, Reader]] = {
    "message": _STRANGER,
    "group_invite": _STRANGER,
    "show_media": flag,
    "show_links": flag,
    "push": flag,
}

POLICY: Final[dict[str, Reader]] = {
    "mode": member(Mode),
    "federation": member(Federation),
    "on_error": member(Action, Action.LIMIT, Action.REJECT, Action.REQUEST),
    "rule_timeout": read_duration,
    "trace_retention": read_duration,
    "strangers": table(_STRANGERS, dict, needed=_NOTHING),
    "disclosure": table(
        {
            "to_sender": word("none", "category", "full"),
            "to_members": flag,
            "publish_list": word("nobody", "members", "public"),
        },
        dict,
        needed=_NOTHING,
    ),
    "undo": table(
        {"grace": read_duration, "purge": word("manual", "after-grace")}, dict, needed=_NOTHING
    ),
    "shields": table(
        {
            "default_duration": read_duration,
            "rules": idents,
            "strangers": table(_STRANGERS, dict, needed=_NOTHING),
        },
        dict,
        needed=_NOTHING,
    ),
}
TABLES: Final = ("strangers", "disclosure", "undo", "shields")

FORMATS: Final = ("fires", "mastodon-csv", "mastodon-instance", "json", "plain", "cidr", "merge")
LIST: Final[Mapping[str, Reader]] = {
    "id": ident,
    "format": word(*FORMATS),
    "file": text(1024),
    "url": text(2048),
    "every": read_duration,
    "priority": whole(-PRIORITY_MAX, PRIORITY_MAX),
    "apply": word("draft", "auto"),
    "auto_labels": texts,
    "max_action": member(Action, Action.LIMIT),
    "max_action_if_contacts": member(Action, Action.LIMIT),
    "on_retraction": word("remove", "draft", "keep"),
    "of": idents,
    "threshold": whole(1, 1_000),
    "exclude": texts,
}
