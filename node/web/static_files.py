"""The browser gets exactly the files in `static/`, by an address that changes with them.

What the modules say is in one more module a language, made of its catalogue. The version in the
address is made from all of them, and modules import each other by relative
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
from node.web.languages import Languages, load_languages

FOLDER: Final = Path(__file__).parent / "static"
TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
# It has an address of its own (node/web/pages/installed.py).
WORKER: Final = "service-worker.js"
# What is fetched when somebody wants it, and not with the page.
LATER: Final = frozenset(
    {
        "actions.js",
        "base64url.js",
        "begun.js",
        "blurhash.js",
        "cards.js",
        "completion.js",
        "delivery-acts.js",
        "emoji.js",
        "find-query.js",
        "go-to-date.js",
        "group-choices.js",
        "key-list.js",
        "keyboard.js",
        "keys.js",
        "leaving.js",
        "local-times.js",
        "notifications.js",
        "passkeys.js",
        "picture-button.js",
        "pulled-rows.js",
        "qr-page.js",
        "qr.js",
        "reporting.js",
        "room-words.js",
        "show-password.js",
        "thumbnails.js",
        "timeline.js",
        "touch.js",
        "transcript.js",
        "elements/answer-buttons.js",
        "elements/ask-dialog.js",
        "elements/card-tray.js",
        "elements/conversation-details.js",
        "elements/conversation-room.js",
        "elements/emoji-picker.js",
        "elements/find-dialog.js",
        "elements/group-form.js",
        "elements/invitation-card.js",
        "elements/join-links.js",
        "elements/keys-dialog.js",
        "elements/mate-notice.js",
        "elements/member-list.js",
        "elements/message-composer.js",
        "elements/message-dialog.js",
        "elements/message-files.js",
        "elements/message-item.js",
        "elements/message-list.js",
        "elements/message-menu.js",
        "elements/message-quote.js",
        "elements/message-reactions.js",
        "elements/message-request.js",
        "elements/message-tools.js",
        "elements/mute-choice.js",
        "elements/new-conversation.js",
        "elements/notification-settings.js",
        "elements/people-page.js",
        "elements/person-profile.js",
        "elements/person-row.js",
        "elements/picture-viewer.js",
        "elements/save-copy.js",
        "elements/search-filters.js",
        "elements/stranger-facts.js",
        "elements/upload-tray.js",
        "elements/word-suggestions.js",
    }
)
IN_SHELL: Final = (".js", ".css", ".svg")
# Of the pages of those who run the node.
NOT_IN_SHELL: Final = frozenset({WORKER, "css/admin.css"})
FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"
TEXTS: Final = "texts/"


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
        """The paths of the scripts of a page but the texts of languages, in order."""
        return tuple(each for each in self.files if each.endswith(".js") and is_module(each))

    @property
    def shell(self) -> tuple[str, ...]:
        """The addresses of what the chat is drawn with, in order."""
        drawn = (
            path for path in self.files if path.endswith(IN_SHELL) and path not in NOT_IN_SHELL
        )
        return tuple(map(self.address, drawn))


def is_module(path: str) -> bool:
    """Whether a script is of every page of the chat."""
    return path != WORKER and path not in LATER and not path.startswith(TEXTS)


@cache
def load_files(folder: Path = FOLDER) -> StaticFiles:
    """Read, once a process, every file whose kind is in `TYPES`."""
    return with_texts(folder, load_languages())


def with_texts(folder: Path, languages: Languages) -> StaticFiles:
    """The files of a folder, and what they say in these languages."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in TYPES and path.is_file())
    files = {path.relative_to(folder).as_posix(): _load(path) for path in paths}
    for tag, language in languages.by_tag.items():
        files[f"{TEXTS}{tag}.js"] = _packed(
            language.module(languages.english.texts).encode(), ".js"
        )
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
    return _packed(path.read_bytes(), path.suffix)


def _packed(body: bytes, suffix: str) -> StaticFile:
    digest = hashlib.sha256(body).hexdigest()[:32]
    return StaticFile(body, gzip.compress(body, mtime=0), f'"{digest}"', TYPES[suffix])
