"""What a person may write has something in it and is not too long."""

from federation.content.steering import clean_text
from federation.protocol.verdict import Refused


def judge_text(text: str, characters_max: int) -> Refused | None:
    """Why nobody may send this, or None."""
    if not clean_text(text).strip():
        return Refused("A message needs a text.", 422)
    if len(text) > characters_max:
        return Refused(f"A message has at most {characters_max} characters.", 422)
    return None
