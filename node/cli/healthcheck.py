"""`covey healthcheck` asks the node that should run here whether it does its work."""

import asyncio
import json
import ssl
from http import HTTPStatus
from ipaddress import ip_address

import click

from node.cli.loading import configured
from node.cli.options import config_option, json_option
from node.cli.stop import FAILED, NOT_RUNNING, StopError
from node.config.sections import Config
from node.roles import Role

EPILOG = """\b
Example:
  covey healthcheck || echo 'not well'
"""
WAIT_S = 5.0
ANSWER_MAX = 4096
ROLES = (Role.WEB.value, Role.WORKER.value)


@click.command("healthcheck", epilog=EPILOG)
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default=Role.WEB.value,
    show_default=True,
    help="Whom to ask: what listens at server.listen, or at server.worker_listen.",
)
@json_option
@config_option
def healthcheck_command(*, role: str, as_json: bool, config_path: str | None) -> None:
    """Ask the node here whether it is ready, as /readyz says it.

    Ends with status 0 if it is, with 1 and a word if it is not, and with 4 if nobody answers. For a
    container that has a look at itself.
    """
    config = configured(config_path)
    server = config.server
    places = server.listen if role == Role.WEB.value else server.worker_listen
    if not places:
        raise StopError("server.worker_listen names no address", FAILED)
    try:
        status, word = asyncio.run(_ask(config, places[0], has_tls=role == Role.WEB.value))
    except (OSError, TimeoutError, ValueError, IndexError) as error:
        raise StopError(f"nobody answers at {places[0]}", NOT_RUNNING) from error
    is_ready = status == HTTPStatus.OK
    if as_json:
        click.echo(json.dumps({"ready": is_ready, "reason": "" if is_ready else word}))
    elif is_ready:
        click.echo(word)
    if not is_ready:
        raise StopError("" if as_json else f"not ready: {word}", FAILED)


async def _ask(config: Config, place: str, *, has_tls: bool) -> tuple[int, str]:
    """The status of /readyz, and its word."""
    async with asyncio.timeout(WAIT_S):
        if place.startswith("unix:"):
            reader, writer = await asyncio.open_unix_connection(place.removeprefix("unix:"))
        else:
            address, _, port = place.rpartition(":")
            address = address.strip("[]")
            near = "localhost" if ip_address(address).is_unspecified else address
            tls = _unchecked() if has_tls and config.server.tls_cert else None
            reader, writer = await asyncio.open_connection(near, int(port), ssl=tls)
        head = f"GET /readyz HTTP/1.1\r\nHost: {config.server.netloc}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        answer = (await reader.read())[:ANSWER_MAX].decode(errors="replace")
        writer.close()
    return int(answer.split()[1]), answer.partition("\r\n\r\n")[2].strip()


def _unchecked() -> ssl.SSLContext:
    """It is this machine that is asked, and by an address that no certificate names."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
