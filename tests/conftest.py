"""Fixtures for tests in every folder."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from tests.browser import chromium, view

__all__ = ["chromium", "view"]

# Time is no assertion here: a loaded machine is no fault of the code. CI draws the same examples in each run, so that a
# red one can be looked into; new examples are found where people work.
settings.register_profile(
    "tocsin",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("tocsin")
