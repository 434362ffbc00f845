"""When a job is begun anew, and when a silent one counts as dead."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.runners.watch import LONGEST, SILENT, START, STEADY, Watch, in_a_row, pause


def test_pauses_double_up_to_a_minute() -> None:
    pauses = [pause(n, random.Random(1)) for n in (1, 2, 3, 4, 7, 60)]
    assert pauses == pytest.approx([1, 2, 4, 8, 60, 60], rel=0.25)


@given(st.integers(0, 10**6), st.integers())
def test_pauses_are_bounded(failures: int, seed: int) -> None:
    assert 0.5 < pause(failures, random.Random(seed)) <= LONGEST * 1.25


def test_pauses_differ_between_machines() -> None:
    assert len({pause(5, random.Random(seed)) for seed in range(20)}) == 20


def test_a_job_that_was_well_for_a_while_begins_a_new_row() -> None:
    assert [in_a_row(0, 3.0), in_a_row(4, 3.0), in_a_row(4, STEADY)] == [1, 5, 1]


def test_silence_is_measured_from_the_last_sign() -> None:
    watch = Watch(100.0)
    assert watch.silent(None, 130.0) == 30.0
    assert watch.silent(7, 140.0) == 0.0
    assert watch.silent(7, 150.0) == 10.0
    assert watch.silent(3, 160.0) == 0.0  # another number is a sign, even an older one: the wall clock was put back


def test_a_slow_start_is_no_death_a_silence_is() -> None:
    watch = Watch(0.0)
    assert not watch.dead(None, START)
    assert watch.dead(None, START + 1)
    watch = Watch(0.0)
    assert not watch.dead(1, 10.0)
    assert not watch.dead(1, 10.0 + SILENT)
    assert watch.dead(1, 11.0 + SILENT)
