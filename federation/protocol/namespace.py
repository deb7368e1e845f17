"""Every URL this node mints has its form here, and only here is it taken apart again."""

import re
from dataclasses import dataclass

from federation.protocol.uri import same_origin

_NAME = re.compile(r"[a-z0-9_]{1,30}")
_MEDIA = re.compile(r"/media/([0-9a-f]{32})/[^/?#]+")
# No upload is called so.
THUMBNAIL_NAME = "thumbnail.webp"


@dataclass(frozen=True, slots=True)
class Namespace:
    """The URLs of this node.

    Attributes:
        base_url: Scheme, host and port, without a slash at the end.
        host: The host of `base_url`, with its port when that is not the default.
        account_domain: What stands behind the @ in a handle of ours.
    """

    base_url: str
    host: str
    account_domain: str

    def person(self, name: str) -> str:
        """Name a local person."""
        return f"{self.base_url}/u/{name}"

    def conversation(self, conversation_id: str) -> str:
        """Name a conversation actor whose home is here."""
        return f"{self.base_url}/c/{conversation_id}"

    def note(self, name: str, note_id: str) -> str:
        """Name a Note by a local person."""
        return f"{self.person(name)}/n/{note_id}"

    def activity(self, name: str, activity_id: str) -> str:
        """Name an activity by a local person."""
        return f"{self.person(name)}/a/{activity_id}"

    def log(self, name: str, token: str) -> str:
        """Name the log that a local person writes in one conversation."""
        return f"{self.person(name)}/log/{token}"

    def direct_context(self, name: str, context_id: str) -> str:
        """Name the context of a direct conversation that a local person began."""
        return f"{self.person(name)}/d/{context_id}"

    def message_page(self, message_id: str) -> str:
        """Name the page on which a person reads a message."""
        return f"{self.base_url}/m/{message_id}"

    def media(self, token: str, name: str) -> str:
        """Name a file that a local person has uploaded; the token is its only key."""
        return f"{self.base_url}/media/{token}/{name}"

    def thumbnail(self, token: str) -> str:
        """Name the small picture of such a file."""
        return self.media(token, THUMBNAIL_NAME)

    def media_token(self, url: str) -> str:
        """Answer the token in the URL of such a file, or "" for any other URL."""
        found = _MEDIA.fullmatch(url.removeprefix(self.base_url))
        return found[1] if found and self.is_ours(url) else ""

    @property
    def shared_inbox(self) -> str:
        """Name the inbox that all local actors share."""
        return f"{self.base_url}/inbox"

    @property
    def instance(self) -> str:
        """Name the actor that signs what the node asks for itself."""
        return f"{self.base_url}/actor"

    def is_ours(self, uri: str) -> bool:
        """Say whether the URI is on this node's origin."""
        # PERF: a message to a group asks this 5,000 times, mostly of others' ids.
        return uri.startswith(self.base_url) and same_origin(uri, self.base_url)

    def local_name(self, uri: str) -> str | None:
        """Answer the name in the id of a local person, or None for any other URI."""
        prefix = f"{self.base_url}/u/"
        name = uri.removeprefix(prefix)
        return name if uri.startswith(prefix) and _NAME.fullmatch(name) else None

    @staticmethod
    def main_key(actor: str, serial: str = "") -> str:
        """Name an RSA key of a local actor, which signs requests.

        Args:
            actor: Whose.
            serial: What tells it from all others of this actor; "" for the first.
        """
        return f"{actor}#main-key-{serial}" if serial else f"{actor}#main-key"

    @staticmethod
    def ed25519_key(actor: str, serial: str = "") -> str:
        """Name an Ed25519 key of a local actor, which makes proofs, and signs for our kind."""
        return f"{actor}#ed25519-key-{serial}" if serial else f"{actor}#ed25519-key"
