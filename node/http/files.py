"""A file by anybody is sent so that no browser makes a page of it, and no cache shares it.

Source: security.md 8
"""

from typing import Final

from aiohttp import hdrs, web

from federation.queries.media import MediaFile

SANDBOX: Final = "sandbox; default-src 'none'"
# The address is a secret, and dies with its message.
CACHE: Final = "private, max-age=3600"
# What is public changes its address when it changes.
PUBLIC: Final = "public, max-age=86400"


def file_response(file: MediaFile, *, resource_policy: str = "same-origin") -> web.FileResponse:
    """The answer; it understands Range and If-None-Match.

    Args:
        file: What is sent.
        resource_policy: Whose pages may show it.
    """
    kind = "inline" if file.is_picture else "attachment"
    return web.FileResponse(
        file.path,
        headers={
            hdrs.CONTENT_TYPE: file.media_type,
            hdrs.CONTENT_DISPOSITION: f'{kind}; filename="{file.name}"',
            hdrs.CACHE_CONTROL: PUBLIC if file.is_public else CACHE,
            "Content-Security-Policy": SANDBOX,
            "Cross-Origin-Resource-Policy": resource_policy,
        },
    )
