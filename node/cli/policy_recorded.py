"""What a node has decided about an activity, as it was recorded then."""

import json
from collections.abc import Mapping

import click

from federation.protocol import strict_json
from federation.protocol.timestamps import format_time
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.stop import StopError
from storage import policy_decisions
from storage.policy_decisions import Decided


def tell_recorded(activity: str, config_path: str | None, *, as_json: bool) -> None:
    """Print every decision about an activity, the newest first.

    Raises:
        StopError: There is none: it was let in without more, or it is too long ago.
    """
    config = configured(config_path)
    found = inside(config, lambda: policy_decisions.of_activity(activity))
    if not found:
        raise StopError("nothing is recorded of that activity: it was let in, or that is long ago")
    if as_json:
        click.echo(json.dumps([_described(one) for one in found], indent=2))
        return
    for one in found:
        click.echo("\n".join(_in_words(one)))


def _in_words(one: Decided) -> list[str]:
    by = f"by the rule {one.rule_id}" if one.rule_id else "by no rule"
    person = f" for {one.person}" if one.person else ""
    lines = [f"{format_time(one.at)}  {one.action}{person}, {by} ({one.stage}): {one.because}"]
    lines += [f"  {rule}: {outcome} ({mode})" for rule, outcome, mode in _list(one.tried)]
    return lines + [f"  {key} = {value}" for key, value in _table(one.facts).items()]


def _described(one: Decided) -> Mapping[str, object]:
    return {
        "at": format_time(one.at),
        "activity": one.activity_id,
        "actor": one.actor_uri,
        "host": one.host,
        "person": one.person,
        "action": one.action,
        "stage": one.stage,
        "rule": one.rule_id,
        "because": one.because,
        "tried": [
            {"rule": rule, "outcome": outcome, "mode": mode}
            for rule, outcome, mode in _list(one.tried)
        ],
        "facts": _table(one.facts),
        "version": one.version,
    }


def _list(written: str) -> list[list[str]]:
    found = strict_json.loads(f'{{"tried": {written}}}'.encode())["tried"]
    return found if isinstance(found, list) else []


def _table(written: str) -> Mapping[str, object]:
    return strict_json.loads(written.encode())
