"""Who is inside is counted, in all and for each place."""

from node.descriptors import KEPT_BACK, room_for
from node.http.client_address import networks
from node.http.door import Door

HERE, NEXT_DOOR, FAR = "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"


def test_a_network_of_one_house_shares_its_share() -> None:
    door = Door(most=10, most_per_address=2, proxies=())

    door.enter(HERE)
    door.enter(NEXT_DOOR)

    assert door.has_its_share(HERE)
    assert not door.has_its_share(FAR)


def test_who_leaves_makes_room() -> None:
    door = Door(most=1, most_per_address=1, proxies=())

    door.enter(HERE)
    was_full = door.is_full
    door.leave(NEXT_DOOR)

    assert was_full
    assert not door.is_full
    assert not door.has_its_share(HERE)


def test_a_proxy_has_no_share_and_neither_has_a_socket_of_the_file_system() -> None:
    door = Door(most=10, most_per_address=1, proxies=networks(["10.0.0.0/8"]))

    for address in ("10.1.2.3", "10.1.2.3", "", ""):
        door.enter(address)

    assert not door.has_its_share("10.1.2.3")
    assert not door.has_its_share("")
    assert [door.is_proxy(one) for one in ("10.1.2.3", "", HERE)] == [True, True, False]


def test_descriptors_are_kept_for_other_things_than_connections() -> None:
    assert room_for(1) == 1
    assert room_for(10**9) <= 10**9 - KEPT_BACK
