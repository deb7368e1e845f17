"""PURE: what a recommendation of FIRES comes to here, and how ours are written for others.

Source: policy.md 13; https://fires.fedimod.org/concepts/filters
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from federation.policy.lists.entry import Entry, Subject, doubt_about, reason
from federation.policy.lists.said import Said
from federation.policy.rule import BLOCKING, SEVERITY, Action, Effect

POLICIES: Final = {each.value: each for each in (Action.ACCEPT, Action.REJECT, Action.DROP)}
FILTER: Final = "filter"
# Filters are named by URIs, of which the last part tells them apart.
FILTERS: Final[Mapping[str, Action | Effect | None]] = {
    "reject-media": Effect.STRIP_MEDIA,
    "roadblock-links": Effect.DISABLE_LINKS,
    "roadblock-disable-links": Effect.DISABLE_LINKS,
    "require-follow-requests": Action.REQUEST,
    "reject-non-public": Action.REJECT,
    # None stands for reports.
    "reject-reports": None,
    "ignore-reports": None,
}
CONTEXT: Final = (
    "https://www.w3.org/ns/activitystreams",
    "https://fires.fedimod.org/context/fires.jsonld",
)
_LAST: Final = re.compile(r"[^/#:=]*\Z")


class Recommending(Protocol):
    """The part of a change that says what to do."""

    @property
    def policy(self) -> str:
        """The policy."""
        ...

    @property
    def filters(self) -> tuple[str, ...]:
        """The filters, where that is `filter`."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """Ids of labels."""
        ...

    @property
    def comment(self) -> str:
        """Why."""
        ...


def entry_of(subject: Subject, key: str, change: Recommending) -> tuple[Entry, bool]:
    """What a recommendation comes to, and whether its comment had to be cut."""
    known = [FILTERS[name] for name in map(_last, change.filters) if name in FILTERS]
    unknown = [name for name in map(_last, change.filters) if name not in FILTERS]
    unclear = ""
    action = POLICIES.get(change.policy)
    if change.policy != FILTER:
        known, unknown = [], []
        unclear = "" if action is not None else f"the policy {change.policy!r} is not known here"
    elif unknown or not known:
        named = ", ".join(sorted(unknown)) or "none"
        unclear = f"of its filters are not known here: {named}"[:200]
    actions = [each for each in known if isinstance(each, Action)]
    comment, is_cut = reason(change.comment)
    entry = Entry(
        key,
        max(actions, key=SEVERITY.__getitem__, default=action),
        subject,
        show=frozenset(each for each in known if isinstance(each, Effect)),
        drops_reports=None in known,
        public_reason=comment,
        labels=change.labels,
        unclear=unclear or (doubt_about(key) if subject is Subject.DOMAIN else ""),
    )
    return entry, is_cut


def write_snapshot(said: Said, *, at: str, published: str) -> dict[str, Any]:
    """What our rules say of domains, as the snapshot of a dataset.

    Args:
        said: What they say.
        at: The address of the dataset.
        published: When, as it is written on the wire.
    """
    items = [
        {
            "id": f"{at}/changes/{each.entry.key}",
            "type": "Recommendation",
            "published": published,
            "entityKind": each.entry.subject.value,
            "entityKey": each.entry.key,
            "labels": [],
            **_advice(each.entry),
            **({"comment": each.entry.public_reason} if each.entry.public_reason else {}),
        }
        for each in said.entries
    ]
    return {
        "@context": list(CONTEXT),
        "id": f"{at}/snapshot",
        "type": "Collection",
        "dataset": at,
        "totalItems": len(items),
        "updated": published,
        "orderedItems": items,
    }


def _advice(entry: Entry) -> dict[str, str | Sequence[str]]:
    if entry.action in BLOCKING or entry.action is Action.ACCEPT:
        return {"recommendedPolicy": str(entry.action), "recommendedFilters": []}
    filters = ["require-follow-requests"] if entry.action is not None else []
    filters += ["reject-media"] if Effect.STRIP_MEDIA in entry.show else []
    filters += ["roadblock-disable-links"] if Effect.DISABLE_LINKS in entry.show else []
    filters += ["reject-reports"] if entry.drops_reports else []
    return {"recommendedPolicy": FILTER, "recommendedFilters": filters}


def _last(name: str) -> str:
    found = _LAST.search(name)
    return found[0] if found else ""
