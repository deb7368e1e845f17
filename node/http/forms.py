"""A form with a file is read up to its limits, in size, in fields and in time.

Source: security.md 8
"""

import asyncio
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import (
    BadContentDispositionHeader,
    BadContentDispositionParam,
    BodyPartReader,
    hdrs,
    web,
)
from aiohttp.http import HttpProcessingError

from node.http.errors import DeclinedError
from node.http.problem import Problem

# They quote what came; the form is judged without what they warn of.
for _quoting in (BadContentDispositionHeader, BadContentDispositionParam):
    warnings.filterwarnings("ignore", category=_quoting)

FORM_TIME_S: Final = 60.0
FIELDS_MAX: Final = 100
TEXT_MAX_BYTES: Final = 64 * 1024
FORM: Final = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class FileForm:
    """A form with one file.

    Attributes:
        name: What the client calls the file, or "".
        texts: The other fields.
    """

    data: bytes
    name: str
    texts: Mapping[str, str]


async def read_file_form(request: web.Request, *, field: str, limit_bytes: int) -> FileForm:
    """A form whose file is in this field.

    Raises:
        DeclinedError: It is no form (415), has no such file (422), or is larger (413), slower (408)
            or otherwise made than it may be (400).
    """
    if request.content_type != FORM:
        raise DeclinedError(Problem("unsupported-media-type", f"The body must be {FORM}."))
    data, name, texts = await _read_in_time(request, field, limit_bytes)
    if data is None:
        raise DeclinedError(Problem("unprocessable", f"There is no file in the field {field}."))
    return FileForm(data, name, dict(texts))


async def read_maybe_file_form(request: web.Request, *, field: str, limit_bytes: int) -> FileForm:
    """A form that may have a file in this field; its data is empty if it has none.

    Raises:
        DeclinedError: As `read_file_form`, but for a file that is not there.
    """
    if request.content_type != FORM:
        raise DeclinedError(Problem("unsupported-media-type", f"The body must be {FORM}."))
    data, name, texts = await _read_in_time(request, field, limit_bytes)
    return FileForm(data or b"", name, dict(texts))


async def read_text_form(request: web.Request, *, limit_bytes: int) -> Sequence[tuple[str, str]]:
    """The fields of a form in parts that has no file, in their order.

    Raises:
        DeclinedError: As `read_file_form`.
    """
    if (request.content_length or 0) > limit_bytes:
        raise _too_large(limit_bytes)
    return (await _read_in_time(request, None, limit_bytes))[2]


_Parts = tuple[bytes | None, str, Sequence[tuple[str, str]]]


async def _read_in_time(request: web.Request, field: str | None, limit_bytes: int) -> _Parts:
    if (request.content_length or 0) > limit_bytes + FIELDS_MAX * TEXT_MAX_BYTES:
        raise _too_large(limit_bytes)
    try:
        async with asyncio.timeout(FORM_TIME_S):
            return await _read(request, field, limit_bytes)
    except TimeoutError as error:
        raise DeclinedError(Problem("timeout", is_last=True)) from error
    except (ValueError, HttpProcessingError, web.RequestPayloadError, ConnectionError) as error:
        raise DeclinedError(
            Problem("bad-request", "The form cannot be read.", is_last=True)
        ) from error


async def _read(request: web.Request, field: str | None, limit_bytes: int) -> _Parts:
    data, name = None, ""
    texts: list[tuple[str, str]] = []
    reader = await request.multipart()
    for _ in range(FIELDS_MAX + 1):
        part = await reader.next()
        if part is None:
            return data, name, texts
        if not isinstance(part, BodyPartReader) or part.headers.get(hdrs.CONTENT_ENCODING):
            raise ValueError("a part within a part, or an encoded one")
        if part.name is not None and part.name == field and data is None:
            data, name = await _bytes_of(part, limit_bytes), part.filename or ""
        else:
            texts.append((part.name or "", (await _bytes_of(part, TEXT_MAX_BYTES)).decode()))
    raise DeclinedError(Problem("too-large", f"A form has at most {FIELDS_MAX} fields."))


async def _bytes_of(part: BodyPartReader, limit_bytes: int) -> bytes:
    read = bytearray()
    while chunk := await part.read_chunk():
        read += chunk
        if len(read) > limit_bytes:
            raise _too_large(limit_bytes)
    return bytes(read)


def _too_large(limit_bytes: int) -> DeclinedError:
    return DeclinedError(Problem("too-large", f"The limit is {limit_bytes} bytes.", is_last=True))
