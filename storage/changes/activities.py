"""An activity's bytes are kept once, whoever refers to them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeepActivity:
    """Keep the JSON text of an activity as it was signed."""

    id: str
    actor: str
    document: str
    at: datetime
