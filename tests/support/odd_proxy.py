"""A TLS proxy in front of a node that passes each request on, changed as a test says."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

HEAD_END = b"\r\n\r\n"

# Given the head of a request, as it is passed on.
Change = Callable[[bytes], bytes]


def faithful(head: bytes) -> bytes:
    """As it came."""
    return head


@asynccontextmanager
async def proxying(
    port: int, node_port: int, tls: ssl.SSLContext, change: Change = faithful
) -> AsyncIterator[None]:
    """Listen in TLS on a port of loopback while the block lasts; one request a connection."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = change(await reader.readuntil(HEAD_END))
            head = head.replace(HEAD_END, b"\r\nConnection: close" + HEAD_END)
            there, to = await asyncio.open_connection("127.0.0.1", node_port)
            to.write(head)
            writer.write(await there.read())
            to.close()
        writer.close()

    server = await asyncio.start_server(pass_on, "127.0.0.1", port, ssl=tls)
    async with server:
        yield
