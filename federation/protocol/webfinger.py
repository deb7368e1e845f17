"""A handle and an actor's id belong together when WebFinger says so; JSON only, one link counts."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.json_ld import as_list
from federation.protocol.namespace import Namespace
from federation.protocol.uri import canonical, host_of
from federation.protocol.vocabulary import ACTIVITY_JSON

_ACCOUNT = re.compile(r"(?:acct:)?@?([^\s@/?#:]{1,200})@([^\s@/?#]{1,260})")
_MAX_LINKS = 100


@dataclass(frozen=True, slots=True)
class Account:
    """A handle taken apart: `name@domain`. The domain is canonical, the name as written."""

    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Finger:
    """What a server says of a handle.

    Attributes:
        subject: The handle it goes by, or None if the subject is no handle.
        actor: The actor's id.
    """

    subject: Account | None
    actor: str


def parse_account(text: str) -> Account:
    """Read `name@domain`, also with a leading `@` or `acct:`.

    Raises:
        RemoteProtocolError: It is no handle.
    """
    found = _ACCOUNT.fullmatch(text)
    if found is None:
        raise RemoteProtocolError("not a handle", repr(text)[:80])
    return Account(found[1], host_of(canonical(f"https://{found[2]}/")))


def parse_resource(resource: str, *, namespace: Namespace) -> str | None:
    """Read what somebody asks us about.

    Returns:
        A local account's name, lower-cased; for a URL of ours that URL; None for what is not ours.

    Raises:
        RemoteProtocolError: It is neither a handle nor a URL.

    Source: security.md 7
    """
    if resource.startswith(("https://", "http://")):
        uri = canonical(resource, allow_http=namespace.base_url.startswith("http:"))
        return uri if namespace.is_ours(uri) else None
    account = parse_account(resource)
    is_local = account.domain in {namespace.account_domain, namespace.host}
    return account.name.lower() if is_local else None


def parse_jrd(document: Mapping[str, Any], *, allow_http: bool = False) -> Finger:
    """Read a JRD: the first `self` link that is an actor's and https.

    Raises:
        RemoteProtocolError: There is no such link.

    Source: security.md 6, rule 9
    """
    for link in as_list(document.get("links"))[:_MAX_LINKS]:
        if (
            isinstance(link, dict)
            and link.get("rel") == "self"
            and link.get("type") == ACTIVITY_JSON
        ):
            with suppress(RemoteProtocolError):
                actor = canonical(link.get("href"), allow_http=allow_http)
                return Finger(_subject(document.get("subject")), actor)
    raise RemoteProtocolError("no link to an actor")


def _subject(value: object) -> Account | None:
    try:
        return parse_account(value) if isinstance(value, str) else None
    except RemoteProtocolError:
        return None
