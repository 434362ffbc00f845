"""A site and a poller for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.poll.poller import Poller
from tests.poll.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def poller(site: Site) -> Iterator[Poller]:
    made = Poller(site)
    yield made
    made.worker.close()
