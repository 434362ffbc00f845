"""The generated register (benchmarks/register.py) comes together as it should; benchmarks/merge.py measures more."""

from __future__ import annotations

import random

import pytest

from benchmarks.merge import pairwise
from benchmarks.register import generate
from tests.merge.world import compared, events, register


@pytest.mark.slow
def test_a_generated_register_comes_together_in_any_order() -> None:
    generated = generate(seed=4, events=20, days=73)
    shuffled = list(generated.readings)
    random.Random(4).shuffle(shuffled)
    dated, other = register(generated.readings), register(shuffled)
    precision, recall, f1 = pairwise(events(dated), generated)
    assert precision >= 0.95
    assert recall >= 0.9
    assert f1 >= 0.95
    assert compared(dated) == compared(other)
