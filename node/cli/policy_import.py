"""`covey policy import` takes over rules, and lists of what other servers keep out."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from federation.commands import change_rules
from federation.policy.lists.adopt import adopt
from federation.policy.lists.entry import BYTES_MAX
from federation.policy.lists.formats import READERS
from federation.policy.lists.written import RULE_KEY, read_json
from federation.policy.problem import Unreadable
from node.cli.loading import configured
from node.cli.options import config_option, json_option
from node.cli.policy_ground import change, dry_run_option, how_of, refusal, some, yes_option
from node.cli.stop import StopError
from node.config.sections import Config

WHOLE: Final = ("toml", "json")
FORMATS: Final = (*WHOLE, *(kind for kind in READERS if kind not in WHOLE))

IMPORT_EXAMPLES: Final = """\b
Examples:
  covey policy import rules.toml --dry-run
  covey policy import blocks.csv --format mastodon-csv --name partner \\
    --dry-run
"""


@click.command("import", epilog=IMPORT_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "kind", type=click.Choice(FORMATS), default="toml", show_default=True)
@click.option("--name", default="import", help="With it the ids of rules begin that it brings.")
@dry_run_option
@yes_option
@json_option
@config_option
def import_command(
    *, file: Path, kind: str, name: str, config_path: str | None, **how: bool
) -> None:
    """Take over the rules in FILE into the database.

    As TOML or JSON they are written as `covey policy export` writes them. Lists of domains of other
    formats become rules, as few as say the same; what is not taken over is told on standard error.
    With one mistake nothing is taken, and every mistake is told. Look at it with --dry-run before.
    """
    config = configured(config_path)
    tables = _tables(file, kind) if kind in WHOLE else _listed(config, file, kind, name=name)
    change(config, partial(change_rules.add, tables), verb="imported", how=how_of(how))


def _listed(config: Config, file: Path, kind: str, *, name: str) -> Sequence[Mapping[str, Any]]:
    """The rules that come of a list, with what does not told."""
    read = READERS[kind](str(file), _bytes(file))
    if isinstance(read, Unreadable):
        raise refusal(read)
    adopted = adopt(read.entries, name, own_hosts=config.server.names)
    for reason, keys in adopted.left_out.items():
        click.echo(f"left out are {len(keys)} that {reason}: {some(keys)}", err=True)
    if read.skipped:
        click.echo(f"{read.skipped} say nothing, or are masked", err=True)
    if read.cut:
        click.echo(f"{read.cut} comments were too long and are cut", err=True)
    if not adopted.tables:
        raise StopError(f"{file}: nothing in it can become a rule")
    click.echo(f"{adopted.count} entries become {len(adopted.tables)} rules", err=True)
    return adopted.tables


def _tables(file: Path, kind: str) -> Sequence[Mapping[str, Any]]:
    data = _bytes(file)
    if kind == "json":
        read = read_json(str(file), data)
        if isinstance(read, Unreadable):
            raise refusal(read)
        return read.rules
    try:
        document = tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise StopError(f"{file}: is no TOML: {error}") from None
    rules = document.get(RULE_KEY, [])
    if document.keys() - {RULE_KEY} or not isinstance(rules, list) or not rules:
        raise StopError(f"{file}: has other things than [[{RULE_KEY}]], or none of them")
    if not all(isinstance(each, dict) for each in rules):
        raise StopError(f"{file}: {RULE_KEY} is written as [[{RULE_KEY}]]")
    return rules


def _bytes(file: Path) -> bytes:
    """What is in a file.

    Raises:
        OSError: It cannot be read.
        StopError: It is too long.
    """
    if file.stat().st_size > BYTES_MAX:
        raise StopError(f"{file}: has more than {BYTES_MAX:,} bytes")
    return file.read_bytes()
