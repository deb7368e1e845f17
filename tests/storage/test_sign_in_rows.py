"""Accounts, sessions, tokens and settings keep what a sign-in rests on."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage import (
    accounts,
    known_devices,
    passkeys,
    second_factors,
    sessions,
    settings,
    tokens,
)
from storage.changes import AddAccount
from storage.database import Database, fetch, run, transaction
from storage.passkeys import Challenge, StoredPasskey
from storage.sessions import NewSession
from storage.tokens import NewToken
from storage.write import write

NOW = datetime(2026, 9, 3, 12, 5, tzinfo=UTC)
HASH = "a" * 64
AL = "https://alpha.test/u/al"


async def add_al(role: str = "member") -> None:
    change = AddAccount(
        name="al", actor_uri=AL, display_name="Al", role=role, password_hash="stored", at=NOW
    )
    async with transaction():
        await write([change])


def new_session(token_hash: str = HASH) -> NewSession:
    return NewSession(
        token_hash, "al", "csrf", "Browser", "192.0.2.1", NOW, NOW + timedelta(days=1)
    )


async def test_an_account_is_found_by_its_name_and_its_actor(database: Database) -> None:
    await add_al()

    by_name = await accounts.find_account("al")

    assert by_name is not None
    assert (by_name.role, by_name.state, by_name.created_at) == ("member", "active", NOW)
    assert await accounts.find_account_of(AL) == by_name
    assert await accounts.list_accounts() == (by_name,)
    assert await accounts.find_account("bo") is None


async def test_only_an_active_account_has_a_password(database: Database) -> None:
    await add_al()
    await accounts.set_password_hash("al", "better")

    assert await accounts.find_password_hash("al") == "better"
    await run("UPDATE account SET state = 'suspended' WHERE name = $1", "al")
    assert await accounts.find_password_hash("al") is None


async def test_a_node_has_an_owner_once_one_was_added(database: Database) -> None:
    assert not await accounts.has_owner()
    await add_al(role="owner")
    assert await accounts.has_owner()


async def test_a_session_is_live_until_it_runs_out(database: Database) -> None:
    await add_al()
    await sessions.add_session(new_session(), at_most=9)

    found = await sessions.find_session(HASH, NOW)

    assert found is not None
    assert (found.account, found.actor_uri, found.csrf) == ("al", AL, "csrf")
    assert await sessions.find_session(HASH, NOW + timedelta(days=1)) is None
    assert await sessions.find_session("b" * 64, NOW) is None


async def test_a_session_that_is_used_lasts_longer(database: Database) -> None:
    await add_al()
    await sessions.add_session(new_session(), at_most=9)

    until = NOW + timedelta(days=3)
    await sessions.touch_session(HASH, NOW + timedelta(hours=1), until, address="192.0.2.2")

    later = await sessions.find_session(HASH, NOW + timedelta(days=2))
    assert later is not None
    assert later.used_at == NOW + timedelta(hours=1)


async def test_sessions_end_one_by_one_all_at_once_and_by_age(database: Database) -> None:
    await add_al()
    first, second, third = "1" * 64, "2" * 64, "3" * 64
    for token_hash in (first, second, third):
        await sessions.add_session(new_session(token_hash), at_most=9)

    await sessions.end_session(first)
    assert await sessions.find_session(first, NOW) is None
    assert await sessions.end_expired_sessions(NOW) == 0
    await sessions.end_sessions_of("al")
    assert await sessions.find_session(second, NOW) is None
    await sessions.add_session(new_session(third), at_most=9)
    assert await sessions.end_expired_sessions(NOW + timedelta(days=1)) == 1


async def test_a_suspended_account_has_no_session_and_no_token(database: Database) -> None:
    await add_al()
    await sessions.add_session(new_session(), at_most=9)
    await tokens.add_token(NewToken(HASH, "al", "read", NOW))

    await run("UPDATE account SET state = 'suspended' WHERE name = $1", "al")

    assert await sessions.find_session(HASH, NOW) is None
    assert await tokens.find_token(HASH, NOW) is None


async def test_a_token_knows_its_scope_and_its_last_use(database: Database) -> None:
    await add_al()
    await tokens.add_token(NewToken(HASH, "al", "read write", NOW))

    fresh = await tokens.find_token(HASH, NOW)
    await tokens.touch_token(HASH, NOW)
    used = await tokens.find_token(HASH, NOW)

    assert fresh is not None
    assert used is not None
    assert (fresh.scope, fresh.used_at, used.used_at) == ("read write", None, NOW)


async def test_a_setting_that_is_put_replaces_and_one_that_is_settled_stays(
    database: Database,
) -> None:
    await settings.put_setting("a", "1")
    await settings.put_setting("a", "2")
    async with transaction():
        assert await settings.settle_setting("a", "3") == "2"
        assert await settings.settle_setting("b", "4") == "4"
    assert await settings.find_setting("a") == "2"
    assert await settings.find_setting("c") is None


async def test_a_setting_is_taken_once(database: Database) -> None:
    await settings.put_setting("a", "1")

    assert not await settings.take_setting("a", "2")
    assert await settings.take_setting("a", "1")
    assert not await settings.take_setting("a", "1")


async def test_the_oldest_session_gives_way_to_one_too_many(database: Database) -> None:
    await add_al()
    for number in range(3):
        at = NOW + timedelta(minutes=number)
        session = replace(new_session(str(number) * 64), created_at=at)
        await sessions.add_session(session, at_most=2)

    listed = await sessions.sessions_of("al", NOW)

    assert [one.token_hash[0] for one in listed] == ["2", "1"]
    await sessions.end_sessions_of("al", but=["1" * 64])
    assert [one.token_hash[0] for one in await sessions.sessions_of("al", NOW)] == ["1"]


async def test_a_browser_is_known_until_it_is_forgotten(database: Database) -> None:
    for number in range(3):
        await known_devices.note(
            f"device {number}", "al", at=NOW + timedelta(minutes=number), at_most=2
        )

    async def known() -> list[bool]:
        return [await known_devices.is_known(f"device {n}", NOW) for n in range(3)]

    assert await known() == [False, True, True]
    await known_devices.forget_of("al", but=["device 2"])
    assert await known() == [False, False, True]
    assert await known_devices.reap(NOW + timedelta(days=1)) == 1
    await known_devices.note("device 0", "al", at=NOW + timedelta(minutes=1), at_most=2)
    await known_devices.forget_of("al")
    assert await known() == [False, False, False]


async def test_a_second_factor_is_begun_turned_on_used_and_removed(database: Database) -> None:
    await second_factors.begin("al", b"first", NOW)
    await second_factors.begin("al", b"second", NOW)
    assert await second_factors.turn_on("al", ["hash 1", "hash 2"])
    assert not await second_factors.turn_on("al", ["hash 3"])
    await second_factors.begin("al", b"third", NOW)

    found = await second_factors.find("al")

    assert found is not None
    assert (found.sealed, found.is_on) == (b"second", True)
    assert [await second_factors.use_step("al", step) for step in (7, 7, 6, 8)] == [
        *(True, False, False, True)
    ]
    assert [await second_factors.use_code("al", "hash 1") for _ in range(2)] == [True, False]
    assert not await second_factors.use_code("bo", "hash 2")
    assert await second_factors.count_codes("al") == 1
    assert await second_factors.reap(NOW) == 0
    await second_factors.remove("al")
    assert await second_factors.find("al") is None
    assert await second_factors.count_codes("al") == 0


async def test_what_is_begun_and_not_finished_is_forgotten(database: Database) -> None:
    await second_factors.begin("al", b"sealed", NOW)

    assert await second_factors.reap(NOW) == 1
    assert await second_factors.find("al") is None


def passkey(name: str, account: str = "al", count: int = 0) -> StoredPasskey:
    return StoredPasskey(name, account, f"credential {name}", b"key", count, name, NOW)


async def test_a_passkey_is_kept_once_and_is_of_one_account(database: Database) -> None:
    assert await passkeys.add(passkey("first"))
    assert not await passkeys.add(passkey("first", "bo"))
    assert await passkeys.add(passkey("second", "bo"))

    assert await passkeys.find("first") == passkey("first")
    assert await passkeys.find("third") is None
    assert await passkeys.of_account("al", at_most=10) == [passkey("first")]
    assert [await passkeys.rename("first", who, "Old") for who in ("bo", "al")] == [False, True]
    assert [await passkeys.remove("first", who) for who in ("bo", "al", "al")] == [
        *(False, True, False)
    ]
    await passkeys.remove_all("bo")
    assert await passkeys.of_account("bo", at_most=10) == []


async def test_a_passkey_that_counts_goes_on_counting(database: Database) -> None:
    await passkeys.add(passkey("counts"))
    await passkeys.add(passkey("does not"))

    counted = [await passkeys.use("counts", "al", count=n, at=NOW) for n in (0, 3, 3, 2, 0, 4)]
    plain = [await passkeys.use("does not", who, count=0, at=NOW) for who in ("al", "bo", "al")]

    assert counted == [True, True, False, False, False, True]
    assert plain == [True, False, True]
    found = await passkeys.find("counts")
    assert found is not None
    assert (found.sign_count, found.used_at) == (4, NOW)


async def test_a_challenge_is_taken_once_by_who_asked_and_in_time(database: Database) -> None:
    asked, end = Challenge("challenge", "browser", "al"), NOW + timedelta(minutes=5)
    await passkeys.ask(asked, end, now=NOW, at_most=10)

    for other in (("x", "browser", "al"), ("challenge", "x", "al"), ("challenge", "browser", "")):
        assert not await passkeys.take(Challenge(*other), NOW)
    assert not await passkeys.take(asked, end)
    assert [await passkeys.take(asked, NOW) for _ in range(2)] == [True, False]


async def test_challenges_end_and_the_oldest_make_room(database: Database) -> None:
    for n in range(4):
        asked = Challenge(f"challenge {n}", "browser", "")
        await passkeys.ask(asked, NOW + timedelta(minutes=n + 1), now=NOW, at_most=3)

    left = [row["id"] for row in await fetch("SELECT id FROM passkey_challenge ORDER BY id")]

    assert left == ["challenge 1", "challenge 2", "challenge 3"]
    assert await passkeys.reap_challenges(NOW + timedelta(minutes=3)) == 2


async def test_a_better_hash_overwrites_no_other_password(database: Database) -> None:
    await add_al()
    await accounts.set_password_hash("al", "changed meanwhile")

    await accounts.improve_password_hash("al", "stored", "better")

    assert await accounts.find_password_hash("al") == "changed meanwhile"
    await accounts.improve_password_hash("al", "changed meanwhile", "better")
    assert await accounts.find_password_hash("al") == "better"


async def test_an_account_that_is_held_is_changed_by_nobody_else(database: Database) -> None:
    await add_al()
    held, begun = asyncio.Event(), asyncio.Event()

    async def change() -> None:
        await held.wait()
        begun.set()
        await accounts.set_password_hash("al", "other")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(change())
        async with transaction():
            first = await accounts.hold_password_hash("al")
            held.set()
            await begun.wait()
            seen = {await accounts.find_password_hash("al") for _ in range(100)}

    assert (first, seen) == ("stored", {"stored"})
    assert await accounts.hold_password_hash("al") == "other"
