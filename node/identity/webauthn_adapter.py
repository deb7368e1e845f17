"""Only here is webauthn known: it makes the questions to devices, and verifies their answers.

Everything in it computes, in the threads of node/identity/ceremonies.py.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from node.identity.ceremonies import Document, Keeper, Key, RelyingParty, Unproven

# Source: WebAuthn 3, 4, "Credential ID".
ID_BYTES_MAX: Final = 1023
# What the library raises where a stranger's bytes have another shape than it expects.
MISSHAPEN: Final = (
    *(WebAuthnException, UnsupportedAlgorithm, ValueError, TypeError, KeyError, IndexError),
    *(AttributeError, OverflowError, RecursionError),
)
Proved = TypeVar("Proved")


def creation_options(
    party: RelyingParty, challenge: str, keeper: Keeper, *, known: Sequence[str]
) -> Document:
    """As `Ceremonies.creation_options`; which make of device it is, nobody asks."""
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_name=keeper.name,
        user_id=keeper.handle,
        challenge=base64url_to_bytes(challenge),
        timeout=party.timeout_s * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known
        ],
    )
    return options_to_json_dict(options)


def request_options(party: RelyingParty, challenge: str) -> Document:
    """As `Ceremonies.request_options`."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=base64url_to_bytes(challenge),
        timeout=party.timeout_s * 1000,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def check_new(party: RelyingParty, challenge: str, answer: Document) -> Key | Unproven:
    """As `Ceremonies.check_new`.

    Source: WebAuthn 3, 7.1
    """

    def check() -> Key | Unproven:
        verified = verify_registration_response(
            credential=dict(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
        named = bytes_to_base64url(verified.credential_id)
        # SECURITY: the library looks at neither; tests/web/test_passkey_attacks.py.
        if len(verified.credential_id) > ID_BYTES_MAX:
            return Unproven("the id of the passkey is too long")
        if named != answer["id"]:
            return Unproven("the device calls the passkey something else")
        return Key(named, verified.credential_public_key, verified.sign_count)

    return _or_unproven(check)


def check_use(
    party: RelyingParty, challenge: str, answer: Document, *, key: Key, handle: bytes
) -> int | Unproven:
    """As `Ceremonies.check_use`.

    Source: WebAuthn 3, 7.2
    """

    def check() -> int | Unproven:
        verified = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
        # SECURITY: the library does not ask whom the device means;
        # tests/web/test_passkey_attacks.py.
        if base64url_to_bytes(answer["response"]["userHandle"]) != handle:
            return Unproven("the device means somebody else")
        return verified.new_sign_count

    return _or_unproven(check)


def _or_unproven(check: Callable[[], Proved | Unproven]) -> Proved | Unproven:
    try:
        return check()
    except MISSHAPEN as error:
        return Unproven(f"{type(error).__name__}: {error}")
