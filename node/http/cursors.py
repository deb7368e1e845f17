"""A place in a list is named so that nobody learns from it how much else there is.

Rows are counted for all people together; the numbers themselves stay here.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from aiohttp import web
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from node.http.errors import DeclinedError
from node.http.problem import Problem

_PURPOSE: Final = b"covey cursors 1"
NUMBER_BYTES: Final = 8
CURSOR_CHARS_MAX: Final = 64


class Cursors:
    """Writes numbers of rows as cursors, and reads them again."""

    def __init__(self, secret: bytes) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret)
        self._cipher = AESSIV(derived)

    def write(self, number: int) -> str:
        """The cursor for a row; the same one each time."""
        sealed = self._cipher.encrypt(number.to_bytes(NUMBER_BYTES, "big"), None)
        return urlsafe_b64encode(sealed).decode()

    def read(self, cursor: str) -> int:
        """The row that a cursor stands for.

        Raises:
            DeclinedError: It is none of ours (400).
        """
        try:
            number = self._cipher.decrypt(urlsafe_b64decode(cursor[:CURSOR_CHARS_MAX]), None)
        except (ValueError, InvalidTag) as error:
            problem = Problem("bad-request", "That cursor is not one of ours.")
            raise DeclinedError(problem) from error
        return int.from_bytes(number, "big")


CURSORS: Final = web.AppKey("cursors", Cursors)
