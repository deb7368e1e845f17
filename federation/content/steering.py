"""What is shown of a text has no characters that steer the display or a terminal.

An override of the direction shows letters in another order than they are read, and what follows as
well. Marks, embeddings and isolates stay: languages written from right to left need them, and they
end with their paragraph.
"""

import re
from typing import Final

# C0 and C1 but for tab and line breaks, and the two overrides.
_STEERING: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e]")


def clean_text(text: str) -> str:
    """A text of any length without what steers.

    Source: security.md 9; attack corpus X04
    """
    return _STEERING.sub("", text)
