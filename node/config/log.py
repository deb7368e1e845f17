"""The section `[log]`: how events are written to standard error."""

from dataclasses import dataclass

from node.config.option import Kind, option


@dataclass(frozen=True, slots=True)
class LogConfig:
    """Form and amount of log lines."""

    format: str = option(
        Kind.WORD,
        "console",
        "A line for people, or a JSON object for machines.",
        words=("console", "json"),
    )
    level: str = option(
        Kind.WORD,
        "info",
        "The least important event that is written.",
        words=("debug", "info", "warning", "error"),
    )
