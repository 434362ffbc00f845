"""The way of an alert from an event's change to its receiver: told once, told when it changes, never flooded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.notify.samples import Desk, Given, Receiver, changed, parties, shipment, subscriptions
from tests.samples import NOW, later
from transforms.notify.announce import announce
from transforms.notify.channel import Receipt
from transforms.notify.feedback import Feedback, give_feedback
from transforms.notify.matcher import Matcher
from transforms.notify.quietly import quietly
from transforms.notify.schema import Subscriptions

MakeDesk = Callable[..., Desk]


@pytest.fixture
def desk(tmp_path: Path) -> MakeDesk:
    def make(*each: dict[str, Any], **more: Any) -> Desk:
        return Desk(tmp_path, subscriptions(*each, **more))

    return make


# told once


def test_a_new_event_is_told_once(desk: MakeDesk) -> None:
    it = desk({})
    it.put(shipment())
    assert it.get().unannounced == ()
    assert it.send() == {"accepted": 1}
    assert it.send() == {}
    assert it.receiver.subjects == ["New: North Korea (PRK) → Russia (RUS): KN-25, delivered (asserted)"]
    assert it.states() == {"sent": 1}


def test_announcing_again_makes_no_second_row(desk: MakeDesk) -> None:
    it = desk({})
    it.put(shipment())
    it.send()
    read = it.store.events(["v1"])["v1"]
    it.store.put_event(replace(read.value, unannounced=read.value.changes), read.version)  # as if never cleared
    assert announce(it.store, "v1", Matcher(it.file), NOW) == 0
    it.send()
    assert len(it.receiver.got) == 1


def test_changes_of_one_event_come_in_one_message_with_net_effect(desk: MakeDesk) -> None:
    it = desk({"hear": ["new_event", "stage", "denial", "new_claim"]})
    it.put(shipment())
    it.send()
    one = changed(it.get(), "stage", later(minutes=5), before="delivered", after="shipped", stage="shipped")
    two = changed(one, "stage", later(minutes=6), before="shipped", after="seized", stage="seized")
    it.put(changed(two, "denial", later(minutes=6), after="Sudland's ministry"))
    it.clock.now = later(minutes=10)
    assert it.send() == {"accepted": 1}
    (item,) = it.receiver.got[1].items
    assert not item.is_new
    assert [(c.label, c.before, c.after) for c in item.changes] == [
        ("Stage", "delivered", "seized"),
        ("Denied by", None, "Sudland's ministry"),
    ]
    assert it.receiver.subjects[1].startswith("Changed (stage, denied by): ")
    assert it.receiver.got[1].references == (it.receiver.got[0].key,)


def test_only_the_chosen_kinds_are_heard(desk: MakeDesk) -> None:
    it = desk({"hear": ["denial"]})
    it.put(shipment())
    assert it.rows() == []
    it.put(changed(it.get(), "stage", before="delivered", after="seized", stage="seized"))
    assert it.rows() == []
    it.put(changed(it.get(), "denial", after="Sudland"))
    it.send()
    assert it.receiver.subjects == ["Changed (denied by): North Korea (PRK) → Russia (RUS): KN-25, seized (asserted)"]


def test_an_event_that_comes_to_match_later_is_new_to_the_subscriber(desk: MakeDesk) -> None:
    it = desk({"filter": {"minimum_origins": 2}, "hear": ["new_event"]})
    it.put(shipment())
    assert it.rows() == []
    it.put(changed(it.get(), "new_claim", origins=2, after="Another report."))
    it.put(changed(it.get(), "new_claim", origins=3, after="A third."))
    it.send()
    assert [message.items[0].is_new for message in it.receiver.got] == [True]


def test_what_was_undone_before_it_was_told_is_not_told(desk: MakeDesk) -> None:
    it = desk({"hear": "stage"})
    there = changed(shipment(), "stage", before="delivered", after="seized", stage="seized")
    it.put(changed(there, "stage", before="seized", after="delivered", stage="delivered"))
    it.send()
    assert it.receiver.got == []
    assert {row.reason for row in it.rows()} == {"what had changed was undone before it was told"}


def test_each_channel_has_its_own_row_and_fails_alone(desk: MakeDesk) -> None:
    hooks = [{"webhook": f"https://hooks.example.org/{n}", "secret_env": "S"} for n in "ab"]
    it = desk({"channels": hooks})
    it.put(shipment())
    assert [row.channel for row in sorted(it.rows(), key=lambda row: row.channel)] == ["webhook", "webhook-2"]
    it.receiver.answers = [Receipt("later", "503")]
    assert it.send() == {"later": 1, "accepted": 1}
    it.clock.now = later(minutes=1)
    assert it.send() == {"accepted": 1}
    assert len(it.receiver.got) == 2


# decided again when it is sent


def test_a_deleted_or_disabled_subscription_stops_at_once(desk: MakeDesk) -> None:
    it = desk({"when": "daily"}, {"when": "daily"}, {"when": "daily"})
    it.put(shipment())
    kept = it.file.subscriptions[2]
    off = it.file.subscriptions[1].model_copy(update={"enabled": False})
    it.file = Subscriptions(subscriptions=(off, kept))
    it.clock.now = later(days=1)
    assert it.send() == {"dropped": 2, "accepted": 1}
    assert {row.subscription: row.reason for row in it.rows() if row.state == "dropped"} == {
        "s0": "the subscription was removed or disabled",
        "s1": "the subscription was removed or disabled",
    }


def test_what_no_longer_matches_is_dropped(desk: MakeDesk) -> None:
    it = desk({"when": "daily", "filter": {"stage": "delivered"}, "hear": "new_event"})
    it.put(shipment())
    it.put(changed(it.get(), "stage", before="delivered", after="refused", stage="refused"))
    it.clock.now = later(days=1)
    assert it.send() == {"dropped": 1}


def test_an_event_merged_away_is_told_as_the_one_it_went_into(desk: MakeDesk) -> None:
    it = desk({"when": "daily"})
    it.put(shipment("v1"), shipment("v2", stage="seized"))
    read = it.store.events(["v1"])["v1"]
    it.store.put_event(replace(read.value, merged_into="v2"), read.version)
    it.clock.now = later(days=1)
    it.send()
    (message,) = it.receiver.got
    assert [item.event.id for item in message.items] == ["v2"]
    assert it.states() == {"sent": 2}


def test_merges_in_a_circle_or_to_nowhere_are_dropped(desk: MakeDesk) -> None:
    it = desk({})
    it.put(shipment("v1"), shipment("v2"), shipment("v3"))
    for one, other in (("v1", "v2"), ("v2", "v1"), ("v3", "lost")):
        read = it.store.events([one])[one]
        it.store.put_event(replace(read.value, merged_into=other), read.version)
    assert it.send() == {"dropped": 3}


def test_a_muted_event_is_told_no_more_to_that_reader(desk: MakeDesk) -> None:
    it = desk({}, {})
    it.put(shipment())
    it.send()
    give_feedback(it.store, "v1", Feedback(verdict="mute", at=NOW, subscription="s0"))
    it.put(changed(it.get(), "denial", after="Sudland"))
    it.send()
    assert sorted(message.subscription for message in it.receiver.got) == ["s0", "s1", "s1"]
    give_feedback(it.store, "v1", Feedback(verdict="unmute", at=NOW, subscription="s0"))
    it.put(changed(it.get(), "denial", after="Norland"))
    it.send()
    assert sorted(message.subscription for message in it.receiver.got[3:]) == ["s0", "s1"]


# never flooded


@pytest.mark.slow
def test_ten_thousand_events_in_an_hour_are_one_daily_digest_and_one_capped_stream(desk: MakeDesk) -> None:
    """Against a daily digest: one message. Against a cap of 20 an hour: 20 messages and one summary of all the rest."""
    it = desk({"when": "daily"}, {"cap": {"messages": 20, "per": "1h"}})
    for minute in range(60):
        it.clock.now = later(minutes=minute)
        for n in range(minute * 167, min((minute + 1) * 167, 10_000)):
            assert it.store.put_event(shipment(f"v{n}"), "")
            announce(it.store, f"v{n}", Matcher(it.file), it.clock())
        it.send()
    assert [message.single for message in it.receiver.got] == [True] * 20
    it.clock.now = later(hours=1)
    it.send()
    (summary,) = it.receiver.got[20:]
    assert summary.subject == "s1: 9,980 new events"
    assert (len(summary.items), summary.omitted) == (50, 9_930)
    assert summary.rest == (("North Korea (PRK) → Russia (RUS)", 9_930),)
    it.clock.now = later(days=1)
    it.send()
    (digest,) = it.receiver.got[21:]
    assert digest.subject == "s0: 10,000 new events"
    assert it.states() == {"sent": 20_000}


def test_after_an_outage_each_match_is_sent_once_and_capped(desk: MakeDesk) -> None:
    it = desk({"cap": {"messages": 3, "per": "1h"}}, {"when": "hourly"})
    for hour in range(5):
        it.clock.now = later(hours=hour)
        it.put(*(shipment(f"v{hour}-{n}") for n in range(4)))
    it.clock.now = later(hours=9)
    it.send()
    assert sorted((m.subscription, len(m.items), m.single) for m in it.receiver.got) == [
        ("s0", 1, True),
        ("s0", 1, True),
        ("s0", 1, True),
        ("s1", 20, False),
    ]
    it.clock.now = later(hours=10)
    it.send()
    assert len(it.receiver.got[4].items) == 17


def test_a_cap_s_window_begins_anew(desk: MakeDesk) -> None:
    it = desk({"cap": {"messages": 2, "per": "1h"}})
    it.put(shipment("v1"), shipment("v2"))
    it.send()
    it.clock.now = later(minutes=61)
    it.put(shipment("v3"), shipment("v4"))
    it.send()
    assert [message.single for message in it.receiver.got] == [True] * 4


def test_a_throttled_event_is_told_again_only_later_and_all_together(desk: MakeDesk) -> None:
    it = desk({"throttle": "6h"})
    it.put(shipment("v1"), shipment("v2"))
    it.send()
    it.put(changed(it.get("v1"), "stage", later(hours=1), before="delivered", after="seized", stage="seized"))
    it.clock.now = later(hours=1)
    assert it.send() == {"put_off": 1}
    it.put(changed(it.get("v1"), "denial", later(hours=2), after="Sudland"))
    it.clock.now = later(hours=6)
    assert it.send() == {"accepted": 1}
    assert [change.label for change in it.receiver.got[2].items[0].changes] == ["Stage", "Denied by"]


def test_quiet_hours_put_off_even_what_is_tried_again(desk: MakeDesk) -> None:
    it = desk({"quiet": {"from": "22:00", "to": "07:00", "zone": "Europe/Zurich"}})
    it.clock.now = datetime.fromisoformat("2024-06-28T21:59:30+02:00")
    it.put(shipment())
    it.receiver.answers = [Receipt("later", "busy")]
    assert it.send() == {"later": 1}
    it.clock.now = datetime.fromisoformat("2024-06-28T22:01:00+02:00")
    it.put(shipment("v2"))
    assert it.send() == {"put_off": 1}
    it.clock.now = datetime.fromisoformat("2024-06-29T06:59:59+02:00")
    assert it.send() == {}
    it.clock.now = datetime.fromisoformat("2024-06-29T07:00:00+02:00")
    assert it.send() == {"accepted": 2}


# failures


def test_retries_keep_the_key_and_back_off_until_a_dead_letter(desk: MakeDesk) -> None:
    it = desk({})
    it.put(shipment())
    it.receiver.answers = [Receipt("later", "503 Service Unavailable")] * 12
    waits = []
    for _ in range(11):
        assert it.send() == {"later": 1}
        (row,) = it.rows()
        waits.append((row.due - it.clock.now).total_seconds())
        it.clock.now = row.due
    assert waits == [60, 120, 300, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400]
    assert it.send() == {"later": 1}
    assert len({message.key for message in it.receiver.tried}) == 1
    (row,) = it.rows()
    assert (row.state, row.tries) == ("failed", 12)
    (letter,) = it.store.iter_dead_letters()
    assert (letter.stage, letter.reason) == ("Sender", "s0/webhook: later: 503 Service Unavailable")


def test_what_comes_while_a_message_is_tried_again_is_a_message_of_its_own(desk: MakeDesk) -> None:
    """The first may have been accepted by a receiver whose answer was lost: its content must not change."""
    it = desk({})
    it.put(shipment())
    it.receiver.answers = [Receipt("later", "time-out")]
    it.send()
    it.put(changed(it.get(), "denial", after="Sudland"))
    it.clock.now = later(minutes=1)
    assert it.send() == {"accepted": 2}
    first, second = sorted(it.receiver.got, key=lambda message: not message.items[0].is_new)
    assert first.key == it.receiver.tried[0].key
    assert second.references == (first.key,)


def test_a_receiver_may_ask_for_more_time(desk: MakeDesk) -> None:
    it = desk({})
    it.put(shipment())
    it.receiver.answers = [Receipt("later", "429", timedelta(hours=2))]
    it.send()
    assert it.rows()[0].due == later(hours=2)


def test_410_disables_the_receiver_until_it_is_configured_anew(desk: MakeDesk) -> None:
    it = desk({})
    it.put(shipment("v1"))
    it.receiver.answers = [Receipt("gone", "410 Gone")]
    assert it.send() == {"gone": 1}
    it.put(shipment("v2"))
    assert it.send() == {"dropped": 1}
    assert len(it.receiver.tried) == 1
    it.file = subscriptions({"channels": [{"webhook": "https://hooks.example.org/new", "secret_env": "S"}]})
    it.put(shipment("v3"))
    assert it.send() == {"accepted": 1}


def test_a_refused_message_fails_with_a_dead_letter(desk: MakeDesk) -> None:
    it = desk({})
    it.put(shipment())
    it.receiver.answers = [Receipt("refused", "550 no such user")]
    assert it.send() == {"refused": 1}
    assert it.states() == {"failed": 1}
    assert [letter.reason for letter in it.store.iter_dead_letters()] == ["s0/webhook: refused: 550 no such user"]


def test_a_channel_that_raises_does_not_stop_the_others(desk: MakeDesk) -> None:
    class Broken(Receiver):
        def _send(self, message: Any, now: datetime) -> Receipt:
            if message.subscription == "s0":
                raise RuntimeError("mistake")
            return super()._send(message, now)

    it = desk({}, {})
    it.put(shipment())
    receiver = Broken()
    assert it.send(receiver=receiver) == {"later": 1, "accepted": 1}
    assert [message.subscription for message in receiver.got] == ["s1"]


# one sender, no backfill


def test_a_second_sender_waits_for_the_first_to_leave(desk: MakeDesk) -> None:
    from pipeline.sender import Sender

    it = desk({})
    it.put(shipment())
    other = Sender(it.store, Given(file=it.file), it.receiver, owner="another host", clock=it.clock)
    assert it.send() == {"accepted": 1}
    it.put(shipment("v2"))
    assert other.run_once() == {}
    it.clock.now = later(minutes=2, seconds=1)
    assert other.run_once() == {"accepted": 1}
    other.close()


def test_a_backfill_alerts_nobody_and_takes_nothing_from_what_waits(desk: MakeDesk) -> None:
    it = desk({"hear": ["new_event", "denial", "stage"]})
    quiet = quietly(it.store)
    assert quiet.put_event(shipment("old"), "")
    assert it.get("old").unannounced == ()
    assert [c.number for c in it.get("old").changes] == [1]
    assert it.store.put_event(shipment("live"), "")
    read = quiet.events(["live"])["live"]
    assert quiet.put_event(changed(read.value, "denial", after="Sudland"), read.version)
    assert [c.number for c in it.get("live").unannounced] == [1]
    assert not quiet.put_event(changed(read.value, "stage"), read.version)
    assert it.send() == {"accepted": 1}  # the sweep finds what a stage left
    assert [row.event for row in it.rows()] == ["live"]


def test_without_subscriptions_nothing_piles_up(desk: MakeDesk) -> None:
    it = desk()
    it.put(shipment())
    assert (it.get().unannounced, it.rows()) == ((), [])
    it.file = subscriptions({})
    assert it.send() == {}
    assert it.receiver.got == []


def test_parties_by_actor_and_unknown(desk: MakeDesk) -> None:
    it = desk({"filter": {"recipient": "houthis"}}, {"filter": {"supplier": "unknown"}})
    it.put(shipment("v1", **parties("IRN", "houthis")), shipment("v2", **parties("IRN", "hezbollah")))
    it.send()
    assert [(m.subscription, m.items[0].event.id) for m in it.receiver.got] == [("s0", "v1")]


def test_the_thread_beside_the_rounds_sends_and_stops(desk: MakeDesk, tmp_path: Path) -> None:
    import threading

    from pipeline.sender import sending
    from sinks.urls import StoreAt

    class Waited(Receiver):
        came = threading.Event()

        def _send(self, message: Any, now: datetime) -> Receipt:
            receipt = super()._send(message, now)
            self.came.set()
            return receipt

    it = desk({})
    receiver = Waited()
    factory, current = StoreAt(f"sqlite:///{tmp_path}/store.db"), Given(file=it.file)
    every = timedelta(milliseconds=5)
    with sending(factory, current, receiver, owner="thread", clock=it.clock, every=every):
        it.put(shipment())
        assert receiver.came.wait(60)
    assert it.states() == {"sent": 1}
    assert not [thread for thread in threading.enumerate() if thread.name == "sender"]


def test_what_one_round_makes_of_an_event_is_one_message(desk: MakeDesk, tmp_path: Path) -> None:
    import threading

    from pipeline.sender import sending
    from sinks.urls import StoreAt

    it = desk({})
    idle = threading.Event()
    factory, current = StoreAt(f"sqlite:///{tmp_path}/store.db"), Given(file=it.file)
    with sending(factory, current, it.receiver, owner="thread", clock=it.clock, idle=idle):
        it.put(shipment())
        it.put(changed(it.get(), "denial", after="Sudland"))
        assert it.receiver.tried == []
    (message,) = it.receiver.got
    assert [change.label for change in message.items[0].changes] == ["Denied by"]
    assert message.items[0].is_new
