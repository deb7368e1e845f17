"""What costs much is done for one person once at a time, and then not for a while."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

REST: Final = timedelta(hours=1)
KEYS_MAX: Final = 10_000


class Turns:
    """Whose turn it is and when somebody's next one comes, in memory and bounded."""

    def __init__(self) -> None:
        self._under_way: set[str] = set()
        self._done: OrderedDict[str, datetime] = OrderedDict()

    def is_under_way(self, account: str) -> bool:
        """Whether something is being done for them."""
        return account in self._under_way

    def wait_s(self, account: str, now: datetime) -> int:
        """Seconds until they may begin again after what was done last; 0 for at once."""
        done = self._done.get(account)
        return 0 if done is None else max(0, int((done + REST - now).total_seconds()))

    def begin(self, account: str) -> None:
        """Their turn begins; it ends by `end`, whatever comes."""
        self._under_way.add(account)

    def end(self, account: str, now: datetime, *, is_whole: bool) -> None:
        """Their turn is over; what broke off does not count."""
        self._under_way.discard(account)
        if is_whole:
            self._done[account] = now
            self._done.move_to_end(account)
        while len(self._done) > KEYS_MAX:
            self._done.popitem(last=False)
