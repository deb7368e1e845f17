r"""Only here is RE2 known: it takes time linear in the text, whatever the expression.

It knows no back-references and no look-around. `\d`, `\w` and `\b` are of ASCII; `\pL` and `\pN` of
all writing.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import re2

from federation.policy.expressions import Wrong

# Of the states that one expression may hold: there may be thousands of expressions.
BYTES_MAX: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression; two are the same if they are written the same."""

    source: str
    compiled: Any = field(compare=False, repr=False)

    def is_in(self, text: str) -> bool:
        """Whether some part of a text is as it says."""
        # PERF: with bytes the library makes no table of offsets, a third of the time.
        return self.compiled.search(text.encode(errors="replace")) is not None


def read_pattern(source: str) -> Pattern | Wrong:
    """The expression that is written, or why it is none."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = BYTES_MAX
    try:
        return Pattern(source, re2.compile(source.encode(), options))
    except re2.error as error:
        why = error.args[0] if error.args else b""
        return Wrong(f"is no expression of RE2: {why.decode(errors='replace')}")
