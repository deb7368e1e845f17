"""Each target on what it begins with, on what once made it fail, and on both with bytes changed."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import seeds
from tests.fuzz.targets import TARGETS

CRASHES: Final = Path(__file__).parent / "crashes"
PIECE_BYTES_MAX: Final = 12


def known(target: str) -> list[bytes]:
    """What a target has met before."""
    crashes = [path.read_bytes() for path in sorted((CRASHES / target).glob("*"))]
    return [*seeds.of(target), *crashes]


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_stands_what_it_has_met(target: str):
    met = known(target)

    assert met
    for data in met:
        TARGETS[target](data)


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_stands_what_it_has_met_with_bytes_changed(target: str):
    met = sorted(known(target), key=len)[:20]

    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(met), st.data())
    def stands(data: bytes, draw: st.DataObject) -> None:
        altered = bytearray(data)
        for _ in range(draw.draw(st.integers(1, 3))):
            start = draw.draw(st.integers(0, len(altered)))
            end = start + draw.draw(st.integers(0, PIECE_BYTES_MAX))
            other = draw.draw(st.sampled_from(met))
            cut = draw.draw(st.integers(0, len(other)))
            piece = other[cut : cut + draw.draw(st.integers(0, PIECE_BYTES_MAX))]
            altered[start:end] = piece or draw.draw(st.binary(max_size=PIECE_BYTES_MAX))
        TARGETS[target](bytes(altered))

    stands()


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_stands_any_bytes(target: str):
    @settings(max_examples=100, deadline=None)
    @given(st.binary(max_size=200))
    def stands(data: bytes) -> None:
        TARGETS[target](data)

    stands()
