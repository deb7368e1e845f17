"""PURE: what somebody posts to their outbox, read and judged before anything is done.

Source: ActivityPub 6; clients.md 10.3
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from federation.content.plain import to_text
from federation.protocol.json_ld import as_list, id_of, ids_of, is_public, type_of
from federation.protocol.verdict import Refused

CREATE: Final = "Create"
# What is a message; a file alone is one that shows it.
MESSAGES: Final = frozenset({"Note", "Article", "Page", "Image", "Audio", "Video", "Document"})
FILES: Final = frozenset({"Image", "Audio", "Video", "Document"})
PLAIN: Final = frozenset({"text/markdown", "text/plain"})
READERS_MAX: Final = 1000

NO_TYPE: Final = Refused("It must have one type, and what it is about.", 400)
ANOTHER: Final = Refused("Its actor must be the owner of this outbox.", 403)
HIDDEN_READERS: Final = Refused("bto and bcc are not offered: everybody sees who reads this.", 422)
ONLY_PRIVATE: Final = Refused("This server carries private messages only. Name the people.", 422)
TOO_MANY: Final = Refused(f"It names more than {READERS_MAX} people.", 422)


@dataclass(frozen=True, slots=True)
class Posted:
    """An activity as its author wishes it.

    Attributes:
        type: Such as "Create".
        object: What it is about: an embedded document, or {"id": …} for a bare link.
        object_id: Its id, or "".
        readers: Whom it names in `to`, `cc` and `audience`, of itself and its object, each once.
        target: The id of its target, or "".
        said: All of it, as it is answered.
    """

    type: str
    object: Mapping[str, Any]
    object_id: str
    readers: tuple[str, ...]
    target: str
    said: Mapping[str, Any]

    @property
    def object_type(self) -> str:
        """The type of what it is about, or ""."""
        return type_of(self.object)


def read(document: Mapping[str, Any], owner: str) -> Posted | Refused:
    """What is posted; a bare object is wrapped in a Create.

    Args:
        document: As it came.
        owner: The actor whose outbox it is.
    """
    if type_of(document) in MESSAGES:
        document = {"type": CREATE, "object": document}
    about = document.get("object")
    bodies = [document, *([about] if isinstance(about, dict) else [])]
    if not type_of(document) or not (id_of(about) or isinstance(about, dict | list)):
        return NO_TYPE
    refused = _judge(bodies, owner)
    if refused is not None:
        return refused
    named = [uri for body in bodies for name in ("to", "cc", "audience") for uri in ids(body, name)]
    readers = tuple(uri for uri in dict.fromkeys(named) if uri != owner)
    if any(is_public(uri) or uri == f"{owner}/followers" for uri in readers):
        return ONLY_PRIVATE
    if len(readers) > READERS_MAX:
        return TOO_MANY
    return Posted(
        type=type_of(document),
        object=about if isinstance(about, dict) else {"id": id_of(about)},
        object_id=id_of(about),
        readers=readers,
        target=id_of(document.get("target")),
        said=document,
    )


def ids(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The ids that a property names."""
    return ids_of(body.get(name))


def text_of(message: Mapping[str, Any]) -> str:
    """What a message says, as it is written here: its source, or the text of its HTML.

    A warning stands in front, as does the name of an article.
    """
    front = [message.get("name"), message.get("summary")]
    if type_of(message) in FILES:
        front = [message.get("summary")]
    parts = [to_text(each) for each in front if isinstance(each, str)]
    return "\n\n".join(part for part in (*parts, _body(message)) if part)


def files_of(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The URLs or ids of the files that a message shows, in their order."""
    shown = [message] if type_of(message) in FILES else as_list(message.get("attachment"))
    return tuple(found for each in shown if (found := _file(each)))


def _judge(bodies: list[Mapping[str, Any]], owner: str) -> Refused | None:
    for body in bodies:
        if body.get("bto") or body.get("bcc"):
            return HIDDEN_READERS
    activity, *embedded = bodies
    actors = [*ids(activity, "actor"), *(uri for each in embedded for uri in _authors(each))]
    return ANOTHER if any(uri != owner for uri in actors) else None


def _authors(embedded: Mapping[str, Any]) -> tuple[str, ...]:
    """Whose a message is said to be; anything else may be by anybody."""
    return ids(embedded, "attributedTo") if type_of(embedded) in MESSAGES else ()


def _body(message: Mapping[str, Any]) -> str:
    source = message.get("source")
    if isinstance(source, dict) and source.get("mediaType") in PLAIN:
        written = source.get("content")
        if isinstance(written, str):
            return written
    content = message.get("content")
    if not isinstance(content, str):
        return ""
    return content if message.get("mediaType") in PLAIN else to_text(content)


def _file(shown: object) -> str:
    if isinstance(shown, dict) and not id_of(shown):
        return next(iter(_hrefs(shown.get("url"))), "")
    return id_of(shown)


def _hrefs(value: object) -> list[str]:
    found = [each.get("href") if isinstance(each, dict) else each for each in as_list(value)]
    return [each for each in found if isinstance(each, str)]
