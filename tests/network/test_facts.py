"""What only a node knows of who sends is asked for where a rule wants it."""

import pytest

from federation.remote.software import SoftwareNames
from federation.upkeep import software
from tests.network.test_judging import release, requests, rule, waiting
from tests.support.network import Network

pytestmark = pytest.mark.network


@pytest.mark.parametrize(
    "condition", ['when.software = "covey"', 'when.software_version = "0.1.0"']
)
async def test_what_a_host_runs_is_asked_for_rules(network: Network, condition: str):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await al.arrive()
    await alpha.rules(rule(f'stage = "domain"\n{condition}', "hold"))
    assert not alpha.node.parts.policy.rules().facts.isdisjoint({"software", "software_version"})
    await bo.write_to(al.acct, "before anybody has asked")
    await network.settle()
    assert await requests(alpha, "al") == ["before anybody has asked"]

    names = SoftwareNames(alpha.node.parts.directory)
    await alpha.inside(software.refresh(names, alpha.clock.now(), for_rules=True))
    am = alpha.person("am")
    await am.arrive()
    await bo.write_to(am.acct, "afterwards")
    await network.settle()

    assert [one.person for one in await waiting(alpha)] == [am.uri]


async def test_a_domain_is_known_once_a_moderator_has_let_something_go(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules('[policy]\nfederation = "approval"\n')
    await dana.write_to(al.uri, "first")
    await network.settle()
    assert len(await waiting(alpha)) == 1

    await release(alpha)
    await network.settle()
    await dana.write_to(al.uri, "second")
    await network.settle()

    assert await waiting(alpha) == []
    assert await requests(alpha, "al") == ["second"]


async def test_a_domain_is_known_where_somebody_here_has_to_do_with_it(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, am, bo = alpha.person("al"), alpha.person("am"), beta.person("bo")
    await bo.arrive()
    await am.arrive()
    await alpha.rules(rule('stage = "domain"\nwhen.federation_known = false', "hold"))
    await al.write_to(bo.acct, "hello")
    await network.settle()

    await bo.write_to(am.acct, "a friend of al")
    await network.settle()

    assert await requests(alpha, "am") == ["a friend of al"]


async def test_how_many_people_somebody_has_begun_to_write_to(network: Network):
    (alpha,) = await network.start("alpha.test")
    dana = network.legacy_peer()
    people = [alpha.person(name) for name in ("al", "am", "an")]
    for person in people:
        await person.arrive()
    await alpha.rules(rule('stage = "behaviour"\nwhen.new_contacts = ">=2"', "hold"))

    for person in people:
        await dana.write_to(person.uri, "hello")
        await network.settle()
    assert [one.person for one in await waiting(alpha)] == [people[2].uri]

    network.advance(minutes=61)
    await dana.write_to(people[2].uri, "an hour later")
    await network.settle()
    assert await requests(alpha, "an") == ["an hour later"]


async def test_how_long_somebody_has_had_an_account_here(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, am, dana = alpha.person("al"), alpha.person("am"), network.legacy_peer()
    await al.arrive()
    network.advance(days=8)
    await am.arrive()
    await alpha.rules(rule('stage = "behaviour"\nwhen.local_account_age = "<7d"', "hold"))

    for person in (al, am):
        await dana.write_to(person.uri, "hello")
        await network.settle()

    assert [one.person for one in await waiting(alpha)] == [am.uri]
    (held,) = await waiting(alpha)
    assert '"local_account_age": "0 h"' in held.facts
