"""The writes of the pipeline's stages without Beam: what a fault must not break is checked on their result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from tests.samples import NOW, article, claim, entry, event, state
from transforms.contracts import Store, StoreUnavailable
from transforms.records import FeedEntry

_NAMES = [f"e{n:04}" for n in range(2000)]
"""Every entry that a test may have made."""


def entries(count: int) -> list[FeedEntry]:
    return [entry(name) for name in _NAMES[:count]]


def poll(store: Store, found: Sequence[FeedEntry]) -> None:
    """Save a poll, deciding again where somebody was faster."""
    while True:
        read = store.source_states(["un"]).get("un")
        if store.save_poll(state(), read.version if read else "", found, now=NOW) is not None:
            return


def work(opened: Callable[[], Store], owner: str, *, batch: int = 20, done: Callable[[int], object] = id) -> None:
    """Bring every pending entry to its outcome, as a service does: where the store fails, open it again, release the
    leases and go on. ``done`` is told how many entries have just ended."""
    while True:
        store = opened()
        try:
            store.release_leases(owner)
            while leases := store.lease_entries(owner=owner, now=NOW, limit=batch, duration=timedelta(hours=1)):
                store.put_articles([article(f"a-{lease.entry.id}", entry=lease.entry.id) for lease in leases])
                for lease in leases:
                    read = f"a-{lease.entry.id}"
                    store.put_claims(read, [claim(f"c-{lease.entry.id}", document=read)])
                    merge(store, lease.entry.id)
                    store.finish_entry(lease.entry.id, fence=lease.fence, outcome="indexed", reason=None, now=NOW)
                done(len(leases))
            # A search that lags (a refresh that was refused) may find nothing while entries are pending: a service
            # comes again, so this looks by key before it goes.
            if all(row.outcome for row in store.inbox(_NAMES).values()):
                return
        except StoreUnavailable:
            continue
        finally:
            store.close()


def merge(store: Store, entry_id: str) -> None:
    """Add an article to one of five events, by compare-and-set."""
    id = f"v{int(entry_id[1:]) % 5}"
    while True:
        read = store.events([id]).get(id)
        known = read.value.markings if read else ()
        if entry_id in known:
            return
        if store.put_event(event(id, markings=(*known, entry_id)), read.version if read else ""):
            return


def check(store: Store, count: int) -> None:
    """Every entry has exactly one outcome, nothing is missing and nothing is there twice."""
    names = [f"e{n:04}" for n in range(count)]
    assert store.outcomes() == {"indexed": count}
    assert [row.entry.id for row in store.iter_inbox()] == names
    assert [x.id for x in store.iter_articles()] == [f"a-{name}" for name in names]
    assert [x.id for x in store.iter_claims()] == [f"c-{name}" for name in names]
    merged = sorted(name for one in store.iter_events() for name in one.markings)
    assert merged == names
    assert list(store.iter_dead_letters()) == []
