from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.activities import create_note, message, readers
from federation.activities.kind import Waiting
from federation.activities.known import UNHEARD, KnownConversation
from federation.activities.roster import Span
from federation.groups import chain
from federation.groups.order import Held
from federation.protocol.activity import Activity
from federation.protocol.verdict import Allowed, Refused
from storage.changes import (
    AddConversation,
    AddMessage,
    AddRecipient,
    Change,
    MoveMessage,
    OpenLog,
    PutMembership,
    SetThread,
    Tell,
)
from tests.support.situations import (
    ALICE,
    ANNA,
    AWAY,
    BOB,
    CAROL,
    DORA,
    GROUP,
    LOU,
    NOW,
    PEOPLE,
    SPACE,
    create,
    direct,
    entry,
    group,
    known_log,
    known_message,
    log_of,
    of,
    owed,
    situation,
    state,
)

HELD = state(BOB, ALICE, CAROL, uri=AWAY)
LATER = chain.without(HELD, CAROL)
MANY_LOGS = [known_log(BOB, uri=f"{log_of(BOB)}{n}") for n in range(16)]
LAST_DAY = datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)


def judged(
    said: Activity, conversation: KnownConversation | None, **other: object
) -> Allowed | Refused | Waiting:
    place = situation(said.actor, conversation, **other)
    return create_note.authorize(message.read(said), place)


def applied(
    said: Activity, conversation: KnownConversation | None, **other: object
) -> list[Change]:
    place = situation(said.actor, conversation, **other)
    return list(create_note.apply(message.read(said), place))


def left_at(number: int) -> KnownConversation:
    """The group at epoch 4, from which carol was removed with this as her last number."""
    logs = [known_log(CAROL, head=9, final=number)]
    spans = (Span(BOB, 1, None), Span(ALICE, 2, None), Span(CAROL, 3, 4))
    return group(LATER, standings={CAROL: "removed"}, spans=spans, logs=logs)


KNOWN = {f"{BOB}/n/1": known_message(f"{BOB}/n/1", BOB)}
VERDICTS = [
    ("a member", entry(BOB, HELD), group(HELD), {}, "Allowed"),
    ("an older epoch", entry(BOB, HELD, epoch=1), group(HELD), {}, "Allowed"),
    ("an epoch ahead", entry(BOB, HELD, epoch=4), group(HELD), {}, "Waiting"),
    ("before joining", entry(CAROL, HELD, epoch=1), group(HELD), {}, "Refused"),
    ("never a member", entry(DORA, HELD), group(HELD), {}, "Refused"),
    ("left", entry(CAROL, HELD), group(HELD, standings={CAROL: "left"}), {}, "Refused"),
    ("late but in time", entry(CAROL, HELD, seq=7), left_at(7), {}, "Allowed"),
    ("too late", entry(CAROL, HELD, seq=8), left_at(7), {}, "Refused"),
    ("held already", entry(BOB, HELD), group(HELD), {"messages": KNOWN}, "Allowed"),
    (
        "held elsewhere",
        entry(BOB, HELD),
        group(HELD, id="01K4X"),
        {"messages": KNOWN},
        "Refused",
    ),
    (
        "somebody else's",
        entry(BOB, HELD),
        group(HELD),
        {"messages": {f"{BOB}/n/1": known_message(f"{BOB}/n/1", CAROL)}},
        "Refused",
    ),
    ("too many logs", entry(BOB, HELD), group(HELD, logs=MANY_LOGS), {}, "Refused"),
    ("direct", create(BOB, [ALICE]), None, {}, "Allowed"),
    ("direct, nobody here", create(BOB, [CAROL]), None, {}, "Refused"),
    ("direct, with a group", create(BOB, [ALICE, AWAY]), None, {}, "Refused"),
    ("direct, of a group", entry(BOB, HELD), None, {}, "Refused"),
    ("public", create(BOB, [ALICE, "as:Public"]), None, {}, "Refused"),
]


@pytest.mark.parametrize(
    ("said", "conversation", "other", "expected"),
    [row[1:] for row in VERDICTS],
    ids=[row[0] for row in VERDICTS],
)
def test_who_may_say_what_where(
    said: Activity, conversation: KnownConversation | None, other: dict[str, object], expected: str
):
    assert type(judged(said, conversation, **other)).__name__ == expected


def test_a_group_entry_names_its_epoch():
    said = create(BOB, [ALICE, AWAY])

    assert create_note.authorize_in_group(said, group(HELD)) == Refused(
        "a group entry names its epoch", status=400
    )


def test_a_groups_message_is_for_its_members_whoever_is_named():
    said = create(
        BOB, [ANNA], chatEpoch=3, context=f"{AWAY}/context", chatLog=log_of(BOB), chatSeq=1
    )

    changes = applied(said, group(HELD))

    assert [one.person for one in of(AddRecipient, changes)] == [ALICE]
    assert [one.person for one in of(Tell, changes)] == [ALICE]
    assert owed(changes) == {}


def test_a_second_delivery_reaches_only_whom_the_first_did_not():
    held = state(BOB, ALICE, ANNA, uri=AWAY)
    known = {f"{BOB}/n/1": known_message(f"{BOB}/n/1", BOB, activity_id=entry(BOB, held).id)}

    changes = applied(entry(BOB, held), group(held), messages=known, fresh=frozenset({ANNA}))

    assert of(AddMessage, changes) == []
    assert [one.person for one in of(AddRecipient, changes)] == [ANNA]


def test_our_message_goes_to_the_members_of_now_and_to_home():
    said = entry(ALICE, HELD, said={"uri": SPACE.note("alice", "01K4N9")})

    changes = applied(said, group(HELD, standings={CAROL: "left"}), by_us=True)

    assert owed(changes) == {"bob.test": (BOB, AWAY)}
    assert of(AddMessage, changes)[0].id == "01K4N9"
    assert [one.person for one in of(AddRecipient, changes)] == [ALICE]


def test_a_first_direct_message_opens_the_conversation_of_its_people():
    changes = applied(create(BOB, [ALICE, ANNA]), None, known_to=frozenset({ANNA}))

    assert [one.kind for one in of(AddConversation, changes)] == ["direct"]
    states = {one.person: one.state for one in of(PutMembership, changes)}
    assert states == {BOB: "joined", ALICE: "requested", ANNA: "joined"}
    folders = {one.person: one.folder for one in of(AddRecipient, changes)}
    assert folders == {ALICE: "requests", ANNA: "inbox"}


def test_somebody_written_to_for_the_first_time_hears_of_it():
    conversation = direct(BOB, ALICE, standings={ALICE: UNHEARD})

    stranger = applied(create(BOB, [ALICE]), conversation)
    known = applied(create(BOB, [ALICE]), conversation, known_to=frozenset({ALICE}))

    assert [one.state for one in of(PutMembership, stranger)] == ["requested"]
    assert [one.folder for one in of(AddRecipient, stranger)] == ["requests"]
    assert [one.state for one in of(PutMembership, known)] == ["joined"]
    assert [one.folder for one in of(AddRecipient, known)] == ["inbox"]


def test_who_has_not_answered_yet_finds_it_among_the_requests():
    conversation = direct(BOB, ALICE, standings={ALICE: "requested"})

    changes = applied(create(BOB, [ALICE]), conversation)

    assert [one.folder for one in of(AddRecipient, changes)] == ["requests"]


def test_a_refused_conversation_is_not_read():
    conversation = direct(BOB, ALICE, standings={ALICE: "refused"})

    assert of(AddRecipient, applied(create(BOB, [ALICE]), conversation)) == []


THREADS = [
    ("", "", {"conversation": "tag:x"}, {}, ("", "tag:x")),
    ("", "", {}, {"context": "https://bob.test/x"}, ("https://bob.test/x", "")),
    ("https://a.test/c", "", {"conversation": "t"}, {}, ("https://a.test/c", "t")),
    ("", "", {}, {"context": "tag:x"}, None),
    ("https://a.test/c", "t", {"conversation": "u"}, {}, None),
]


@pytest.mark.parametrize(("context", "thread", "said", "terms", "learned"), THREADS)
def test_a_direct_conversation_repeats_the_earliest_thread(
    context: str,
    thread: str,
    said: dict[str, str],
    terms: dict[str, str],
    learned: tuple[str, str] | None,
):
    conversation = direct(BOB, ALICE, context=context, thread=thread)

    changes = applied(create(BOB, [ALICE], said=said, **terms), conversation)

    assert [(one.context, one.thread) for one in of(SetThread, changes)] == (
        [learned] if learned else []
    )


@pytest.mark.parametrize("numbered", [{}, {"chatLog": log_of(LOU), "chatSeq": 1}])
def test_an_unaware_author_cannot_pin_a_message_to_the_end_of_time(numbered: dict[str, object]):
    said = create(LOU, [ALICE], said={"published": "9999-12-31T23:59:59.999Z"}, **numbered)

    changes = applied(said, direct(LOU, ALICE))

    assert of(AddMessage, changes)[0].t == NOW


def test_the_end_of_time_in_the_activity_counts_as_little():
    said = create(
        LOU,
        [ALICE],
        published="9999-12-31T23:59:59.999Z",
        chatLog=log_of(LOU),
        chatSeq=1,
    )

    assert said.published == LAST_DAY
    assert of(AddMessage, applied(said, direct(LOU, ALICE)))[0].t == NOW


def test_a_reply_stands_after_its_parent_and_replies_that_came_first_move():
    parent = known_message(f"{CAROL}/n/7", CAROL, t=NOW + timedelta(seconds=30))
    reply = known_message(f"{ALICE}/n/8", ALICE, in_reply_to=f"{BOB}/n/1")
    elsewhere = known_message(f"{DORA}/n/9", DORA, conversation_id="01K4X")
    said = entry(BOB, HELD, said={"inReplyTo": parent.uri})

    changes = applied(
        said,
        group(HELD),
        messages={one.uri: one for one in (parent, reply, elsewhere)},
        replies=(Held(reply.uri, reply.in_reply_to, NOW, NOW), Held(elsewhere.uri, "", NOW, NOW)),
    )

    t = parent.t + timedelta(milliseconds=1)
    assert of(AddMessage, changes)[0].t == t
    assert of(MoveMessage, changes) == [MoveMessage(reply.id, t + timedelta(milliseconds=1))]


def test_a_parent_in_another_conversation_is_none():
    parent = known_message(f"{CAROL}/n/7", CAROL, t=LAST_DAY, conversation_id="01K4X")
    said = entry(BOB, HELD, said={"inReplyTo": parent.uri})

    changes = applied(said, group(HELD), messages={parent.uri: parent})

    assert of(AddMessage, changes)[0].t == NOW


def test_our_author_opens_a_log_once():
    said = entry(ALICE, HELD)
    opened = group(HELD, logs=[known_log(ALICE)])

    assert len(of(OpenLog, applied(said, group(HELD), by_us=True))) == 1
    assert of(OpenLog, applied(said, opened, by_us=True)) == []


@given(
    members=st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True),
    gone=st.sets(st.sampled_from(PEOPLE)),
    named=st.lists(st.sampled_from(PEOPLE), unique=True),
    epoch=st.integers(1, 6),
    is_home=st.booleans(),
)
def test_readers_are_members_of_the_epoch_and_deliveries_never_come_back(
    members: list[str], gone: set[str], named: list[str], epoch: int, *, is_home: bool
):
    held = state(*members)
    author, epoch = members[0], min(epoch, held.epoch)
    standings = dict.fromkeys(gone & set(members[1:]), "left")
    conversation = group(held, standings=standings, is_home=is_home)
    said = create(
        author,
        named or [GROUP],
        chatEpoch=epoch,
        context=f"{GROUP}/context",
        chatLog=log_of(author),
        chatSeq=1,
    )
    by_us = SPACE.is_ours(author)

    seen = readers.local_readers(message.read(said), situation(author, conversation))
    changes = applied(said, conversation, by_us=by_us)

    # At home whoever is a member by now may read it too (9.4).
    readable = members if is_home else members[:epoch]
    assert set(seen) <= {one for one in readable if SPACE.is_ours(one)} - gone | {author}
    assert SPACE.host not in owed(changes)
    reached = {person for people in owed(changes).values() for person in people}
    assert reached <= set(members) - (gone - {author})
