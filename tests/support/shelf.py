"""A server that publishes lists, behind one of the names of a network."""

from dataclasses import dataclass, field

from tests.support.gate import Exchange
from tests.support.network import Network


@dataclass(slots=True)
class Shelf:
    """What stands at each path, with an ETag; every request is kept.

    Attributes:
        etags: Whether it says what it has by a tag, and answers 304 to who has it.
        asked: Every path that was asked for, with the status of the answer.
    """

    host: str
    files: dict[str, bytes] = field(default_factory=dict)
    etags: bool = True
    asked: list[tuple[str, int]] = field(default_factory=list)

    async def answer(self, exchange: Exchange) -> bytes:
        """Answer as a file server does."""
        body = self.files.get(exchange.target)
        status, head = (404, "Not Found") if body is None else (200, "OK")
        content = body or b""
        tag = f'"{hash(content)}"'
        if body is not None and self.etags and exchange.headers.get("if-none-match") == tag:
            status, head, content = 304, "Not Modified", b""
        self.asked.append((exchange.target, status))
        lines = [f"HTTP/1.1 {status} {head}", f"Content-Length: {len(content)}"]
        lines += [f"ETag: {tag}"] if self.etags else []
        return "\r\n".join([*lines, "", ""]).encode() + content


def shelf(network: Network, host: str = "gts.test") -> Shelf:
    """A server of lists behind one of the names."""
    one = Shelf(host)
    network.put_behind(host, one.answer)
    return one
