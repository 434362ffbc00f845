"""The store contract as tests: every store passes all of them.

A store is plugged in by a subclass with a ``factory`` fixture that gives a function opening the *same* fresh store each
time it is called (as a restarted process would).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.samples import NOW, alert, article, change, claim, entry, event, later, letter, state
from transforms.contracts import AlertLease, BucketItem, Ending, PollToSave, Store
from transforms.retention import Retention, purge

MINUTE = timedelta(minutes=1)
Factory = Callable[[], Store]


class StoreContract:
    """Inherit from it and give a ``factory`` fixture. ``settle`` makes lagging searches catch up, where they lag."""

    @pytest.fixture
    def store(self, factory: Factory) -> Store:
        store = factory()
        store.init()
        return store

    def settle(self, store: Store) -> None:
        """Let searches see what was written."""

    # schema

    def test_init_is_repeatable_and_keeps_what_is_there(self, store: Store, factory: Factory) -> None:
        store.put_articles([article()])
        again = factory()
        again.init()
        assert again.articles(["a1"]) == {"a1": article()}

    # sources and inbox

    def test_a_poll_is_saved_whole_and_its_entries_are_pending(self, store: Store) -> None:
        saved = store.save_poll(state(etag='"x"'), "", [entry("e1"), entry("e2")], now=NOW)
        assert saved is not None
        assert saved.new == ("e1", "e2")
        assert store.source_states()["un"].value == state(etag='"x"')
        rows = store.inbox(["e1", "e2", "e3"])
        assert set(rows) == {"e1", "e2"}
        assert (rows["e1"].entry, rows["e1"].outcome, rows["e1"].next_due) == (entry("e1"), None, NOW)

    def test_source_states_gives_only_those_asked_for(self, store: Store) -> None:
        store.save_poll(state("un"), "", [], now=NOW)
        store.save_poll(state("rt"), "", [], now=NOW)
        assert set(store.source_states(["rt", "never-polled"])) == {"rt"}
        assert set(store.source_states()) == {"rt", "un"}

    def test_saving_the_same_poll_again_changes_nothing(self, store: Store) -> None:
        store.save_poll(state(), "", [entry()], now=NOW)
        version = store.source_states()["un"].version
        saved = store.save_poll(state(etag="y"), version, [entry()], now=later(hours=1))
        assert saved is not None
        assert (saved.new, saved.revised, saved.known) == ((), (), ("e1",))
        assert store.inbox(["e1"])["e1"].next_due == NOW

    def test_a_poll_decided_on_an_old_state_saves_its_entries_but_not_the_state(self, store: Store) -> None:
        store.save_poll(state(etag="first"), "", [], now=NOW)
        old = store.source_states()["un"].version
        assert store.save_poll(state(etag="second"), old, [], now=NOW) is not None
        assert store.save_poll(state(etag="third"), old, [entry()], now=NOW) is None
        assert store.source_states()["un"].value.etag == "second"
        assert "e1" in store.inbox(["e1"])

    def test_many_polls_are_saved_at_once_and_a_conflict_is_only_its_own(self, store: Store) -> None:
        store.save_poll(state("rt", memory="m", listed=("x",)), "", [], now=NOW)
        store.save_poll(state("af"), "", [], now=NOW)
        version, old = (store.source_states()[id].version for id in ("rt", "af"))
        store.save_poll(state("af", etag="newer"), old, [], now=NOW)
        saved = store.save_polls(
            [
                PollToSave(state=state("un", memory="n", listed=("e1",)), version="", entries=[entry("e1")]),
                PollToSave(state=state("rt", etag="y", memory="m", listed=("x",)), version=version, quiet=True),
                PollToSave(state=state("af"), version=old, entries=[entry("e2", source="af")]),
            ],
            now=NOW,
        )
        assert [one and one.new for one in saved] == [("e1",), (), None]
        states = store.source_states()
        assert states["af"].value.etag == "newer" and set(store.inbox(["e1", "e2"])) == {"e1", "e2"}
        assert states["un"].value == state("un", memory="n", listed=("e1",))
        assert states["rt"].value == state("rt", etag="y", memory="m", listed=("x",))
        assert store.save_polls([], now=NOW) == []

    def test_an_edited_entry_is_a_new_revision_and_pending_again(self, store: Store) -> None:
        store.save_poll(state(), "", [entry()], now=NOW)
        self.settle(store)
        (lease,) = store.lease_entries(owner="w", now=NOW, limit=9, duration=MINUTE)
        assert store.finish_entry("e1", fence=lease.fence, outcome="indexed", reason=None, now=NOW)
        edited = entry(title="Corrected", first_seen=later(hours=1))
        saved = store.save_poll(state(), store.source_states()["un"].version, [edited], now=later(hours=1))
        assert saved is not None
        assert saved.revised == ("e1",)
        row = store.inbox(["e1"])["e1"]
        assert (row.entry.revision, row.entry.title, row.entry.first_seen) == (2, "Corrected", NOW)
        assert (row.outcome, row.tries, row.next_due) == (None, 0, later(hours=1))

    def test_who_works_on_an_older_revision_cannot_end_the_new_one(self, store: Store) -> None:
        store.save_poll(state(), "", [entry()], now=NOW)
        self.settle(store)
        (lease,) = store.lease_entries(owner="w", now=NOW, limit=9, duration=MINUTE)
        store.save_poll(state(), store.source_states()["un"].version, [entry(title="Corrected")], now=NOW)
        assert not store.finish_entry("e1", fence=lease.fence, outcome="indexed", reason=None, now=NOW)
        assert store.inbox(["e1"])["e1"].outcome is None

    def test_leases_take_what_is_due_oldest_first_and_each_once(self, store: Store) -> None:
        store.save_poll(state(), "", [entry("e2")], now=later(minutes=-2))
        version = store.source_states()["un"].version
        store.save_poll(state(), version, [entry("e1"), entry("e3")], now=NOW)
        self.settle(store)
        first = store.lease_entries(owner="a", now=NOW, limit=2, duration=MINUTE)
        assert [x.entry.id for x in first] == ["e2", "e1"]
        assert [x.tries for x in first] == [1, 1]
        second = store.lease_entries(owner="b", now=NOW, limit=2, duration=MINUTE)
        assert [x.entry.id for x in second] == ["e3"]

    def test_leases_keep_to_the_sources_asked_for(self, store: Store) -> None:
        store.save_poll(state(), "", [entry("e1", source="un"), entry("e2", source="rt")], now=NOW)
        self.settle(store)
        leased = store.lease_entries(owner="a", now=NOW, limit=9, duration=MINUTE, sources=["rt"])
        assert [x.entry.id for x in leased] == ["e2"]
        assert store.lease_entries(owner="a", now=NOW, limit=9, duration=MINUTE, sources=[]) == []

    def test_an_expired_lease_is_taken_over_and_fences_out_the_first(self, store: Store) -> None:
        store.save_poll(state(), "", [entry()], now=NOW)
        self.settle(store)
        (first,) = store.lease_entries(owner="a", now=NOW, limit=1, duration=MINUTE)
        self.settle(store)
        (second,) = store.lease_entries(owner="b", now=later(minutes=1), limit=1, duration=MINUTE)
        assert second.fence > first.fence
        assert second.tries == 2
        assert not store.finish_entry("e1", fence=first.fence, outcome="indexed", reason=None, now=NOW)
        assert store.finish_entry("e1", fence=second.fence, outcome="irrelevant", reason=None, now=NOW)
        assert store.inbox(["e1"])["e1"].outcome == "irrelevant"

    def test_an_entry_ends_with_exactly_one_outcome(self, store: Store) -> None:
        store.save_poll(state(), "", [entry()], now=NOW)
        self.settle(store)
        (lease,) = store.lease_entries(owner="a", now=NOW, limit=1, duration=MINUTE)
        done = store.finish_entry("e1", fence=lease.fence, outcome="failed", reason="not a text", now=NOW)
        replayed = store.finish_entry("e1", fence=lease.fence, outcome="failed", reason="not a text", now=NOW)
        other = store.finish_entry("e1", fence=lease.fence, outcome="indexed", reason=None, now=NOW)
        assert (done, replayed, other) == (True, True, False)
        row = store.inbox(["e1"])["e1"]
        assert (row.outcome, row.reason, row.finished, row.lease_until) == ("failed", "not a text", NOW, None)
        assert store.lease_entries(owner="a", now=later(days=9), limit=1, duration=MINUTE) == []
        assert not store.finish_entry("nobody", fence=1, outcome="failed", reason=None, now=NOW)

    def test_a_retry_is_a_later_due_time(self, store: Store) -> None:
        store.save_poll(state(), "", [entry()], now=NOW)
        self.settle(store)
        (lease,) = store.lease_entries(owner="a", now=NOW, limit=1, duration=MINUTE)
        assert store.retry_entry("e1", fence=lease.fence, next_due=later(hours=1), reason="503")
        assert not store.retry_entry("e1", fence=lease.fence - 1, next_due=NOW, reason="late")
        self.settle(store)
        assert store.next_entry_due() == later(hours=1)
        assert store.lease_entries(owner="a", now=later(minutes=59), limit=1, duration=MINUTE) == []
        (again,) = store.lease_entries(owner="a", now=later(hours=1), limit=1, duration=MINUTE)
        assert again.tries == 2

    def test_a_dead_owners_leases_are_released_and_fenced_out(self, store: Store) -> None:
        store.save_poll(state(), "", [entry("e1"), entry("e2")], now=NOW)
        self.settle(store)
        (dead,) = store.lease_entries(owner="dead", now=NOW, limit=1, duration=MINUTE)
        store.lease_entries(owner="alive", now=NOW, limit=1, duration=MINUTE)
        self.settle(store)
        assert set(store.lease_owners()) == {"dead", "alive"}
        assert store.release_leases("dead") == 1
        assert not store.finish_entry("e1", fence=dead.fence, outcome="indexed", reason=None, now=NOW)
        self.settle(store)
        taken = store.lease_entries(owner="alive", now=NOW, limit=9, duration=MINUTE)
        assert [(x.entry.id, x.tries) for x in taken] == [("e1", 2)]

    def test_next_due_counts_a_lease_in_force(self, store: Store) -> None:
        assert store.next_entry_due() is None
        store.save_poll(state(), "", [entry()], now=NOW)
        self.settle(store)
        assert store.next_entry_due() == NOW
        assert store.next_entry_due(["rt"]) is None
        store.lease_entries(owner="a", now=NOW, limit=1, duration=MINUTE)
        self.settle(store)
        assert store.next_entry_due() == later(minutes=1)

    def test_outcomes_are_counted_and_the_inbox_streams_by_id(self, store: Store) -> None:
        store.save_poll(state(), "", [entry(f"e{n}") for n in range(4)], now=NOW)
        self.settle(store)
        for lease, outcome in zip(
            store.lease_entries(owner="a", now=NOW, limit=3, duration=MINUTE),
            ("indexed", "copy", "indexed"),
            strict=True,
        ):
            store.finish_entry(lease.entry.id, fence=lease.fence, outcome=outcome, reason=None, now=NOW)  # type: ignore[arg-type]
        self.settle(store)
        assert store.outcomes() == {"indexed": 2, "copy": 1, "pending": 1}
        assert [row.entry.id for row in store.iter_inbox()] == ["e0", "e1", "e2", "e3"]
        assert [row.entry.id for row in store.iter_inbox(pending=True)] == ["e3"]
        assert [row.outcome for row in store.iter_inbox(pending=False)] == ["indexed", "copy", "indexed"]

    # articles and claims

    def test_articles_replace_older_revisions_only(self, store: Store) -> None:
        store.put_articles([article(revision=2, title="New")])
        store.put_articles([article(revision=1, title="Old"), article("a2")])
        assert store.articles(["a1", "a2", "a3"]) == {"a1": article(revision=2, title="New"), "a2": article("a2")}
        self.settle(store)
        assert [x.id for x in store.iter_articles()] == ["a1", "a2"]

    def test_claims_of_an_article_are_replaced_together(self, store: Store) -> None:
        store.put_claims("a1", [claim("c2"), claim("c1")])
        store.put_claims("a2", [claim("c3", document="a2")])
        assert [x.id for x in store.claims(["a1"])["a1"]] == ["c2", "c1"]
        store.put_claims("a1", [claim("c4")])
        assert {k: [x.id for x in v] for k, v in store.claims(["a1", "a2", "a3"]).items()} == {
            "a1": ["c4"],
            "a2": ["c3"],
            "a3": [],
        }
        self.settle(store)
        assert [x.id for x in store.iter_claims()] == ["c3", "c4"]

    # events

    def test_events_are_written_by_compare_and_set(self, store: Store) -> None:
        assert store.put_event(event(), "")
        assert not store.put_event(event(stage="seized"), "")
        read = store.events(["v1", "v2"])
        assert set(read) == {"v1"}
        assert store.put_event(event(stage="shipped"), read["v1"].version)
        assert not store.put_event(event(stage="seized"), read["v1"].version)
        assert store.events(["v1"])["v1"].value.stage == "shipped"

    def test_unannounced_events_are_found_until_cleared(self, store: Store) -> None:
        store.put_event(event(unannounced=(change(1),)), "")
        store.put_event(event("v2"), "")
        self.settle(store)
        assert store.unannounced(9) == ["v1"]
        read = store.events(["v1"])["v1"]
        store.put_event(replace(read.value, unannounced=()), read.version)
        self.settle(store)
        assert store.unannounced(9) == []

    def test_redirects_are_kept_but_not_listed(self, store: Store) -> None:
        store.put_event(event("v1", merged_into="v2"), "")
        store.put_event(event("v2"), "")
        self.settle(store)
        assert [x.id for x in store.iter_events()] == ["v2"]
        assert [x.id for x in store.iter_events(merged=True)] == ["v1", "v2"]
        assert store.events(["v1"])["v1"].value.merged_into == "v2"

    def test_buckets_are_written_by_compare_and_set(self, store: Store) -> None:
        empty = store.bucket("event_bucket", ["PRK|RUS|missile"])["PRK|RUS|missile"]
        assert (empty.value, empty.version) == ((), "")
        item = BucketItem(id="v1", at=NOW)
        assert store.put_bucket("event_bucket", "PRK|RUS|missile", [item], "")
        assert not store.put_bucket("event_bucket", "PRK|RUS|missile", [], "")
        assert store.bucket("story_band", ["PRK|RUS|missile"])["PRK|RUS|missile"].value == ()
        read = store.bucket("event_bucket", ["PRK|RUS|missile"])["PRK|RUS|missile"]
        assert read.value == (item,)
        assert store.put_bucket("event_bucket", "PRK|RUS|missile", [item, BucketItem(id="v2", at=NOW)], read.version)
        assert not store.put_bucket("event_bucket", "PRK|RUS|missile", [], read.version)

    def test_many_buckets_are_written_each_by_itself(self, store: Store) -> None:
        def item(id: str) -> BucketItem:
            return BucketItem(id=id, at=NOW)

        assert store.put_bucket("story_band", "taken", [item("first")], "")
        writes = {"new": ([item("a")], ""), "taken": ([item("b")], ""), "gone": ([item("c")], "")}
        assert store.put_buckets("story_band", writes) == ["taken"]
        read = store.bucket("story_band", ["new", "taken", "gone"])
        assert {key: [x.id for x in found.value] for key, found in read.items()} == {
            "new": ["a"],
            "taken": ["first"],
            "gone": ["c"],
        }
        again = {key: ([*found.value, item("z")], found.version) for key, found in read.items()}
        assert store.put_buckets("story_band", again) == []
        assert set(store.put_buckets("story_band", again)) == {"new", "taken", "gone"}
        assert store.put_buckets("story_band", {}) == []

    def test_long_buckets_are_written_together(self, store: Store) -> None:
        members = [BucketItem(id=f"m{n}", at=NOW) for n in range(1203)]
        assert store.put_buckets("event_bucket", {"a": (members, ""), "b": (members[:700], "")}) == []
        read = store.bucket("event_bucket", ["a", "b"])
        assert (read["a"].value, read["b"].value) == (tuple(members), tuple(members[:700]))
        writes = {"a": (members[3:], read["a"].version), "b": (members[:701], read["b"].version)}
        assert store.put_buckets("event_bucket", writes) == []
        read = store.bucket("event_bucket", ["a", "b"])
        assert (read["a"].value, read["b"].value) == (tuple(members[3:]), tuple(members[:701]))

    def test_many_events_are_written_each_by_itself(self, store: Store) -> None:
        assert store.put_event(event("v1"), "")
        assert store.put_events([(event("v1", stage="seized"), ""), (event("v2"), ""), (event("v3"), "")]) == ["v1"]
        read = store.events(["v1", "v2", "v3"])
        assert [read[id].value.stage for id in ("v1", "v2", "v3")] == [event().stage] * 3
        changed = [(replace(found.value, stage="shipped"), found.version) for found in read.values()]
        assert store.put_events(changed) == []
        assert set(store.put_events(changed)) == {"v1", "v2", "v3"}
        assert store.put_events([]) == []

    def test_claims_of_many_articles_are_replaced_each(self, store: Store) -> None:
        store.put_claims("a1", [claim("old")])
        store.put_claims_of({"a1": [claim("c2"), claim("c1")], "a2": [claim("c3", document="a2")], "a3": []})
        found = store.claims(["a1", "a2", "a3"])
        assert {id: [x.id for x in own] for id, own in found.items()} == {"a1": ["c2", "c1"], "a2": ["c3"], "a3": []}
        store.put_claims_of({"a1": [], "a2": [claim("c4", document="a2")]})
        self.settle(store)
        assert [x.id for x in store.iter_claims()] == ["c4"]

    def test_many_leases_end_together(self, store: Store) -> None:
        store.save_poll(state(), "", [entry(f"e{n}") for n in range(4)], now=NOW)
        self.settle(store)
        leases = store.lease_entries(owner="w", now=NOW, limit=9, duration=MINUTE)
        endings = [
            Ending(entry="e0", fence=leases[0].fence, outcome="indexed"),
            Ending(entry="e1", fence=leases[1].fence, outcome="failed", reason="no text"),
            Ending(entry="e2", fence=leases[2].fence, next_due=later(hours=1), reason="503"),
            Ending(entry="e3", fence=leases[3].fence - 1, outcome="indexed"),
            Ending(entry="nobody", fence=1, outcome="indexed"),
        ]
        assert set(store.end_leases(endings, now=NOW)) == {"e3", "nobody"}
        assert set(store.end_leases(endings[:2], now=later(hours=1))) == set()
        rows = store.inbox(["e0", "e1", "e2", "e3"])
        assert [(x.outcome, x.reason, x.next_due) for x in rows.values()] == [
            ("indexed", None, NOW),
            ("failed", "no text", NOW),
            (None, "503", later(hours=1)),
            (None, None, NOW),
        ]
        assert [rows[id].finished for id in rows] == [NOW, NOW, None, None]
        assert (rows["e2"].lease_until, rows["e3"].lease_until) == (None, later(minutes=1))

    def test_many_keys_at_once(self, store: Store) -> None:
        keys = [f"band-{n}" for n in range(1200)]
        assert store.put_bucket("story_band", "band-1199", [BucketItem(id="a", at=NOW)], "")
        found = store.bucket("story_band", keys)
        assert len(found) == 1200
        assert found["band-1199"].value == (BucketItem(id="a", at=NOW),)

    def test_racing_writers_lose_no_member(self, store: Store, factory: Factory) -> None:
        """Four writers add ten members each to one bucket by compare-and-set with re-decide."""
        start = threading.Barrier(4)

        def add(writer: int) -> None:
            mine = factory()
            start.wait()
            for n in range(10):
                while True:
                    read = mine.bucket("event_bucket", ["hot"])["hot"]
                    items = (*read.value, BucketItem(id=f"{writer}-{n}", at=NOW))
                    if mine.put_bucket("event_bucket", "hot", items, read.version):
                        break
            mine.close()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(add, range(4)))
        found = {item.id for item in store.bucket("event_bucket", ["hot"])["hot"].value}
        assert found == {f"{writer}-{n}" for writer in range(4) for n in range(10)}

    def test_racing_leasers_share_without_overlap(self, store: Store, factory: Factory) -> None:
        store.save_poll(state(), "", [entry(f"e{n:02}") for n in range(40)], now=NOW)
        self.settle(store)
        start = threading.Barrier(4)

        def work(worker: int) -> list[str]:
            mine = factory()
            start.wait()
            taken: list[str] = []
            while leases := mine.lease_entries(owner=f"w{worker}", now=NOW, limit=3, duration=MINUTE):
                for lease in leases:
                    assert mine.finish_entry(lease.entry.id, fence=lease.fence, outcome="indexed", reason=None, now=NOW)
                    taken.append(lease.entry.id)
            mine.close()
            return taken

        with ThreadPoolExecutor(4) as pool:
            taken = [id for ids in pool.map(work, range(4)) for id in ids]
        assert sorted(taken) == [f"e{n:02}" for n in range(40)]
        self.settle(store)
        assert store.outcomes() == {"indexed": 40}

    # failures and alerts

    def test_dead_letters_are_kept_once_in_order_of_time(self, store: Store) -> None:
        store.put_dead_letters([letter(at=later(minutes=1)), letter(subject="e2", payload="{}")])
        store.put_dead_letters([letter(at=later(minutes=5))])
        self.settle(store)
        assert list(store.iter_dead_letters()) == [letter(subject="e2", payload="{}"), letter(at=later(minutes=1))]

    def test_alerts_are_created_once_and_leased(self, store: Store) -> None:
        assert store.create_alerts([alert("l1"), alert("l2", due=later(hours=1))]) == ["l1", "l2"]
        assert store.create_alerts([alert("l1"), alert("l3", due=later(hours=2))]) == ["l3"]
        self.settle(store)
        (lease,) = store.lease_alerts(owner="s", now=NOW, limit=9, duration=MINUTE)
        assert lease.alert == alert("l1")
        assert store.lease_alerts(owner="t", now=NOW, limit=9, duration=MINUTE) == []
        assert store.put_alert(replace(lease.alert, state="sent"), fence=lease.fence)
        assert store.lease_alerts(owner="t", now=later(minutes=2), limit=9, duration=MINUTE) == []

    def test_an_expired_alert_lease_is_fenced_out(self, store: Store) -> None:
        store.create_alerts([alert("l1")])
        self.settle(store)
        (first,) = store.lease_alerts(owner="s", now=NOW, limit=9, duration=MINUTE)
        self.settle(store)
        (second,) = store.lease_alerts(owner="t", now=later(minutes=1), limit=9, duration=MINUTE)
        assert not store.put_alert(replace(first.alert, state="sent"), fence=first.fence)
        assert store.put_alert(replace(second.alert, tries=1, due=later(hours=1)), fence=second.fence)
        self.settle(store)
        (third,) = store.lease_alerts(owner="t", now=later(hours=1), limit=9, duration=MINUTE)
        assert third.alert.tries == 1

    def test_alerts_are_written_together_and_may_keep_their_leases(self, store: Store) -> None:
        store.create_alerts([alert("l1"), alert("l2"), alert("l3")])
        self.settle(store)
        first, second, third = store.lease_alerts(owner="s", now=NOW, limit=9, duration=MINUTE)
        noted = [AlertLease(alert=replace(x.alert, message="m"), fence=x.fence) for x in (first, second)]
        stale = AlertLease(alert=replace(third.alert, message="m"), fence=third.fence - 1)
        assert store.put_alerts([*noted, stale], keep=True) == ["l1", "l2"]
        assert {id: x.message for id, x in store.alerts(["l1", "l2", "l3", "l4"]).items()} == {
            "l1": "m",
            "l2": "m",
            "l3": None,
        }
        self.settle(store)
        assert store.lease_alerts(owner="t", now=NOW, limit=9, duration=MINUTE) == []
        later_ = [AlertLease(alert=replace(x.alert, due=later(hours=1)), fence=x.fence) for x in noted]
        assert store.put_alerts(later_) == ["l1", "l2"]
        self.settle(store)
        leased = store.lease_alerts(owner="t", now=later(hours=1), limit=9, duration=MINUTE)
        assert [(x.alert.id, x.alert.message) for x in leased] == [("l3", None), ("l1", "m"), ("l2", "m")]
        assert [x.id for x in store.iter_alerts()] == ["l1", "l2", "l3"]

    def test_notes_are_written_by_compare_and_set(self, store: Store) -> None:
        empty = store.notes("feedback", ["v1"])["v1"]
        assert (empty.value, empty.version) == ("", "")
        assert store.put_note("feedback", "v1", '["a"]', "")
        assert not store.put_note("feedback", "v1", '["b"]', "")
        read = store.notes("feedback", ["v1", "v2"])
        assert {key: note.value for key, note in read.items()} == {"v1": '["a"]', "v2": ""}
        assert store.notes("subscription", ["v1"])["v1"].value == ""
        assert store.put_note("feedback", "v1", '["b"]', read["v1"].version)
        assert not store.put_note("feedback", "v1", '["c"]', read["v1"].version)
        assert store.notes("feedback", ["v1"])["v1"].value == '["b"]'

    # retention

    def test_alerts_that_were_told_long_ago_are_removed(self, store: Store) -> None:
        names = ["sent", "failed", "dropped", "recent", "pending"]
        due = {"recent": later(days=3)}
        store.create_alerts([alert(id, due=due.get(id, NOW)) for id in names])
        self.settle(store)
        for lease in store.lease_alerts(owner="s", now=later(days=4), limit=9, duration=MINUTE):
            state_ = {"recent": "sent", "pending": "pending"}.get(lease.alert.id, lease.alert.id)
            assert store.put_alert(replace(lease.alert, state=state_), fence=lease.fence)  # type: ignore[arg-type]
        self.settle(store)
        assert store.purge("alerts", before=later(days=2)) == 3
        assert store.purge("alerts", before=later(days=2)) == 0
        assert set(store.alerts(names)) == {"recent", "pending"}

    def test_irrelevant_entries_are_removed_unless_their_feed_lists_them(self, store: Store) -> None:
        outcomes = {"e1": "irrelevant", "e2": "irrelevant", "e3": "indexed", "e4": "failed", "e5": "irrelevant"}
        store.save_poll(state(), "", [entry(id) for id in [*outcomes, "e6"]], now=NOW)
        self.settle(store)
        for lease in store.lease_entries(owner="w", now=NOW, limit=9, duration=MINUTE):
            outcome = outcomes.get(lease.entry.id)
            at = later(days=9) if lease.entry.id == "e5" else NOW
            if outcome:
                assert store.finish_entry(lease.entry.id, fence=lease.fence, outcome=outcome, reason=None, now=at)  # type: ignore[arg-type]
        self.settle(store)
        assert store.purge("entries", before=later(days=1), keep=["e2"]) == 1
        assert set(store.inbox([*outcomes, "e6"])) == {"e2", "e3", "e4", "e5", "e6"}

    def test_story_bands_are_removed_when_every_member_is_old(self, store: Store) -> None:
        old, new = BucketItem(id="a", at=NOW), BucketItem(id="b", at=later(days=9))
        bands = {f"l{n:04}": ([old], "") for n in range(1100)}
        more = {"mixed": ([old, new], ""), "story|a": ([old], "")}
        assert store.put_buckets("story_band", bands | more) == []
        assert store.put_bucket("event_bucket", "l0000", [old], "")
        self.settle(store)
        assert store.purge("story_bands", before=later(days=1)) == 1100
        left = store.bucket("story_band", ["l0000", "mixed", "story|a"])
        assert {key: len(found.value) for key, found in left.items()} == {"l0000": 0, "mixed": 2, "story|a": 1}
        assert left["l0000"].version == ""
        assert store.bucket("event_bucket", ["l0000"])["l0000"].value == (old,)

    def test_retention_removes_what_nobody_needs(self, store: Store) -> None:
        listed = state(listed=("e1",))
        store.save_poll(listed, "", [entry("e1"), entry("e2")], now=NOW)
        store.put_event(event(), "")
        self.settle(store)
        for lease in store.lease_entries(owner="w", now=NOW, limit=9, duration=MINUTE):
            store.finish_entry(lease.entry.id, fence=lease.fence, outcome="irrelevant", reason=None, now=NOW)
        self.settle(store)
        assert purge(store, Retention(), later(days=89)) == {"alerts": 0, "entries": 0, "story_bands": 0}
        assert purge(store, Retention(), later(days=91)) == {"alerts": 0, "entries": 1, "story_bands": 0}
        assert set(store.inbox(["e1", "e2"])) == {"e1"}
        assert set(store.events(["v1"])) == {"v1"}

    # what people write

    def test_text_of_any_script_comes_back_as_it_was(self, store: Store) -> None:
        text = "«Груз 200» — 迫击炮 قذيفة \u00ad\u2028 'quoted' \"x\" \\ \x00 end"
        store.put_articles([article(text=text)])
        assert store.articles(["a1"])["a1"].text == text
