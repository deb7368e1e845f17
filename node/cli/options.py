"""The options that every command has in common."""

from typing import Final

import click

config_option: Final = click.option(
    "--config",
    "config_path",
    metavar="PATH",
    help="The configuration; else $COVEY_CONFIG, ./config.toml or data/config.toml.",
)

json_option: Final = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON for a program to read."
)
