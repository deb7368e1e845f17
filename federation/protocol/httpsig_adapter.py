"""httpsig composes what we sign in draft-cavage, and nothing else of it is used.

Only its composing functions are called: its signer is six times slower than `cryptography` and
reads the key from PEM, and its verifier believes what the sender says (dependencies.md, section 2).
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from federation.protocol.errors import LocalProtocolError


class Composing(NamedTuple):
    """The two functions of httpsig that are used."""

    message: Callable[..., bytes]
    template: Callable[..., str]


def signing_string(
    method: str, target: str, *, headers: Mapping[str, str], covered: Sequence[str]
) -> bytes:
    """What the key signs.

    Args:
        method: The method.
        target: The raw request target.
        headers: Values by name.
        covered: `(request-target)` and names of headers, in order.

    Raises:
        LocalProtocolError: If the target or a value is not ASCII.
    """
    try:
        return _httpsig().message(covered, headers, method=method, path=target)
    except UnicodeEncodeError as error:
        raise LocalProtocolError(f"cannot sign text outside ASCII: {target}") from error


def is_key_id(text: str) -> bool:
    """Whether a key id can stand between the quotes of a header, in either scheme."""
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def signature_header(key_id: str, *, algorithm: str, covered: Sequence[str], signature: str) -> str:
    """The value of the Signature header; `signature` is base64.

    Raises:
        LocalProtocolError: If the key id cannot stand between quotes.
    """
    if not is_key_id(key_id):
        raise LocalProtocolError(f"not a key id: {key_id!r}")
    # httpsig answers a %-template with the key id in it, whose own percent signs must survive.
    template = _httpsig().template(
        key_id.replace("%", "%%"), algorithm, covered, sign_header="signature"
    )
    return template % signature


@cache
def _httpsig() -> Composing:
    with warnings.catch_warnings():
        # It imports pkg_resources, which warns; an operator can do nothing about that.
        warnings.simplefilter("ignore", UserWarning)
        # PERF: 0.14 s, a tenth of what a node takes to start; the first signature pays it instead
        # (python -X importtime -m node serve).
        from httpsig.utils import build_signature_template, generate_message  # noqa: PLC0415
    return Composing(generate_message, build_signature_template)
