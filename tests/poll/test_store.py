"""Polls saved in the real store: revisions, replays, and a crash between poll and save."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sinks.sqlite import SqliteStore
from tests.poll.poller import Poller, item, rss
from tests.poll.site import Answer, Site
from transforms.contracts import PollSaved
from transforms.poll import PollOutcome

HOUR = timedelta(hours=1)
OLD = item("Vessel stopped", "https://news.example/v", "v")
NEW = item("Vessel held", "https://news.example/v", "v")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(str(tmp_path / "store.db"))
    made.init()
    yield made
    made.close()


def saved(store: SqliteStore, outcome: PollOutcome, poller: Poller) -> PollSaved:
    known = store.source_states().get("s")
    result = store.save_poll(outcome.state, known.version if known else "", outcome.entries, now=poller.now)
    assert result is not None
    poller.state = store.source_states()["s"].value
    return result


def test_a_state_comes_back_from_the_store_as_it_was(site: Site, poller: Poller, store: SqliteStore) -> None:
    site.on("/feed", Answer(rss(OLD).encode(), headers={"ETag": '"v1"'}), Answer(status=304))
    outcome = poller.poll()
    saved(store, outcome, poller)
    assert poller.state == outcome.state
    assert poller.poll(after=HOUR).result == "unchanged"


def test_an_edit_is_revision_2_of_the_same_entry(site: Site, poller: Poller, store: SqliteStore) -> None:
    site.on("/feed", rss(OLD), rss(NEW))
    first = saved(store, poller.poll(), poller)
    second = saved(store, poller.poll(after=HOUR), poller)
    assert first.new == second.revised and second.new == ()
    row = store.inbox(first.new)[first.new[0]]
    assert (row.entry.revision, row.entry.title, row.outcome) == (2, "Vessel held", None)


def test_what_was_polled_and_not_saved_is_brought_again(site: Site, poller: Poller, store: SqliteStore) -> None:
    site.on("/feed", Answer(rss(OLD).encode(), headers={"ETag": '"v1"'}), Answer(rss(OLD).encode()))
    lost = poller.poll()
    poller.state = None  # the process died before the save
    outcome = poller.poll(after=HOUR)
    assert "if-none-match" not in site.last("/feed").headers
    assert [e.id for e in outcome.entries] == [e.id for e in lost.entries]


def test_the_same_poll_saved_twice_changes_nothing(site: Site, poller: Poller, store: SqliteStore) -> None:
    site.on("/feed", rss(OLD))
    outcome = poller.poll()
    first = saved(store, outcome, poller)
    again = saved(store, outcome, poller)
    assert (len(first.new), again.new, again.revised, again.known) == (1, (), (), first.new)


def test_what_was_judged_does_not_come_back_with_the_next_poll(site: Site, poller: Poller, store: SqliteStore) -> None:
    """Pain 15."""
    site.on("/feed", rss(OLD), rss(OLD, item("Other", guid="o")))
    saved(store, poller.poll(), poller)
    (lease,) = store.lease_entries(owner="t", now=poller.now, limit=9, duration=HOUR)
    assert store.finish_entry(lease.entry.id, fence=lease.fence, outcome="irrelevant", reason=None, now=poller.now)
    saved(store, poller.poll(after=HOUR), poller)
    leases = store.lease_entries(owner="t", now=poller.now, limit=9, duration=HOUR)
    assert [x.entry.title for x in leases] == ["Other"]
