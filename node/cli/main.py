"""The `covey` command finds its commands by name and turns every way to fail into a status."""

import importlib
import sys
from collections.abc import Sequence
from typing import Final

import click

from node.cli.stop import FAILED, StopError
from node.names import StrangeDatabaseError
from node.release import PACKAGE
from storage.errors import StorageError

# Each command with the sentence `covey --help` shows, so that it need not be imported for that.
COMMANDS: Final = {
    "init": "Write a configuration, its secret key and the tables of a fresh node.",
    "config": "Check, show or explain the configuration.",
    "migrate": "Bring the database up to this release.",
    "database": "Move this node from SQLite to PostgreSQL.",
    "user": "Local accounts.",
    "invite": "Links by which people make an account here.",
    "keys": "The keys that this node and its people sign with.",
    "token": "Bearer tokens for scripts.",
    "serve": "Run the node.",
    "resolve": "Find somebody elsewhere, as this node sees them.",
    "healthcheck": "Ask whether the node here does its work.",
    "doctor": "Look for what is wrong with this node.",
    "queue": "What waits to be delivered or taken in, and why.",
    "peer": "Other servers, and how it is with them.",
    "reload": "Take the rules as they stand in the files now.",
    "policy": "What this node lets in and out.",
    "backup": "Save this node while it runs.",
    "restore": "Make a node of a backup, and let it go on.",
    "media": "Pictures and files: how much room they take.",
}

EPILOG: Final = """\b
Examples:
  covey init --host chat.example.org --config config.toml
  covey serve --config config.toml
"""


class LazyGroup(click.Group):
    """Commands that are imported when they are called; click has no other way to say so."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command `node.cli.NAME.NAME`."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"node.cli.{cmd_name}")
        command = getattr(module, f"{cmd_name}_command")
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, without importing anything."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.version_option(package_name=PACKAGE, prog_name="covey")
def covey() -> None:
    """Run and look after a Covey node."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; answers the exit status of contract.md."""
    try:
        result = covey.main(args=arguments, prog_name="covey", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return _said("stopped", FAILED)
    except StopError as error:
        return _said(error.message, error.status)
    except (StrangeDatabaseError, StorageError) as error:
        where = "" if isinstance(error, StrangeDatabaseError) else "the database: "
        return _said(f"{where}{error}", FAILED)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _said(f"{where}{error.strerror or error}", FAILED)
    return result if isinstance(result, int) else 0


def _said(message: str, status: int) -> int:
    if message:
        print(f"covey: {message}", file=sys.stderr)
    return status
