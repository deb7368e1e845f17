"""PURE: the bytes of a list are text, or there is a reason why not."""

import codecs
from typing import Final

from federation.policy.expressions import Wrong
from federation.policy.lists.entry import BYTES_MAX

_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_in(data: bytes) -> str | Wrong:
    """The text of a list: UTF-8, with or without the mark of it, or UTF-16 with its mark.

    Another encoding is not guessed: comments would be spoilt without a word.
    """
    if len(data) > BYTES_MAX:
        return Wrong(f"has more than {BYTES_MAX:,} bytes")
    encoding = "utf-16" if data.startswith(_WIDE) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return Wrong(f"is no text in UTF-8: line {line} has another byte")
