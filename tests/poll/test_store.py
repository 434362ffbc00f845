"""Polls saved in the real store: revisions, replays, and a crash between poll and save."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from sinks.sqlite import SqliteStore
from tests.poll.poller import NOON, Poller, item, rss
from tests.poll.site import Answer, Site
from transforms.contracts import PollSaved, StoreUnavailable
from transforms.fetch import Client, FetchWorker
from transforms.poll import PollOutcome
from transforms.poll.saving import Saving
from transforms.records import SourceState
from transforms.sources import Source

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


def outcomes(site: Site, count: int, worker: FetchWorker, states: dict[str, SourceState]) -> list[PollOutcome]:
    listed = [Source(id=f"s{n}", url=site.url(f"/feed/{n}"), allow_private=True) for n in range(count)]
    came: list[PollOutcome] = []
    worker.poll_each([(source, states.get(source.id)) for source in listed], came.append)
    return came


def test_polls_without_news_are_saved_some_at_a_time_and_news_at_once(site: Site, store: SqliteStore) -> None:
    for number in range(3):
        site.on(f"/feed/{number}", Answer(rss(OLD).encode(), headers={"ETag": '"1"'}), Answer(status=304))
    told: list[tuple[str, bool]] = []
    with FetchWorker(lambda: Client("t", clock=lambda: NOON), clock=lambda: NOON, seed=1) as worker:
        with Saving(store, {}, lambda: NOON, lambda o, s: told.append((o.result, s is not None))) as saving:
            for outcome in outcomes(site, 3, worker, {}):
                saving.add(outcome)
                assert outcome.state.id in store.source_states()
        read = store.source_states()
        again = outcomes(site, 3, worker, {id: state.value for id, state in read.items()})
    assert all(outcome.quiet for outcome in again)
    with Saving(store, {id: state.version for id, state in read.items()}, lambda: NOON + HOUR) as saving:
        for outcome in again:
            saving.add(outcome)
        assert store.source_states() == read
    assert {id: state.value for id, state in store.source_states().items()} == {o.state.id: o.state for o in again}
    assert told == [("changed", True)] * 3


def test_what_waits_is_saved_when_a_moment_has_passed(site: Site, store: SqliteStore) -> None:
    site.on("/feed/0", Answer(status=404))
    now = [NOON]
    with FetchWorker(lambda: Client("t", clock=lambda: NOON), clock=lambda: NOON, seed=1) as worker:
        (first,) = outcomes(site, 1, worker, {})
        saving = Saving(store, {}, lambda: now[0])
        saving.add(first)
        assert store.source_states() == {}
        now[0] += timedelta(seconds=5)
        saving.add(replace(first, state=replace(first.state, id="other")))
        assert set(store.source_states()) == {"s0", "other"}


def test_what_the_store_refuses_comes_out_and_is_not_asked_of_it_again(site: Site, store: SqliteStore) -> None:
    site.on("/feed/0", Answer(status=404))
    with FetchWorker(lambda: Client("t", clock=lambda: NOON), clock=lambda: NOON, seed=1) as worker:
        (first,) = outcomes(site, 1, worker, {})
    calls = []

    class Gone(SqliteStore):
        def save_polls(self, polls: object, *, now: object) -> NoReturn:
            calls.append(polls)
            raise StoreUnavailable("away")

    def save() -> None:
        with Saving(Gone("x"), {}, lambda: NOON) as saving:
            saving.add(first)
            saving.flush()

    with pytest.raises(StoreUnavailable):
        save()
    assert len(calls) == 1
