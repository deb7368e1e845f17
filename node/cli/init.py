"""`covey init` makes a fresh node: configuration, secret key, tables and the owner's link."""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from node.cli.loading import configured
from node.cli.migrate import apply
from node.cli.opening import inside, make_folder
from node.cli.options import json_option
from node.cli.stop import USAGE, StopError
from node.clock import Clock
from node.config.example import literal
from node.config.mistake import Wrong
from node.config.option import options_of
from node.config.sections import SQLITE_FILE, Config, sections
from node.config.values import read
from node.entropy import Entropy
from node.identity.owner_link import create_owner_link
from storage.errors import StorageError

KEY_FILE: Final = "secret_key"
EPILOG: Final = """\b
Examples:
  covey init --host chat.example.org --config config.toml
  covey init --host localhost:8420 --url http://localhost:8420 \\
    --config data/config.toml --yes
"""


# A URL at which nothing but the node itself can answer.
OWN: Final = re.compile(r"http://(?:localhost|127\.0\.0\.1):([0-9]{1,5})/?")
USUAL_PORT: Final = "8420"


@dataclass(frozen=True, slots=True)
class Choice:
    """One key that `init` writes.

    Attributes:
        flag: The option it came from, for a complaint; "" if it is our own.
    """

    section: str
    key: str
    value: object
    flag: str = ""


@click.command("init", epilog=EPILOG)
@click.option("--host", required=True, help="The name other servers know this node by.")
@click.option("--account-domain", default="", help="The part of a handle after the @, if not HOST.")
@click.option("--url", default="", help="Where to reach it, if that is not https://HOST.")
@click.option("--listen", default="", metavar="ADDR:PORT", help="Where to wait for connections.")
@click.option("--data", default="", metavar="DIR", help="The data folder; else that of PATH.")
@click.option("--database", default="", metavar="URL", help="Else a SQLite file in DIR.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.option("--config", "config_path", metavar="PATH", help="The file to write.", required=True)
def init_command(*, yes: bool, as_json: bool, config_path: str, **given: str) -> None:
    """Make a fresh node.

    Writes a commented configuration and a secret key, makes the tables and prints a link that makes
    the owner's account. The link works once and for a week. Nothing is overwritten.
    """
    path = Path(config_path)
    data = Path(given["data"]) if given["data"] else path.parent
    choices = tuple(_choices(given, path.parent.absolute(), data.absolute()))
    _check(choices, path.parent)
    _refuse_existing(path, data)
    if sys.stdin.isatty() and not yes:
        click.confirm(f"Other servers will know this node as {given['host']}. Go on?", abort=True)
    config, link = _made(path, data, choices)
    if as_json:
        click.echo(json.dumps({"config": str(path), "owner_link": link}))
        return
    click.echo(f"wrote {path}")
    for line in _redirects(config):
        click.echo(line)
    click.echo(f"make the owner's account: {link}")


def _choices(given: Mapping[str, str], folder: Path, data: Path) -> Iterator[Choice]:
    """What goes into the file, in its order; paths inside its folder are written without it."""
    yield Choice("server", "host", given["host"], "--host")
    for key in ("account_domain", "url"):
        if given[key]:
            yield Choice("server", key, given[key], f"--{key.replace('_', '-')}")
    yield Choice("server", "data_dir", _inside(data, folder))
    listen = given["listen"] or _own_address(given["url"])
    if listen:
        yield Choice("server", "listen", [listen], "--listen")
    yield Choice("server", "secret_key_file", _inside(data / KEY_FILE, folder))
    if given["database"]:
        yield Choice("database", "url", given["database"], "--database")
    if given["url"].startswith("http://"):
        yield Choice("federation", "allow_http", value=True)


def _own_address(url: str) -> str:
    """Where a node waits that has nothing in front of it; "" for where all wait."""
    found = OWN.fullmatch(url)
    return f"127.0.0.1:{found[1]}" if found and found[1] != USUAL_PORT else ""


def _inside(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


def _check(choices: tuple[Choice, ...], folder: Path) -> None:
    known = {name: options_of(section) for name, section in sections().items()}
    wrong = []
    for choice in choices:
        if choice.flag:
            value = read(choice.value, known[choice.section][choice.key], folder)
            if isinstance(value, Wrong):
                wrong.append(f"{choice.flag} must be {value.allowed}")
    if wrong:
        raise StopError("\n".join(wrong), USAGE)


def _refuse_existing(path: Path, data: Path) -> None:
    for place in (path, data / KEY_FILE, data / SQLITE_FILE):
        if place.exists():
            raise StopError(f"{place} is there already; init makes fresh nodes only")


def _made(path: Path, data: Path, choices: tuple[Choice, ...]) -> tuple[Config, str]:
    """Write the files and make the tables; if the tables cannot be made, no file stays."""
    make_folder(path.parent)
    make_folder(data)
    secret = data / KEY_FILE
    _write(secret, Entropy(Clock().now).token() + "\n", mode=0o600)
    _write(path, _text(choices), mode=0o600)
    try:
        config = configured(str(path))
        return config, inside(config, lambda: _first_run(config), migrated=False)
    except (StopError, StorageError, OSError):
        secret.unlink()
        path.unlink()
        raise


def _write(path: Path, text: str, *, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _text(choices: tuple[Choice, ...]) -> str:
    known = {name: options_of(section) for name, section in sections().items()}
    lines = ["# covey config example prints every key.", ""]
    for section in dict.fromkeys(choice.section for choice in choices):
        lines.append(f"[{section}]")
        for choice in choices:
            if choice.section == section:
                option = known[section][choice.key.removesuffix("_file")]
                lines += [f"# {option.help}", f"{choice.key} = {literal(choice.value)}"]
        lines.append("")
    return "\n".join(lines)


async def _first_run(config: Config) -> str:
    await apply(config)
    clock = Clock()
    entropy = Entropy(clock.now)
    return await create_owner_link(config.server.base_url, entropy=entropy, now=clock.now())


def _redirects(config: Config) -> Iterator[str]:
    """What another domain must redirect so that its handles lead here."""
    if config.server.domain != config.server.netloc:
        yield f"on {config.server.domain}, redirect with their query strings:"
        for name in ("webfinger", "host-meta"):
            path = f"/.well-known/{name}"
            yield f"  {path} to {config.server.base_url}{path}"
