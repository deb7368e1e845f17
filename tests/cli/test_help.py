"""The help of every command is recorded in tests/cli/help, so that no change goes unseen.

`COVEY_RECORD=1 pytest tests/cli/test_help.py` writes it anew.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from node.cli.main import covey

WIDTH = 80
RECORDED = Path(__file__).parent / "help"


def commands(group: click.Group, names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield names
    context = click.Context(group, **covey.context_settings)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            yield from commands(command, (*names, name))
        else:
            yield (*names, name)


def help_of(names: tuple[str, ...]) -> str:
    context = click.Context(
        covey, info_name="covey", terminal_width=WIDTH, **covey.context_settings
    )
    command: click.Command = covey
    for name in names[1:]:
        assert isinstance(command, click.Group)
        found = command.get_command(context, name)
        assert found is not None
        command = found
        context = click.Context(command, parent=context, info_name=name, terminal_width=WIDTH)
    return command.get_help(context) + "\n"


ALL = sorted(commands(covey, ("covey",)))


@pytest.mark.parametrize("names", ALL, ids=" ".join)
def test_the_help_is_the_recorded_one_and_has_an_example(names: tuple[str, ...]) -> None:
    path = RECORDED / f"{'-'.join(names)}.txt"
    text = help_of(names)
    if os.environ.get("COVEY_RECORD"):
        path.write_text(text)

    assert text == path.read_text()
    assert "Example" in text
    # What click cuts to fit ends like this; so does how it writes "any number of them".
    assert "..." not in text.replace("[ARGS]...", "")
    assert max(map(len, text.splitlines())) <= WIDTH
    assert f"{' '.join(names)} " in text.partition("Example")[2].replace("\n", " \n")


def test_nothing_is_recorded_for_a_command_that_is_gone() -> None:
    assert sorted(path.stem for path in RECORDED.iterdir()) == sorted("-".join(n) for n in ALL)


@pytest.mark.parametrize("names", [names for names in ALL if len(names) > 1], ids=" ".join)
def test_every_command_takes_a_configuration(names: tuple[str, ...]) -> None:
    text = help_of(names)

    is_group = "COMMAND [ARGS]" in text
    assert is_group or "--config PATH" in text or names == ("covey", "config", "example")
