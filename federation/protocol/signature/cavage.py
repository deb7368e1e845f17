"""A draft-cavage Signature header is read by a strict grammar, or the request is unsigned.

Steps 2 to 4 of security.md 2.1, and the signing string of what arrives for step 8.
"""

import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from federation.protocol.signature.parsed import (
    HEADER_CHARS_MAX,
    INTEGER_MAX,
    ParsedSignature,
    Reason,
    Request,
    SignatureFailure,
)

# Labels that we accept. The type of the key chooses the primitive; verify.py compares.
ALGORITHMS = frozenset({"", "hs2019", "rsa-sha256", "ed25519"})

# What must be covered besides `date` or `(created)`, by method.
REQUIRED: Mapping[str, frozenset[str]] = {
    "POST": frozenset({"(request-target)", "host", "digest"}),
    "GET": frozenset({"(request-target)", "host"}),
}

# One parameter and what parts it from the next. Possessive, so that a scan never goes back.
# Values are printable ASCII without quote and backslash: there are no escapes.
_PARAMETER = re.compile(
    r'[ \t]*+([A-Za-z][A-Za-z0-9_-]*+)=(?:"([ !#-\[\]-~]*+)"|([0-9]++))[ \t]*+(,|\Z)'
)
_INTEGER = re.compile(r"[0-9]{1,16}", re.ASCII)
# Only these may stand without quotes.
_INTEGERS = ("created", "expires")

_DATES_REMEMBERED = 64

# What may be covered and is no header.
_SPECIAL = frozenset({"(request-target)", "(created)", "(expires)"})

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
# SPEC(RFC 9110 §5.6.7): IMF-fixdate. The weekday says nothing that the day does not.
_DATE = re.compile(
    r"[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT", re.ASCII
)


def parse(request: Request) -> ParsedSignature | SignatureFailure:
    """Read the claim that a request is signed, and refuse one that could never suffice.

    2. Scheme: a `Signature` header, once, and no other carrier or scheme beside it.
    3. Parse: grammar, required parameters, algorithm, base64.
    4. Coverage: what the method demands; each name once and present.

    Source: security.md 2.1
    """
    # 2
    wrong_scheme = _judge_scheme(request)
    if wrong_scheme is not None:
        return wrong_scheme
    # 3
    parameters = _scan(request.fields["signature"])
    if isinstance(parameters, SignatureFailure):
        return parameters
    parsed = _read(parameters, request.fields.get("date", ""))
    if isinstance(parsed, SignatureFailure):
        return parsed
    # 4
    return _judge_coverage(parsed, request) or parsed


def is_written(header: str) -> bool:
    """Whether a Signature header keeps to the grammar of this scheme."""
    return not isinstance(_scan(header), SignatureFailure)


def signing_strings(parsed: ParsedSignature, request: Request) -> tuple[bytes, ...]:
    """What the key must have signed, from raw values; any one of them will do.

    None at all if something covered is absent. A GET has a second one, without the query, since
    some servers leave it out: there, an added query goes unnoticed.

    Source: security.md 2.1 step 8
    """
    targets = [request.target]
    if request.method == "GET" and "?" in request.target:
        targets.append(request.target.partition("?")[0])
    strings = (_signing_string(parsed, request, target) for target in targets)
    return tuple(string for string in strings if string is not None)


def _signing_string(parsed: ParsedSignature, request: Request, target: str) -> bytes | None:
    special = {
        "(request-target)": f"{request.method.lower()} {target}",
        "(created)": parsed.created_s,
        "(expires)": parsed.expires_s,
    }
    lines = []
    for name in parsed.covered:
        value = special[name] if name in special else request.fields.get(name)
        if value is None:
            return None
        lines.append(f"{name}: {value}")
    text = "\n".join(lines)
    # SECURITY: a line feed within a value would forge a line;
    # tests/unit/protocol/signature/test_cavage.py
    if text.count("\n") != len(lines) - 1:
        return None
    return text.encode("utf-8", "surrogatepass")


def _judge_scheme(request: Request) -> SignatureFailure | None:
    """Step 2: one Signature header and nothing else that claims to sign."""
    fields = request.fields
    if request.is_signed_in_authorization:
        return SignatureFailure(Reason.IN_AUTHORIZATION)
    if "signature-input" in fields:
        return SignatureFailure(Reason.TWO_SCHEMES)
    if "signature" not in fields:
        return SignatureFailure(Reason.UNSIGNED)
    if "signature" in request.repeated:
        return SignatureFailure(Reason.SEVERAL)
    return None


def _scan(header: str) -> dict[str, str] | SignatureFailure:
    """The parameters by lower-case name; one look at each character."""
    if len(header) > HEADER_CHARS_MAX:
        return SignatureFailure(Reason.GRAMMAR, f"{len(header)} characters")
    parameters: dict[str, str] = {}
    position, comma = 0, ","
    while comma:
        found = _PARAMETER.match(header, position)
        if found is None:
            return SignatureFailure(Reason.GRAMMAR, f"at character {position}")
        name, quoted, bare, comma = found.groups()
        name = name.lower()
        if name in parameters:
            return SignatureFailure(Reason.REPEATED, name)
        value = quoted if bare is None else bare
        if name in _INTEGERS and not _is_time(value):
            return SignatureFailure(Reason.BAD_INTEGER, name)
        if bare is not None and name not in _INTEGERS:
            return SignatureFailure(Reason.GRAMMAR, f"{name} is not quoted")
        parameters[name] = value
        position = found.end()
    return parameters


def _read(parameters: Mapping[str, str], date: str) -> ParsedSignature | SignatureFailure:
    """Step 3: what the parameters mean, beside a Date header."""
    key_id, covered = parameters.get("keyid"), parameters.get("headers", "").lower().split()
    if not key_id or not covered or not parameters.get("signature"):
        return SignatureFailure(Reason.INCOMPLETE)
    algorithm = parameters.get("algorithm", "").lower()
    # To leave it out is fine, and to name nothing is not.
    if algorithm not in ALGORITHMS or parameters.get("algorithm") == "":
        return SignatureFailure(Reason.ALGORITHM, algorithm)
    signature = _from_base64(parameters["signature"])
    if signature is None:
        return SignatureFailure(Reason.BASE64)
    created_s = int(parameters["created"]) if "created" in parameters else None
    return ParsedSignature(
        key_id=key_id,
        algorithm=algorithm,
        covered=tuple(covered),
        signature=signature,
        created_s=created_s,
        expires_s=int(parameters["expires"]) if "expires" in parameters else None,
        signed_s=created_s if "(created)" in covered else _seconds(date),
    )


def _from_base64(text: str) -> bytes | None:
    """The bytes that are written so and not otherwise; None if there are none."""
    try:
        decoded = binascii.a2b_base64(text)
    except binascii.Error:
        return None
    # `strict_mode` lets surplus padding pass; what reads back the same has nothing odd about it.
    return decoded if binascii.b2a_base64(decoded, newline=False) == text.encode("ascii") else None


def _is_time(text: str) -> bool:
    """Whether a parameter is an integer in range."""
    return bool(_INTEGER.fullmatch(text)) and 0 < int(text) < INTEGER_MAX


# PERF: what was signed within one second has one Date (benchmarks/signatures.py).
@lru_cache(_DATES_REMEMBERED)
def _seconds(date: str) -> int | None:
    """A Date header in seconds since the epoch, or None if it cannot be read."""
    found = _DATE.fullmatch(date)
    if found is None:
        return None
    day, name, year, hour, minute, second = found.groups()
    month = _MONTHS.get(name, 0)
    try:
        at = datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        return None
    return int(at.timestamp())


def _judge_coverage(parsed: ParsedSignature, request: Request) -> SignatureFailure | None:
    """Step 4: everything that must be covered is, and everything that is covered is there."""
    required = REQUIRED.get(request.method)
    if required is None:
        return SignatureFailure(Reason.METHOD, request.method[:20])
    covered = frozenset(parsed.covered)
    if not required <= covered or covered.isdisjoint({"date", "(created)"}):
        return SignatureFailure(Reason.COVERAGE, " ".join(parsed.covered))
    # SECURITY: a large header covered a thousand times would be copied a thousand times;
    # tests/unit/protocol/signature/test_cavage.py
    if len(covered) != len(parsed.covered):
        return SignatureFailure(Reason.COVERED_TWICE, " ".join(parsed.covered))
    is_absent = (
        ("(created)" in covered and parsed.created_s is None)
        or ("(expires)" in covered and parsed.expires_s is None)
        or not covered - _SPECIAL <= request.fields.keys()
    )
    return SignatureFailure(Reason.ABSENT, " ".join(parsed.covered)) if is_absent else None
