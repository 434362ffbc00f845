"""The daily purge beside the main job."""

from __future__ import annotations

import threading
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.purging import purging
from sinks.sqlite import SqliteStore
from tests.samples import NOW, entry, state
from transforms.contracts import StoreUnavailable

LATER = NOW + timedelta(days=100)
AT_ONCE = timedelta()


class _Watched(SqliteStore):
    """Tells when a purge has been through, and fails the first times if asked to."""

    def __init__(self, path: Path, done: threading.Event, failures: list[str]) -> None:
        super().__init__(path)
        self._done, self._failures = done, failures

    def purge(self, kind: str, *, before: datetime, keep: Collection[str] = ()) -> int:  # type: ignore[override]
        if self._failures:
            raise StoreUnavailable(self._failures.pop())
        removed = super().purge(kind, before=before, keep=keep)  # type: ignore[arg-type]
        if kind == "story_bands":
            self._done.set()
        return removed


@pytest.mark.parametrize("failures", [[], ["away", "still away"]])
def test_what_is_old_goes_and_a_failure_is_tried_again(tmp_path: Path, failures: list[str]) -> None:
    path, done = tmp_path / "t.db", threading.Event()
    store = SqliteStore(path)
    store.init()
    store.save_poll(state(), "", [entry("e1"), entry("e2")], now=NOW)
    (first, second) = store.lease_entries(owner="w", now=NOW, limit=2, duration=timedelta(hours=1))
    store.finish_entry(first.entry.id, fence=first.fence, outcome="irrelevant", reason=None, now=NOW)
    store.finish_entry(second.entry.id, fence=second.fence, outcome="indexed", reason=None, now=NOW)
    with purging(lambda: _Watched(path, done, failures), lambda: LATER, first=AT_ONCE, every=timedelta(milliseconds=1)):
        assert done.wait(60)
    assert [row.entry.id for row in store.iter_inbox()] == [second.entry.id]
    assert failures == []
    store.close()


def test_it_ends_with_the_block_before_its_time_has_come(tmp_path: Path) -> None:
    with purging(lambda: pytest.fail("not yet"), lambda: NOW):
        pass
    assert not any(thread.name == "purge" for thread in threading.enumerate())
