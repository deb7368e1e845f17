"""Who runs this node blocks a domain with a reason for people and one for themselves."""

from dataclasses import dataclass
from typing import Final

from federation.commands import block_domain
from federation.commands.block_domain import Consequences
from federation.commands.deeds import By, note
from federation.commands.desk import Desk
from federation.protocol.verdict import Refused
from storage.database import transaction

PRIVATE_MAX: Final = 1000
TOO_LONG: Final = Refused(f"A reason of your own has at most {PRIVATE_MAX} characters.", 422)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why.

    Attributes:
        public: What people here read, "" for nothing.
        private: What only the audit log keeps, "" for nothing.
    """

    public: str
    private: str


async def keep_out(desk: Desk, domain: str, reasons: Reasons, by: By) -> Consequences | Refused:
    """Block a domain and all names below it; answers what that has ended."""
    if len(reasons.private) > PRIVATE_MAX:
        return TOO_LONG
    now = desk.clock()
    async with transaction():
        done = await block_domain.block(
            domain,
            reasons.public,
            space=desk.space,
            new_id=desk.entropy.new_id,
            now=now,
            by=by,
        )
        if isinstance(done, Consequences) and reasons.private:
            await note(by, "rule.noted", done.domain, now, detail=reasons.private)
    return done
