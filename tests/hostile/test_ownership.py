"""Group O of the corpus: nobody says, changes, deletes or answers what is somebody else's."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.hostile.cast import ADA, ALICE, CONTEXT, EVE, HANA, HOME, MALLORY, PUBLIC, Actor
from tests.hostile.peer import moved
from tests.hostile.stage import introduce
from tests.hostile.trial import Trial

VICTIM = Actor("https://victim.test/users/vic")
# What is remembered of an activity that was heard and had no effect.
HEARD = ("seen", "inbox_entry", "activity")


def rows_of(trial: Trial, uri: str) -> list[dict[str, Any]]:
    """A message as it is stored, with all its versions."""
    return [
        *trial.stage.rows("SELECT * FROM message WHERE uri = ?", uri),
        *trial.stage.rows(
            "SELECT v.* FROM message_version v JOIN message m ON m.id = v.message_id"
            " WHERE m.uri = ?",
            uri,
        ),
    ]


async def written(trial: Trial, by: Actor) -> dict[str, Any]:
    """A message to Otto that has arrived before the case begins."""
    create = by.create(trial.stage.otto.uri, text="mine")
    assert (await trial.stage.send(by.post(create))).status == 202
    await trial.shows_once(create)
    trial.begin()
    return create["object"]


async def test_o01_a_create_for_somebody_else(trial: Trial):
    note = ALICE.note(trial.stage.otto.uri)
    for attributed in (ALICE.uri, [MALLORY.uri, ALICE.uri], {"id": ALICE.uri}):
        create = MALLORY.activity("Create", note | {"attributedTo": attributed}, to=note["to"])
        await trial.send(MALLORY.post(create))

        await trial.shows_nothing(create)


@pytest.mark.parametrize("attributed", [EVE.uri, VICTIM.uri])
async def test_o02_an_embedded_object_of_another_server(trial: Trial, attributed: str):
    note = VICTIM.note(trial.stage.otto.uri) | {"attributedTo": attributed}
    create = EVE.activity("Create", note, to=note["to"])
    await trial.send(EVE.post(create))

    await trial.shows_nothing(create)
    assert trial.fetched() == trial.fetched("victim.test")


async def test_o03_an_object_with_one_of_our_ids(trial: Trial):
    (ours,) = trial.stage.rows("SELECT uri FROM message WHERE text = 'hello Hana'")
    for uri in (ours["uri"], f"https://{HOME}/u/otto/n/new", f"https://{HOME}/u/otto"):
        note = EVE.note(trial.stage.otto.uri) | {"id": uri}
        for verb, to in (("Create", note["to"]), ("Update", note["to"]), ("Update", [uri])):
            await trial.send(EVE.post(EVE.activity(verb, note, to=to)))


@pytest.mark.parametrize("shape", ["id", "Tombstone", "Note"])
@pytest.mark.parametrize("by", [ALICE, EVE, HANA], ids=lambda one: one.name)
async def test_o05_a_delete_of_another_s_message(trial: Trial, by: Actor, shape: str):
    note = await written(trial, MALLORY)
    before = rows_of(trial, note["id"])
    of_shape = {
        "id": note["id"],
        "Tombstone": {"id": note["id"], "type": "Tombstone"},
        "Note": note,
    }
    trial.may_change(*HEARD)
    await trial.send(by.post(by.activity("Delete", of_shape[shape])))

    await trial.stage.idle()
    assert rows_of(trial, note["id"]) == before


@pytest.mark.parametrize("by", [ALICE, EVE], ids=lambda one: one.name)
async def test_o06_counts_of_another_s_poll(trial: Trial, by: Actor):
    note = await written(trial, MALLORY)
    before = rows_of(trial, note["id"])
    options = [{"type": "Note", "name": "yes", "replies": {"totalItems": 1000}}]
    trial.may_change(*HEARD)
    for kind in ("Question", "Note"):
        poll = note | {"type": kind, "oneOf": options, "votersCount": 1000, "updated": later(note)}
        for attributed in (MALLORY.uri, by.uri):
            poll = poll | {"attributedTo": attributed}
            await trial.send(by.post(by.activity("Update", poll, to=note["to"])))

    await trial.stage.idle()
    assert rows_of(trial, note["id"]) == before


def later(document: Mapping[str, Any]) -> str:
    """A moment a year after a document's."""
    year, _, rest = document["published"].partition("-")
    return f"{int(year) + 1}-{rest}"


@pytest.mark.parametrize("verb", ["Follow", "Like", "Announce", "Block", "Create"])
async def test_o08_an_undo_of_something_never_seen(trial: Trial, verb: str):
    inner = ALICE.activity(verb, trial.stage.otto.uri)
    trial.may_change(*HEARD)
    await trial.send(ALICE.post(ALICE.activity("Undo", inner)))
    await trial.send(ALICE.post(ALICE.activity("Undo", inner["id"])))


@pytest.mark.parametrize("verb", ["Accept", "Reject"])
async def test_o09_an_answer_to_no_follow(trial: Trial, verb: str):
    otto = trial.stage.otto.uri
    inner = {"id": f"{otto}/a/none", "type": "Follow", "actor": otto, "object": ALICE.uri}
    trial.may_change(*HEARD)
    for object_ in (inner, inner["id"], {**inner, "actor": ALICE.uri, "object": otto}):
        await trial.send(ALICE.post(ALICE.activity(verb, object_, to=[otto])))


async def test_o09_an_answer_to_no_invitation(fresh: Trial):
    stage, otto = fresh.stage, fresh.stage.otto.uri
    # The Invite may still come, so the answer waits for it for an hour.
    fresh.may_change(*HEARD, "repair")
    for verb in ("Accept", "Reject"):
        inner = {"id": f"{otto}/a/none", "type": "Invite", "actor": otto}
        inner |= {"object": stage.group.uri, "target": ALICE.uri}
        for object_ in (inner, inner["id"], {**inner, "id": ALICE.new_id(), "actor": ALICE.uri}):
            await fresh.send(ALICE.post(ALICE.activity(verb, object_, to=[stage.group.uri])))


async def test_o09_an_answer_by_a_third_party(trial: Trial):
    stage = trial.stage
    asked = Actor("https://a.test/users/o09")
    introduce(stage.peer, asked)
    await stage.otto.follow(asked.acct)
    await stage.idle()
    (follow,) = stage.rows("SELECT * FROM follow WHERE followed = ?", asked.uri)
    await stage.lena.invite(asked.acct, stage.group)
    await stage.idle()
    (invitation,) = stage.rows("SELECT * FROM invitation WHERE invitee = ?", asked.uri)
    trial.begin()
    trial.may_change(*HEARD)
    for by in (ALICE, EVE):
        for row, kind in ((follow, "Follow"), (invitation, "Invite")):
            id_ = row["activity_id"] if kind == "Follow" else row["id"]
            inner = {"id": id_, "type": kind, "actor": stage.otto.uri, "object": asked.uri}
            if kind == "Invite":
                inner |= {"actor": stage.lena.uri, "object": stage.group.uri, "target": asked.uri}
            for object_ in (inner, id_):
                await trial.send(by.post(by.activity("Accept", object_, to=[inner["actor"]])))


async def test_o12_an_announce_with_a_forged_object(trial: Trial):
    note = VICTIM.note(PUBLIC, text="what I said")
    trial.stage.peer.serve(note["id"], {"@context": CONTEXT, **note})
    forged = note | {"content": "<p>what I never said</p>"}
    trial.may_change(*HEARD)
    await trial.send(EVE.post(EVE.activity("Announce", forged, to=[PUBLIC, trial.stage.otto.uri])))

    await trial.stage.idle()
    assert trial.stage.rows("SELECT 1 FROM message WHERE html LIKE '%never said%'") == []


async def test_o13_a_foreign_update_wrapped_by_a_group(trial: Trial):
    group = Actor("https://evil.test/c/o13", is_aware=True, other={"type": "Group"})
    introduce(trial.stage.peer, group)
    taken = ALICE.document(name="Taken", inbox="https://evil.test/inbox")
    update = ALICE.activity("Update", taken)
    add = group.activity("Add", update, to=[trial.stage.otto.uri], target=f"{group.uri}/history")
    trial.may_change(*HEARD, "actor", "remote_key", "repair")
    before = trial.stage.rows("SELECT * FROM actor WHERE uri = ?", ALICE.uri)
    await trial.send(group.post(group.proven(add)))
    await trial.send(EVE.post(EVE.activity("Add", update, target=f"{group.uri}/history")))

    await trial.stage.idle()
    assert trial.stage.rows("SELECT * FROM actor WHERE uri = ?", ALICE.uri) == before


async def test_o14_a_fetched_document_with_a_foreign_id(trial: Trial):
    stage = trial.stage
    create = ALICE.create(stage.otto.uri)
    foreign = create | {"id": create["id"].replace("a.test", "victim.test")}
    stage.peer.serve(create["id"], foreign)
    trial.may_change("repair")
    await trial.send(EVE.post(create))

    await trial.shows_nothing(create)
    assert trial.fetched() == [create["id"]]


async def test_o15_a_fetched_document_with_another_path(trial: Trial):
    stage = trial.stage
    create, other = ALICE.create(stage.otto.uri), ALICE.create(stage.otto.uri)
    stage.peer.serve(create["id"], other)
    stage.peer.serve(other["id"], other)
    astray = ALICE.create(stage.otto.uri)
    stage.peer.serve(astray["id"], astray | {"id": ALICE.new_id()})
    trial.has_an_effect()
    trial.may_change("repair")
    await trial.send(EVE.post(create))
    await trial.send(EVE.post(astray))

    await trial.stage.idle()
    assert trial.fetched()[:2] == [create["id"], other["id"]]
    assert len(trial.fetched()) <= 4
    await trial.shows_nothing(astray)


async def test_o15_a_page_that_leads_to_the_document(trial: Trial):
    stage = trial.stage
    create = ALICE.create(stage.otto.uri)
    stage.peer.act("a.test", "/pages/o15", moved(create["id"]))
    stage.peer.serve(create["id"], create)
    asked = create | {"id": "https://a.test/pages/o15"}
    trial.has_an_effect()
    trial.may_change("repair")
    await trial.send(EVE.post(asked))

    await trial.stage.idle()
    assert set(trial.fetched()) <= {asked["id"], create["id"]}


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.test/page",
        [{"type": "Link", "href": "https://elsewhere.test/page", "mediaType": "text/html"}],
    ],
)
async def test_o17_a_page_on_another_domain(trial: Trial, url: object):
    stage = trial.stage
    create = HANA.create(stage.otto.uri, url=url)
    trial.has_an_effect()
    await trial.send(HANA.post(create))

    await trial.shows_once(create)
    rooms = [*await stage.otto.rooms("joined"), *await stage.otto.rooms("requests")]
    shown = [await stage.otto.must("GET", f"/conversations/{one['id']}/messages") for one in rooms]
    assert create["object"]["id"] in str(shown)
    assert "elsewhere.test" not in str(shown)


UPLOADS = [
    "text/plain",
    "application/octet-stream",
    "application/json",
    "text/html",
    "application/ld+json",
    'application/ld+json; profile="https://evil.test/"',
    "",
]


@pytest.mark.parametrize("kind", UPLOADS)
async def test_o18_an_upload_dressed_as_an_activity(trial: Trial, kind: str):
    create = ALICE.create(trial.stage.otto.uri)
    trial.stage.peer.serve(create["id"], create, content_type=kind)
    trial.may_change("repair")
    await trial.send(EVE.post(create))

    await trial.shows_nothing(create)
    assert trial.fetched() == [create["id"]]


@pytest.mark.parametrize("kind", UPLOADS)
async def test_o18_an_upload_dressed_as_an_actor(trial: Trial, kind: str):
    url = f"https://victim.test/media/{UPLOADS.index(kind)}"
    dressed = Actor(url, key_name=EVE.uri)
    trial.stage.peer.serve(url, dressed.document(), content_type=kind)
    answer = await trial.send(dressed.post(dressed.create(trial.stage.otto.uri)))

    assert answer.status == 401


@pytest.mark.parametrize(
    "option",
    [
        {"expires": "2020-01-01T00:00:00Z"},
        {"created": "2020-01-01T00:00:00Z"},
        {"extra": "x"},
        {"domain": "evil.test"},
        {"challenge": "x"},
        {"proofPurpose": "authentication"},
        {"cryptosuite": "eddsa-rdfc-2022"},
        {"verificationMethod": f"{ADA.uri}#main-key"},
    ],
    ids=lambda option: next(iter(option)),
)
async def test_o20_altered_options_of_a_proof(trial: Trial, option: dict[str, str]):
    entry = ADA.entry(ADA.create(trial.stage.otto.uri))
    entry["proof"] |= option
    status = await trial.status_of(ADA.post(entry))

    assert status == 401
    await trial.shows_nothing(entry)


async def test_o20_an_option_taken_away(trial: Trial):
    for name in ("created", "@context", "proofPurpose"):
        entry = ADA.entry(ADA.create(trial.stage.otto.uri))
        del entry["proof"][name]
        assert await trial.status_of(ADA.post(entry)) == 401


@pytest.mark.parametrize("by", [ALICE, HANA], ids=lambda one: one.name)
async def test_o21_a_reply_into_a_thread_the_sender_cannot_see(trial: Trial, by: Actor):
    stage = trial.stage
    (secret,) = stage.rows("SELECT m.* FROM message m WHERE m.text LIKE 'between us%'")
    (talk,) = stage.rows("SELECT * FROM conversation WHERE id = ?", secret["conversation_id"])
    create = by.create(
        stage.otto.uri,
        inReplyTo=secret["uri"],
        context=talk["context"],
        conversation=talk["thread"] or talk["context"],
    )
    create["context"] = talk["context"]
    trial.has_an_effect()
    await trial.send(by.post(create))

    await trial.shows_once(create)
    (shown,) = stage.rows("SELECT * FROM message WHERE uri = ?", create["object"]["id"])
    assert shown["conversation_id"] != secret["conversation_id"]
    path = f"/conversations/{shown['conversation_id']}/messages"
    (seen,) = [
        one for one in (await stage.otto.must("GET", path))["items"] if one["uri"] == shown["uri"]
    ]
    assert not seen["reply_to"]
    assert "between us" not in str(seen)
    told = stage.rows("SELECT * FROM event WHERE message_id = ?", shown["id"])
    assert {row["account_uri"] for row in told} == {stage.otto.uri}


async def test_o21_an_aware_author_names_the_context_of_a_group(trial: Trial):
    group = trial.stage.group.uri
    create = ADA.create(trial.stage.otto.uri) | {"context": f"{group}/context", "chatEpoch": 2}
    create |= {"chatState": "zQmb"}
    status = await trial.status_of(ADA.post(ADA.entry(create)))

    assert status == 403
    await trial.shows_nothing(create)


async def test_o23_an_aware_author_without_a_proof(trial: Trial):
    stage = trial.stage
    other = ADA.entry(ADA.create(stage.otto.uri, text="another"))
    create = ADA.create(stage.otto.uri)
    without = {key: value for key, value in ADA.entry(create).items() if key != "proof"}
    cut = without | {"proof": {**other["proof"], "proofValue": other["proof"]["proofValue"][:-9]}}
    for document in (without, create, without | {"proof": other["proof"]}, cut):
        await trial.send(ADA.post(document))

    # Nor does a document that says so make her less aware.
    stage.peer.serve(ADA.uri, ADA.document(generator=None))
    await trial.send(ADA.post(without))
    stage.peer.serve(ADA.uri, ADA.document())
    await trial.shows_nothing(create)
    assert trial.fetched() == []


async def test_o23_an_aware_author_with_a_proof(trial: Trial):
    entry = ADA.entry(ADA.create(trial.stage.otto.uri))
    trial.has_an_effect()
    answer = await trial.stage.send(ADA.post(entry))

    assert answer.status == 202
    await trial.shows_once(entry)
