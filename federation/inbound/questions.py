"""PURE: what is asked at the origin of an actor, because an activity alone does not say it."""

from typing import Final

from federation.protocol.activity import Activity

# What is worth asking about when somebody else brings it.
WORTH_ASKING: Final = frozenset({"Create"})


def question_of(activity: Activity) -> tuple[str, str] | None:
    """The kind and subject of the repair that asks, if it is worth that.

    Source: security.md 2.1 step 9 and 4.1
    """
    if is_farewell(activity):
        return "gone", activity.actor
    if is_about_oneself(activity):
        return "profile", activity.actor
    return ("activity", activity.id) if activity.type in WORTH_ASKING else None


def is_farewell(activity: Activity) -> bool:
    """Whether it says that its actor is no more."""
    return activity.type == "Delete" and activity.actor == activity.object_id


def is_about_oneself(activity: Activity) -> bool:
    """Whether it says that its actor's document has changed: how it is now, its origin says.

    A conversation's Update makes its next state, and is no such thing.
    """
    is_own = activity.type == "Update" and activity.actor == activity.object_id
    return is_own and activity.object_type != "Group"
