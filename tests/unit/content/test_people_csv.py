import pytest

from federation.content.people_csv import ROWS_MAX, read_people, write_blocks, write_mutes

LISTS = [
    (b"", ()),
    (b"ana@a.test\nbo@b.test\n", ("ana@a.test", "bo@b.test")),
    (b"Account address,Hide notifications\r\nana@a.test,true\r\n", ("ana@a.test",)),
    (b"\xef\xbb\xbfAccount address\n@ana@a.test\nana@a.test\n", ("ana@a.test",)),
    (b"ana\n\n , x\n", ()),
]


@pytest.mark.parametrize(("data", "accts"), LISTS)
def test_the_addresses_of_a_list_are_read(data: bytes, accts: tuple[str, ...]):
    assert read_people(data) == accts


@pytest.mark.parametrize("data", [b"\xff\xfe", b'"' + b"a" * 200_000])
def test_what_is_no_list_is_not_read(data: bytes):
    assert read_people(data) is None


def test_a_list_is_read_so_far():
    data = "".join(f"p{number}@a.test\n" for number in range(ROWS_MAX + 5)).encode()

    assert len(read_people(data) or ()) == ROWS_MAX


def test_what_is_written_is_read_again():
    accts = ("ana@a.test", "bo@b.test")

    assert read_people(write_blocks(accts).encode()) == accts
    assert read_people(write_mutes(accts).encode()) == accts
