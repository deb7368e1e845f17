"""PURE: what an app says of itself, judged before it is kept.

Source: clients.md 2.1; RFC 7591 section 2
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from federation.content.plain import clean_name
from node.identity.apps import NewApp
from node.identity.scopes import COMMON, READ, parse_scopes
from node.oauth.redirects import may_be_registered

NAME_LENGTH_MAX: Final = 60
WEBSITE_LENGTH_MAX: Final = 2000
ADDRESSES_MAX: Final = 10
# Each may be as long; all together are one line of a page and one row.
ADDRESSES_LENGTH_MAX: Final = 4000
CODE_GRANT: Final = "authorization_code"
REFRESH_GRANT: Final = "refresh_token"
GRANTS: Final = frozenset({CODE_GRANT, REFRESH_GRANT, "client_credentials"})
PUBLIC: Final = "none"
# Looked up by comparing: what stands there may be anything.
PROOFS: Final = (PUBLIC, "client_secret_basic", "client_secret_post")


@dataclass(frozen=True, slots=True)
class Unfit:
    """What an app says of itself cannot be kept.

    Attributes:
        word: Of RFC 7591 section 3.2.2.
    """

    word: str
    reason: str


def judge_app(name: str, addresses: Sequence[str], scope: str, website: str) -> NewApp | Unfit:
    """An app as Mastodon's clients register it."""
    fault = _name_fault(name) or _address_fault(addresses) or _website_fault(website)
    if fault is not None:
        return fault
    scopes = parse_scopes(scope or READ)
    if scopes is None:
        return Unfit("invalid_client_metadata", "Scopes doesn't match configured on the server.")
    return NewApp(clean_name(name), website, tuple(dict.fromkeys(addresses)), scopes)


def judge_metadata(document: Mapping[str, Any], *, is_document: bool) -> NewApp | Unfit:
    """An app by its metadata, sent here or found at its client id.

    Args:
        document: As it came.
        is_document: Whether it lies at its client id: such an app has no secret that both know.
    """
    proof = document.get("token_endpoint_auth_method", "")
    proof = proof or (PUBLIC if is_document else "client_secret_basic")
    grants, addresses = document.get("grant_types", [CODE_GRANT]), document.get("redirect_uris")
    if not _are_texts(grants) or not set(grants) <= GRANTS or proof not in PROOFS:
        return Unfit("invalid_client_metadata", "Such a grant or such a proof is not offered.")
    if is_document and proof != PUBLIC:
        return Unfit("invalid_client_metadata", "A client of a document has no secret.")
    if not _are_texts(addresses):
        return Unfit("invalid_redirect_uri", "redirect_uris is a list of addresses.")
    texts = [document.get(key, "") for key in ("client_name", "client_uri", "scope")]
    if not _are_texts(texts):
        return Unfit("invalid_client_metadata", "A name, an address and a scope are texts.")
    name, website, scope = texts
    fault = _name_fault(name, may_lack=True) or _address_fault(addresses)
    scopes = parse_scopes(scope) if scope else COMMON
    if fault is not None or scopes is None:
        return fault or Unfit("invalid_client_metadata", "There is no such scope.")
    return NewApp(
        name=clean_name(name),
        website=website if _website_fault(website) is None else "",
        redirect_uris=tuple(dict.fromkeys(addresses)),
        scopes=scopes,
        is_confidential=proof != PUBLIC,
        is_kept=False,
        refreshes=REFRESH_GRANT in grants,
    )


def _name_fault(name: str, *, may_lack: bool = False) -> Unfit | None:
    if not clean_name(name) and not (may_lack and not name):
        return Unfit("invalid_client_metadata", "Name can't be blank")
    is_odd = any(unicodedata.category(each) in {"Cc", "Cs"} for each in name)
    if len(name) > NAME_LENGTH_MAX or is_odd:
        text = f"Name is too long (maximum is {NAME_LENGTH_MAX} characters)"
        return Unfit("invalid_client_metadata", text)
    return None


def _address_fault(addresses: Sequence[str]) -> Unfit | None:
    if not addresses:
        return Unfit("invalid_redirect_uri", "Redirect URI can't be blank")
    if len(addresses) > ADDRESSES_MAX or len("\n".join(addresses)) > ADDRESSES_LENGTH_MAX:
        return Unfit("invalid_redirect_uri", "Redirect URI is too long")
    if not all(may_be_registered(each) for each in addresses):
        return Unfit("invalid_redirect_uri", "Redirect URI must be an absolute URI.")
    return None


def _website_fault(website: str) -> Unfit | None:
    is_web = website.lower().startswith(("https://", "http://")) and may_be_registered(website)
    if not website or (is_web and len(website) <= WEBSITE_LENGTH_MAX):
        return None
    return Unfit("invalid_client_metadata", "Website must be a valid URL")


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
