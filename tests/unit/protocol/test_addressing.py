from federation.protocol.addressing import Destination, Recipient, destinations

CAROL = Recipient("https://b.example/u/carol", "b.example", shared_inbox=True)
DAVE = Recipient("https://b.example/u/dave", "b.example", shared_inbox=True)
ERIN = Recipient("https://b.example/u/erin", "b.example", shared_inbox=False)
FRED = Recipient("https://c.example:8443/u/fred", "c.example:8443", shared_inbox=False)
LENA = Recipient("https://a.example/u/lena", "a.example", shared_inbox=True)


def test_one_post_for_each_inbox():
    found = destinations([CAROL, ERIN, FRED, DAVE], own_host="a.example")

    assert found == (
        Destination("b.example", "shared", (CAROL.uri, DAVE.uri)),
        Destination("b.example", ERIN.uri, (ERIN.uri,)),
        Destination("c.example:8443", FRED.uri, (FRED.uri,)),
    )


def test_nobody_twice_and_nobody_here():
    found = destinations([LENA, CAROL, CAROL, LENA], own_host="a.example")

    assert found == (Destination("b.example", "shared", (CAROL.uri,)),)


def test_only_local_people_need_no_delivery():
    assert destinations([LENA], own_host="a.example") == ()
