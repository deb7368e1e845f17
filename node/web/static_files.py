"""The browser gets exactly the files in `static/`, by an address that changes with them.

The version in the address is made from all of them, and modules import each other by relative
paths, so one version in the page gives a whole of one kind that may be cached for ever.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from aiohttp import hdrs, web

from node.http.routes import Endpoint, Scope

FOLDER: Final = Path(__file__).parent / "static"
TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is sent.

    Attributes:
        body: Its bytes.
        packed: The same, by gzip.
        etag: In quotes.
        content_type: By its suffix.
    """

    body: bytes
    packed: bytes
    etag: str
    content_type: str


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """All files by their path below `static/`, and the version of the whole."""

    version: str
    files: Mapping[str, StaticFile]

    def address(self, path: str) -> str:
        """The path a page names; a file that is not there is a bug.

        Raises:
            KeyError: There is no such file.
        """
        if path not in self.files:
            raise KeyError(path)
        return f"/static/{self.version}/{path}"

    @property
    def modules(self) -> tuple[str, ...]:
        """The paths of all scripts, in order."""
        return tuple(path for path in self.files if path.endswith(".js"))


@cache
def load_files(folder: Path = FOLDER) -> StaticFiles:
    """Read, once a process, every file whose kind is in `TYPES`."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in TYPES and path.is_file())
    files = {path.relative_to(folder).as_posix(): _load(path) for path in paths}
    whole = hashlib.sha256("".join(f"{name}{file.etag}" for name, file in files.items()).encode())
    return StaticFiles(whole.hexdigest()[:16], files)


def static_endpoint(static: StaticFiles) -> Endpoint:
    """Where the files are served."""

    async def serve(request: web.Request) -> web.Response:
        # SECURITY: a look-up in a table, never a path on the disk; see test_static_files.py.
        file = static.files.get(request.match_info["path"])
        if file is None:
            raise web.HTTPNotFound
        is_current = request.match_info["version"] == static.version
        return _answer(request, file, FOR_EVER if is_current else ASK_AGAIN)

    return Endpoint("GET", "/static/{version}/{path:.+}", serve, Scope.ANYONE)


def _answer(request: web.Request, file: StaticFile, cache: str) -> web.Response:
    headers = {
        hdrs.ETAG: file.etag,
        hdrs.CACHE_CONTROL: cache,
        hdrs.VARY: hdrs.ACCEPT_ENCODING,
        hdrs.CONTENT_TYPE: file.content_type,
    }
    if file.etag in request.headers.get(hdrs.IF_NONE_MATCH, ""):
        return web.Response(status=304, headers=headers)
    if "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
        return web.Response(body=file.packed, headers=headers | {hdrs.CONTENT_ENCODING: "gzip"})
    return web.Response(body=file.body, headers=headers)


def _load(path: Path) -> StaticFile:
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:32]
    return StaticFile(body, gzip.compress(body, mtime=0), f'"{digest}"', TYPES[path.suffix])
