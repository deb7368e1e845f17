"""PURE: the bytes of a list are JSON, or there is a reason why not.

Lists are longer than what `protocol/strict_json.py` takes from a stranger. Nothing here is signed,
so that of a key that is there twice the last may count.
"""

from typing import Final

import msgspec

from federation.policy.expressions import Wrong
from federation.policy.lists.entry import BYTES_MAX

_BOM: Final = b"\xef\xbb\xbf"


def json_in(data: bytes) -> object | Wrong:
    """The value that is written."""
    if len(data) > BYTES_MAX:
        return Wrong(f"has more than {BYTES_MAX:,} bytes")
    try:
        read: object = msgspec.json.decode(data.removeprefix(_BOM))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Wrong(f"is no JSON: {error}")
    except RecursionError:
        return Wrong("is nested too deep")
    return read
