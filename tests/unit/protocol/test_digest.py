import time

import pytest

from federation.protocol.digest import digest_of, digests_hold
from tests.support.signing import digest

BODY = b'{"a":1}'
SHA256 = digest(BODY)
SHA512 = digest(BODY, "sha512")
WRONG = digest(b"another")


def test_a_digest_is_written_as_all_servers_read_it():
    assert digest_of(b"") == "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"digest": f"SHA-256={SHA256}"},
        {"digest": f"sha-256={SHA256}"},
        {"digest": f" SHA-256={SHA256} "},
        {"digest": f"SHA-256={SHA256},SHA-512={SHA512}"},
        {"digest": f"SHA-512={SHA512}, SHA-256={SHA256}"},
        {"digest": f"MD5=x,SHA-256={SHA256},unixsum=30637"},
        {"digest": f"SHA-256={SHA256},SHA-256={SHA256}"},
        {"content-digest": f"sha-256=:{SHA256}:"},
        {"content-digest": f"sha-512=:{SHA512}:"},
        {"content-digest": f"sha-256=:{SHA256}:, sha-512=:{SHA512}:"},
        {"digest": f"SHA-256={SHA256}", "content-digest": f"sha-512=:{SHA512}:"},
    ],
)
def test_right_digests_hold(fields: dict[str, str]):
    assert digests_hold(fields, BODY)


@pytest.mark.parametrize(
    "fields",
    [
        {"digest": ""},
        {"digest": "SHA-256"},
        {"digest": "SHA-256="},
        {"digest": SHA256},
        {"digest": f"SHA-256={WRONG}"},
        {"digest": f"SHA-256={SHA512}"},
        {"digest": f"SHA-256 ={SHA256}"},
        {"digest": f"SHA-256=:{SHA256}:"},
        {"digest": f"SHA-256={SHA256.rstrip('=')}"},
        {"digest": f"SHA-256={SHA256}="},
        {"digest": f"SHA-256={SHA256.swapcase()}"},
        {"digest": f"SHA-256={SHA256};x=1"},
        {"digest": "SHA-256=é\udce9\ud800"},
        {"digest": "MD5=x"},
        {"digest": f"SHA-512={SHA512}"},
        {"digest": f"SHA-256={SHA256},SHA-256={WRONG}"},
        {"digest": f"SHA-256={WRONG},SHA-256={SHA256}"},
        {"digest": f"SHA-256={SHA256},SHA-512={WRONG}"},
        {"content-digest": ""},
        {"content-digest": f"sha-256={SHA256}"},
        {"content-digest": f"sha-256=:{WRONG}:"},
        {"content-digest": f"sha-256=:{SHA256}"},
        {"content-digest": f"sha-256=:{SHA256}:;x"},
        {"content-digest": f"md5=:{SHA256}:"},
        {"content-digest": f"sha-256=:{SHA256}:, sha-512=:{WRONG}:"},
        {"digest": f"SHA-256={SHA256}", "content-digest": f"sha-256=:{WRONG}:"},
        {"digest": f"SHA-256={WRONG}", "content-digest": f"sha-256=:{SHA256}:"},
    ],
)
def test_one_wrong_digest_is_enough(fields: dict[str, str]):
    assert not digests_hold(fields, BODY)


def test_a_body_is_hashed_once_however_often_its_digest_is_named():
    body = bytes(1024 * 1024)
    once = f"SHA-256={digest(body)}"

    started = time.process_time()
    assert digests_hold({"digest": once}, body)
    alone = time.process_time() - started
    started = time.process_time()
    assert digests_hold({"digest": ",".join([once] * 250)}, body)
    repeated = time.process_time() - started

    assert repeated < 20 * max(alone, 0.001)
