"""Private keys open with the node's secret and their own id, and with nothing else."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.sealing import BadSecret, SealBroken, Sealer, read_secret, write_secret

SECRET = bytes(range(32))
ID = "https://a.test/u/al#ed25519-key"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
SEALED = Sealer(SECRET).seal(KEY, ID)


def test_an_ed25519_key_comes_back():
    opened = Sealer(SECRET).unseal(SEALED, ID)

    assert isinstance(opened, Ed25519PrivateKey)
    assert opened.private_bytes_raw() == KEY.private_bytes_raw()


def test_an_rsa_key_comes_back():
    key = generate_private_key(65537, 2048)
    sealer = Sealer(SECRET)

    opened = sealer.unseal(sealer.seal(key, ID), ID)

    assert opened.private_numbers() == key.private_numbers()


def test_a_seal_differs_each_time_and_hides_the_key():
    assert Sealer(SECRET).seal(KEY, ID) != SEALED
    assert KEY.private_bytes_raw() not in SEALED


def test_another_secret_does_not_open():
    with pytest.raises(SealBroken):
        Sealer(bytes(32)).unseal(SEALED, ID)


def test_a_seal_opens_under_its_own_id_only():
    with pytest.raises(SealBroken):
        Sealer(SECRET).unseal(SEALED, "https://a.test/u/mallory#ed25519-key")


@settings(max_examples=50)
@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_a_changed_seal_does_not_open(position: int, change: int):
    changed = bytearray(SEALED)
    changed[position] ^= change

    with pytest.raises(SealBroken):
        Sealer(SECRET).unseal(bytes(changed), ID)


@pytest.mark.parametrize("length", [0, 1, 12, 13, 28, len(SEALED) - 1])
def test_a_shortened_seal_does_not_open(length: int):
    with pytest.raises(SealBroken):
        Sealer(SECRET).unseal(SEALED[:length], ID)


def test_a_key_of_another_kind_is_refused():
    sealer = Sealer(SECRET)

    with pytest.raises(SealBroken):
        sealer.unseal(sealer.seal(X25519PrivateKey.generate(), ID), ID)


def test_the_secret_is_written_once_for_the_owner_alone(tmp_path: Path):
    path = tmp_path / "secret"

    write_secret(path, SECRET)

    assert read_secret(path) == SECRET
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write_secret(path, bytes(32))


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path):
    path = tmp_path / "secret"
    write_secret(path, SECRET)
    path.chmod(0o640)

    with pytest.raises(BadSecret, match="0600"):
        read_secret(path)


def test_a_secret_of_another_size_is_refused(tmp_path: Path):
    path = tmp_path / "secret"
    write_secret(path, b"short")

    with pytest.raises(BadSecret, match="32"):
        read_secret(path)
    with pytest.raises(BadSecret, match="32"):
        Sealer(b"short")


def test_an_absent_secret_is_named(tmp_path: Path):
    with pytest.raises(BadSecret, match="No such file"):
        read_secret(tmp_path / "secret")
