"""`covey config` checks, shows and explains the configuration."""

import json
from dataclasses import asdict

import click

from node.cli.loading import listed, loaded, read
from node.cli.options import config_option, json_option
from node.cli.stop import CONFIGURATION, StopError
from node.config.example import example, shown
from node.config.load import Broken


@click.group("config", epilog="\b\nExample:\n  covey config check --config config.toml\n")
def config_command() -> None:
    """Check, show or explain the configuration."""


@config_command.command("check", epilog="\b\nExample:\n  covey config check --json\n")
@json_option
@config_option
def check_command(*, as_json: bool, config_path: str | None) -> None:
    """List every mistake in the configuration.

    Says "the configuration is fine" if there is none; else it ends with status 3.
    """
    answer = read(config_path)
    mistakes = answer.mistakes if isinstance(answer, Broken) else ()
    if as_json:
        click.echo(json.dumps({"mistakes": [asdict(each) for each in mistakes]}, indent=2))
    if mistakes:
        raise StopError("" if as_json else listed(mistakes), CONFIGURATION)
    if not as_json:
        click.echo("the configuration is fine")


@config_command.command("show", epilog="\b\nExample:\n  covey config show --origin\n")
@click.option("--origin", is_flag=True, help="Say where each value was written.")
@json_option
@config_option
def show_command(*, origin: bool, as_json: bool, config_path: str | None) -> None:
    """Print every key with the value that holds; secrets are masked."""
    answer = loaded(config_path)
    rows = list(shown(answer.config, answer.origins))
    if as_json:
        document = {key: {"value": value, "origin": where} for key, value, where in rows}
        click.echo(json.dumps(document, indent=2))
        return
    for key, value, where in rows:
        click.echo(f"{key} = {value}  # {where}" if origin else f"{key} = {value}")


@config_command.command("example", epilog="\b\nExample:\n  covey config example\n")
def example_command() -> None:
    """Print config.example.toml: every key with its help and default."""
    click.echo(example(), nl=False)
