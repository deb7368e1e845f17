"""The chat can be installed: what it is called and looks like, and the worker that keeps its files.

The page that the worker keeps is the chat's with nobody in it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from aiohttp import hdrs, web

from node.http.routes import Endpoint, Scope
from node.web.context import PageContext
from node.web.languages import Words, load_languages
from node.web.rendering import language_for
from node.web.static_files import ASK_AGAIN, TYPES, WORKER, StaticFiles

MANIFEST: Final = "/manifest.webmanifest"
WORKER_PATH: Final = f"/{WORKER}"
SHELL_PATH: Final = "/chat-shell"
# The light ground of css/tokens.css; a dark page says its own colour.
GROUND: Final = "#f3f5f4"
# What a notification says without the words of the message.
MESSAGE: Final = Words("page.push.message")
# It fetches from here, and runs nothing else.
WORKER_POLICY: Final = "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'"


def endpoints(context: PageContext, static: StaticFiles) -> tuple[Endpoint, ...]:
    """The manifest, the worker and the page that it keeps, for anybody."""
    languages = load_languages()

    async def manifest(_: web.Request) -> web.Response:
        return _answer(
            msgspec.json.encode(_manifest(context.site.name, static)), "application/manifest+json"
        )

    async def shell(request: web.Request) -> web.Response:
        return context.render(request, "chat.html", csrf="")

    async def worker(request: web.Request) -> web.Response:
        page = context.render(request, "chat.html", csrf="").text or ""
        words = {"message": language_for(request, languages).template(MESSAGE)}
        script = _worker(page, static, words)
        answer = _answer(script, TYPES[".js"])
        answer.headers["Content-Security-Policy"] = WORKER_POLICY
        return answer

    return (
        Endpoint("GET", MANIFEST, manifest, Scope.ANYONE),
        Endpoint("GET", WORKER_PATH, worker, Scope.ANYONE),
        Endpoint("GET", SHELL_PATH, shell, Scope.ANYONE),
    )


def _manifest(name: str, static: StaticFiles) -> dict[str, Any]:
    def icon(path: str, size: str, purpose: str = "any") -> dict[str, str]:
        kind = TYPES[path[path.rindex(".") :]]
        return {"src": static.address(path), "sizes": size, "type": kind, "purpose": purpose}

    return {
        "id": "/chat",
        "name": name,
        "short_name": name,
        "start_url": "/chat",
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [
            icon("mark.svg", "any"),
            icon("icons/icon-192.png", "192x192"),
            icon("icons/icon-512.png", "512x512"),
            icon("icons/icon-maskable-512.png", "512x512", "maskable"),
        ],
    }


def _worker(page: str, static: StaticFiles, words: Mapping[str, str]) -> bytes:
    """The worker's text behind what it keeps; another page or file gives another text."""
    version = hashlib.sha256(f"{static.version}{page}".encode()).hexdigest()[:16]
    kept = {
        "version": version,
        "page": SHELL_PATH,
        "files": static.shell,
        "words": words,
        "icon": static.address("icons/icon-192.png"),
    }
    return b"self.SHELL = " + msgspec.json.encode(kept) + b";\n" + static.files[WORKER].body


def _answer(body: bytes, content_type: str) -> web.Response:
    headers = {hdrs.CONTENT_TYPE: content_type, hdrs.CACHE_CONTROL: ASK_AGAIN}
    return web.Response(body=body, headers=headers)
