"""A message shows as many files as everybody in it can be shown."""

from types import SimpleNamespace
from typing import Any

import pytest

from federation.activities.known import KnownUpload
from federation.pipeline.item import PostMessage
from federation.pipeline.uploads import choose
from federation.protocol.build.note import Addressee
from federation.protocol.namespace import Namespace
from federation.protocol.verdict import Refused
from storage.changes import Attachment

SPACE = Namespace("https://alpha.test", "alpha.test", "alpha.test")
AL = SPACE.person("al")
AWARE, LEGACY = "https://beta.test/u/bo", "https://gts.test/users/dave"


def chosen(count: int, *people: str) -> tuple[KnownUpload, ...] | Refused:
    """What becomes of a message to these people with so many files."""
    ids = tuple(f"upload {number}" for number in range(count))
    uploads = tuple(
        KnownUpload(one, "al", "", Attachment(f"https://alpha.test/media/{one}", "image/png"))
        for one in ids
    )
    place: Any = SimpleNamespace(people=tuple(Addressee(uri, "x@y") for uri in people))
    actors = {uri: SimpleNamespace(aware=uri == AWARE) for uri in people}
    situation: Any = SimpleNamespace(actors=actors, uploads=uploads, space=SPACE)
    return choose(PostMessage(AL, "c", "", media_ids=ids), place, situation)


@pytest.mark.parametrize(
    ("people", "most"), [((), 10), ((AWARE,), 10), ((LEGACY,), 4), ((AWARE, LEGACY), 4)]
)
def test_so_many_files_and_no_more(people: tuple[str, ...], most: int):
    taken = chosen(most, *people)

    assert not isinstance(taken, Refused)
    assert len(taken) == most
    assert isinstance(chosen(most + 1, *people), Refused)
