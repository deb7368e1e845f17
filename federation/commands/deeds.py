"""Who does something to run the node, so that the audit log can say it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage import audit
from storage.audit import Deed
from storage.database import transaction


@dataclass(frozen=True, slots=True)
class By:
    """Who, and by which way.

    Attributes:
        who: A person's id; "" at the machine itself.
        face: "api", "web", "cli", "list" or "system".
    """

    who: str
    face: str


SYSTEM: Final = By("", "system")
MACHINE: Final = By("", "cli")
OF_LIST: Final = By("", "list")


def by_caller(person: str) -> By:
    """Somebody who calls the JSON API."""
    return By(person, "api")


def by_page(person: str) -> By:
    """Somebody at a page of this node."""
    return By(person, "web")


async def note(by: By, act: str, about: str, at: datetime, *, detail: str = "") -> None:
    """Write a deed down. Inside its transaction, so that none is done and not written."""
    await audit.append(Deed(at, by.who, by.face, act, about, detail))


async def note_export(by: By, at: datetime) -> None:
    """Write down that somebody takes the log along, before they get it."""
    async with transaction():
        await note(by, "audit.exported", "audit", at)
