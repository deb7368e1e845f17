"""How a request is signed is settled once, by its headers, and no failure leads to another scheme.

Step 2 of security.md 2.1. Both schemes end in the same claim, which verify.py judges.
"""

from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

from federation.protocol.signature import cavage
from federation.protocol.signature.parsed import (
    ParsedSignature,
    Reason,
    Request,
    SignatureFailure,
)

# What a sender should do who is told that its signature is not enough (RFC 9421 5.1).
ACCEPT_SIGNATURE: Final = 'sig1=("@method" "@target-uri" "content-digest");created;keyid'

Claims = tuple[ParsedSignature, ...]


class _Rfc9421(NamedTuple):
    """The two functions of rfc9421.py that are used."""

    parse: Callable[[Request], Claims | SignatureFailure]
    signed_text: Callable[[ParsedSignature, Request], bytes | None]


def claims_in(request: Request) -> Claims | SignatureFailure:
    """The claims that a request is signed, in the order in which they are to be tried.

    A request with `Signature-Input` is signed by RFC 9421 or not at all. Up to three labels may
    be tried; draft-cavage has one.

    Source: security.md 2.1 steps 2 to 4
    """
    if request.is_signed_in_authorization:
        return SignatureFailure(Reason.IN_AUTHORIZATION)
    if "signature-input" not in request.fields:
        parsed = cavage.parse(request)
        return parsed if isinstance(parsed, SignatureFailure) else (parsed,)
    claims = _rfc9421().parse(request)
    is_malformed = isinstance(claims, SignatureFailure) and claims.reason is Reason.GRAMMAR
    # SECURITY: no falling back: of two verifiers an attacker would choose the weaker one;
    # tests/unit/protocol/signature/test_scheme.py
    if is_malformed and cavage.is_written(request.fields["signature"]):
        return SignatureFailure(Reason.TWO_SCHEMES)
    return claims


def signed_texts(parsed: ParsedSignature, request: Request) -> tuple[bytes, ...]:
    """What the key must have signed, in the scheme in which the claim was made; any one will do.

    Source: security.md 2.1 step 8
    """
    if parsed.parameters is None:
        return cavage.signing_strings(parsed, request)
    text = _rfc9421().signed_text(parsed, request)
    return () if text is None else (text,)


@cache
def _rfc9421() -> _Rfc9421:
    # PERF: its library takes time to import; the first signature of this scheme pays it instead of
    # the start (python -X importtime -m node serve).
    from federation.protocol.signature.rfc9421 import parse, signed_text  # noqa: PLC0415

    return _Rfc9421(parse, signed_text)
