"""What the policy must stand, by number: waves of spam as they were seen, and what admins do."""

from collections.abc import Mapping
from typing import Final

SCENARIOS: Final[Mapping[int, str]] = {
    1: "The wave of February 2024: held without a rule on any domain; no push, fetch or preview.",
    2: "One text from many old servers: held from the eighth recipient on, and what came before.",
    3: "A flood of invitations: no picture is fetched, and raised protection rejects the rest.",
    4: "Names and texts with variants: what observes counts what enforcing holds.",
    5: "An account here that was taken: so many strangers an hour, and it reads why.",
    6: "In 1 to 4 nobody in touch is affected, and what was held by mistake arrives.",
    7: "A revert shows what a block hid, bit by bit, sends nothing and brings no membership back.",
    8: "A block ends what waits for delivery in its transaction.",
    9: "However a domain is spelled, it is caught.",
    10: "On an allowlist the key alone lets nobody in, and a blocked author is not relayed.",
    11: "Of two lists that disagree the first decides, until it takes back.",
    12: "A final accept stands, observing and order change nothing, effects alter no byte.",
    13: "Of a long list all is taken or nothing, and the web answers meanwhile.",
    14: "A rule that raises or costs too much gives `on_error`, and others are judged.",
    15: "While rules cannot be read, nothing is let in.",
    16: "A step of the clock lets nothing go and ends nothing.",
    17: "What was decided can be explained when the rules are others.",
    18: "Raised protection ends by itself after a restart.",
    19: "FediBlockHole pulls, merges and pushes a thousand blocks.",
    20: "What is exported is imported as it was, and a dataset comes to the same by both ways.",
    21: "Of what is encrypted no word is judged, and all else is.",
    22: "Damaged rules and lists are told and change nothing.",
}
