"""A store that does not answer is asked again, for a while."""

from __future__ import annotations

import logging
from typing import Any, cast

import pytest

from transforms.contracts import Store, StoreError, StoreUnavailable
from transforms.patience import PAUSES, Patient


class Moody:
    """Fails as often as told before it answers."""

    def __init__(self, failures: int, error: type[Exception] = StoreUnavailable) -> None:
        self.left = failures
        self.error = error
        self.closed = False

    def outcomes(self) -> dict[str, int]:
        if self.left:
            self.left -= 1
            raise self.error("away")
        return {"indexed": 1}

    def close(self) -> None:
        self.closed = True


def patient(moody: Moody, slept: list[float], pauses: tuple[float, ...] = (1.0, 2.0)) -> Store:
    return Patient(lambda: cast(Any, moody), pauses, slept.append)()


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "tocsin.store")


def test_an_outage_is_waited_out() -> None:
    slept: list[float] = []
    assert patient(Moody(2), slept).outcomes() == {"indexed": 1}
    assert slept == [1.0, 2.0]


def test_a_long_one_is_raised_in_the_end() -> None:
    slept: list[float] = []
    with pytest.raises(StoreUnavailable):
        patient(Moody(9), slept).outcomes()
    assert slept == [1.0, 2.0]


def test_what_will_not_pass_is_raised_at_once() -> None:
    slept: list[float] = []
    with pytest.raises(StoreError):
        patient(Moody(1, StoreError), slept).outcomes()
    assert slept == []


def test_closing_and_the_documented_two_minutes() -> None:
    moody = Moody(0)
    patient(moody, []).close()
    assert moody.closed
    assert sum(PAUSES) == 120
