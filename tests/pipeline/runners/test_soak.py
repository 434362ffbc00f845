"""The soak, shortened: killed in turn with a seed, on each runner, the end state is that of an undisturbed run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.soak import Soak, run
from tests.prism import prism


@pytest.mark.slow  # the service starts three times
@pytest.mark.timeout(900)
@pytest.mark.parametrize("runner", ["DirectRunner", "PrismRunner"])
def test_soak(runner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if runner == "PrismRunner":
        monkeypatch.setenv("TOCSIN_PRISM", str(prism()))
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    soak = Soak(runner=runner, sources=10, steady=0, chaos=18, every=8, interval=2, rate=1.0, seed=7, alerts=False)
    assert run(soak, tmp_path).problems == []
