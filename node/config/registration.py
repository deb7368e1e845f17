"""The section `[registration]`: whether people may make accounts of themselves."""

from dataclasses import dataclass
from datetime import timedelta

from node.config.option import Kind, days, option


@dataclass(frozen=True, slots=True)
class RegistrationConfig:
    """Who may make an account without an invitation."""

    open: bool = option(
        Kind.SWITCH, default=False, text="Whether anybody may ask for an account at /sign-up."
    )
    approval: bool = option(
        Kind.SWITCH,
        default=True,
        text="Whether each of these accounts waits until somebody who runs the node approves it.",
    )
    close_if_unmoderated_for: timedelta = option(
        Kind.TIME,
        days(7),
        "It is closed while nobody who moderates was signed in on a page for so long.",
    )
