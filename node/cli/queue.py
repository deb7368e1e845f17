"""`covey queue` says what waits to be delivered, and why it has not arrived."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import click

from federation.protocol.timestamps import format_time
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.clock import Clock
from storage import deliveries
from storage.deliveries import QueueCounts, QueuedRow

# What is said of a row without a reason of its own.
WORDS: Final = {"pending": "waits for its turn", "sending": "is on its way"}


@click.group("queue", epilog="\b\nExample:\n  covey queue status\n")
def queue_command() -> None:
    """The delivery queue."""


@queue_command.command("status", epilog="\b\nExample:\n  covey queue status --json\n")
@json_option
@config_option
def status_command(*, as_json: bool, config_path: str | None) -> None:
    """Count deliveries by state and servers by health.

    Says also how long the oldest has waited.
    """
    counts = inside(configured(config_path), deliveries.counts)
    if as_json:
        click.echo(json.dumps(_counted(counts)))
        return
    for line in _told(counts, Clock().now()):
        click.echo(line)


@queue_command.command("list", epilog="\b\nExample:\n  covey queue list --json\n")
@click.option("--limit", default=100, show_default=True, help="At most this many rows.")
@json_option
@config_option
def list_command(*, limit: int, as_json: bool, config_path: str | None) -> None:
    """Print what is not delivered yet, with the reasons.

    The oldest comes first.
    """
    rows = inside(configured(config_path), lambda: deliveries.listed(limit=limit))
    if as_json:
        click.echo(json.dumps([_described(row) for row in rows], indent=2))
        return
    for row in rows:
        next_try = f", next try {format_time(row.next_try)}" if row.next_try else ""
        reason = row.reason or WORDS.get(row.state, "no reason is known")
        click.echo(f"{row.host:<30} {row.state:<10} {reason}{next_try}")
    if not rows:
        click.echo("nothing waits")


def _counted(counts: QueueCounts) -> Mapping[str, object]:
    oldest = format_time(counts.oldest_at) if counts.oldest_at is not None else None
    return {"rows": counts.rows, "lanes": counts.lanes, "oldest": oldest}


def _told(counts: QueueCounts, now: datetime) -> list[str]:
    lines = [f"{state:<10} {number}" for state, number in sorted(counts.rows.items())]
    lines += [f"servers {state}: {number}" for state, number in sorted(counts.lanes.items())]
    if counts.oldest_at is not None:
        minutes = int((now - counts.oldest_at).total_seconds() // 60)
        lines.append(f"the oldest has waited for {minutes} min")
    return lines or ["nothing waits"]


def _described(row: QueuedRow) -> Mapping[str, object]:
    return {
        "id": row.id,
        "host": row.host,
        "state": row.state,
        "reason": row.reason,
        "attempts": row.attempts,
        "next_try": format_time(row.next_try) if row.next_try else None,
    }
