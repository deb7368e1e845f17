"""The command `covey` beside a running node of a network."""

import asyncio
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from node.cli.main import main
from tests.support.kept_logging import kept_logging
from tests.support.live_node import LiveNode


async def covey(node: LiveNode, *arguments: object) -> str:
    """What a command for this node prints; it must succeed."""
    return await asyncio.to_thread(_run, [*map(str, arguments), "--config", str(node.config_file)])


def _run(arguments: list[str]) -> str:
    told, trouble = StringIO(), StringIO()
    with kept_logging(), redirect_stdout(told), redirect_stderr(trouble):
        status = main(arguments)
    assert status == 0, trouble.getvalue()
    return told.getvalue()
