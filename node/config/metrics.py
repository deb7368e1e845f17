"""The section `[metrics]`: where the node is watched from."""

from dataclasses import dataclass

from node.config.option import Kind, option


@dataclass(frozen=True, slots=True)
class MetricsConfig:
    """What a program such as Prometheus reads."""

    listen: str = option(
        Kind.PLACE,
        "127.0.0.1:9394",
        "Where /metrics is served, to anybody who gets there; keep it on loopback.",
    )
