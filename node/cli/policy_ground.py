"""What commands that change rules have in common: what they stand on, and what they say."""

import json
import sys
import tomllib
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import click

from federation.commands.parting import Parting
from federation.commands.rule_change import Changed, Ground
from federation.policy.check import check
from federation.policy.problem import Unreadable
from federation.protocol.verdict import Refused
from node.cli.opening import inside
from node.cli.stop import StopError
from node.clock import Clock
from node.config.rules import read_rules
from node.config.sections import Config
from node.entropy import Entropy

# What click gives for an option.
Given = str | bool | tuple[str, ...] | None
Answer = Changed | Unreadable | Refused
Doing = Callable[[Ground], Coroutine[Any, Any, Answer]]

SHOWN: Final = 10
dry_run_option: Final = click.option(
    "--dry-run", is_flag=True, help="Say what it would do, and change nothing."
)
yes_option: Final = click.option("--yes", is_flag=True, help="Do not ask at a terminal.")


@dataclass(frozen=True, slots=True)
class How:
    """How a change is made.

    Attributes:
        dry_run: Whether nothing is to be changed.
        yes: Whether nobody is asked.
        as_json: Whether a program reads the answer.
    """

    dry_run: bool
    yes: bool
    as_json: bool


def ground_of(config: Config, *, dry_run: bool) -> Ground:
    """What a change of rules stands on.

    Raises:
        StopError: The rules of files have mistakes.
    """
    written = read_rules(config.file, config.server.names)
    if isinstance(written, Unreadable):
        raise refusal(written)
    clock = Clock()
    new_id = Entropy(clock.now).new_id
    return Ground(written, config.server.names, new_id, clock.now(), dry_run=dry_run)


def how_of(given: Mapping[str, Given]) -> How:
    """What the common options say."""
    return How(*(given[key] is True for key in ("dry_run", "yes", "as_json")))


def change(config: Config, doing: Doing, *, verb: str, how: How) -> None:
    """Change rules; ask before at a terminal if that parts anybody, and say what it has done.

    Args:
        config: Of the node.
        doing: Does it, or says what would be done.
        verb: What has been done, such as "added".
        how: As the common options say.

    Raises:
        StopError: It cannot be, or nobody wants it.
    """
    if how.dry_run or (not how.yes and sys.stdin.isatty()):
        told = done(inside(config, lambda: doing(ground_of(config, dry_run=True))))
        if how.dry_run:
            _say(told, f"would have {verb}", as_json=how.as_json)
            return
        if _parts(told):
            click.confirm(f"{in_words(told)}. Nothing brings that back. Go on?", abort=True)
    told = done(inside(config, lambda: doing(ground_of(config, dry_run=False))))
    _say(told, verb, as_json=how.as_json)


def done(answer: Answer) -> Changed:
    """The answer of a change that was possible.

    Raises:
        StopError: It was not, for these reasons.
    """
    if isinstance(answer, Unreadable):
        raise refusal(answer)
    if isinstance(answer, Refused):
        raise StopError(answer.reason)
    return answer


def refusal(unreadable: Unreadable) -> StopError:
    """How a command ends that can do nothing; each mistake is on a line of its own."""
    return StopError("\n".join(map(str, unreadable.problems)))


def in_words(told: Changed) -> str:
    """What a change ends."""
    removed, leaving = told.parted.removed, told.parted.leaving
    return (
        f"{len(removed)} people elsewhere leave {_groups(removed)} groups here, {len(leaving)} of"
        f" ours leave {_groups(leaving)} groups elsewhere, {told.waiting} deliveries end unsent"
    )


def document(told: Changed) -> Mapping[str, object]:
    """The same for a program."""
    removed, leaving = told.parted.removed, told.parted.leaving
    return {
        "rules": list(told.rules),
        "members_removed": len(removed),
        "groups_here": _groups(removed),
        "people_leaving": len(leaving),
        "groups_there": _groups(leaving),
        "deliveries_ended": told.waiting,
    }


def some(names: Sequence[str]) -> str:
    """The first of many names."""
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")


def tables_in(texts: Iterable[str]) -> dict[str, Any]:
    """Keys of a rule that are written as TOML: `priority=3`, `when.relation="stranger"`.

    Raises:
        click.UsageError: One of them is none.
    """
    try:
        return tomllib.loads("\n".join(texts))
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"--set is KEY=VALUE as in TOML: {error}") from None


def _say(told: Changed, verb: str, *, as_json: bool) -> None:
    warned = [each for each in check(told.policy, Clock().now()) if each.rule.id in told.rules]
    if as_json:
        warnings = [
            {"rule": one.rule.id, "fault": one.fault, "reason": one.reason} for one in warned
        ]
        click.echo(json.dumps({**document(told), "warnings": warnings}, indent=2))
        return
    for one in warned:
        click.echo(f"warning: {one}", err=True)
    names = some(told.rules)
    click.echo(f"{verb} {names}: {in_words(told)}" if _parts(told) else f"{verb} {names}")


def _parts(told: Changed) -> bool:
    return bool(told.parted.removed or told.parted.leaving or told.waiting)


def _groups(partings: tuple[Parting, ...]) -> int:
    return len({one.conversation_id for one in partings})
