"""A command reads a password without showing it."""

import sys

import click

from federation.protocol.verdict import Refused
from node.cli.stop import StopError
from node.identity.passwords import judge_password


def ask_password(*, from_stdin: bool) -> str:
    """The password from standard input or from whoever sits at the terminal; "" if from neither.

    Raises:
        StopError: Nobody may choose it.
    """
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        return ""
    verdict = judge_password(password)
    if isinstance(verdict, Refused):
        raise StopError(verdict.reason)
    return str(password)
