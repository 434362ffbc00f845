"""Killed at every arrow and started again: a change has one key, repeated only between acceptance and mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, cast

import pytest

from tests.notify.samples import Clock, Desk, Receiver, changed, shipment, subscriptions
from tests.samples import NOW, later
from transforms.contracts import Store
from transforms.notify.announce import announce
from transforms.notify.channel import Receipt
from transforms.notify.content import Message
from transforms.notify.matcher import Matcher

WRITES = ("put_event", "create_alerts", "lease_alerts", "put_alerts", "put_note")
FILE = subscriptions({"hear": ["new_event", "stage", "denial"]}, {"when": "hourly", "hear": ["new_event", "stage"]})
Side = Literal["before", "after"]


class Killed(BaseException):
    """The process is gone: nothing catches it, nothing works after it."""


class Mortal:
    """A store whose process dies at its n-th write, before or after the write is done."""

    def __init__(self, store: Store, n: int, side: Side) -> None:
        self._store, self.left, self._side = store, n, side

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        return self._counted(method) if name in WRITES else method

    def _counted(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if self.left <= 0:
                raise Killed
            self.left -= 1
            if self.left == 0 and self._side == "before":
                raise Killed
            result = method(*args, **kwargs)
            if self.left == 0:
                raise Killed
            return result

        return call


def script(now: datetime) -> list[Any]:
    """Two events; the first changes twice, the second time with two changes at once."""
    one = shipment("v1")
    two = changed(one, "stage", later(minutes=1), before="delivered", after="seized", stage="seized")
    three = changed(two, "denial", later(minutes=2), after="Sudland")
    four = changed(three, "stage", later(minutes=2), before="seized", after="delivered", stage="delivered")
    return [one, shipment("v2"), two, four]


def live(desk: Desk, store: Store) -> None:
    """What the pipeline and the sender do, as far as they get; done again from the start, it goes on where it ended."""
    matcher = Matcher(FILE)
    for step in script(NOW):
        read = store.events([step.id]).get(step.id)
        if read is None or len(read.value.changes) < len(step.changes):
            known = {c.number for c in read.value.changes} if read else set()
            waiting = {c.number for c in read.value.unannounced} if read else set()
            fresh = tuple(c for c in step.changes if c.number in waiting or c.number not in known)
            store.put_event(_with(step, fresh), read.version if read else "")
        announce(store, step.id, matcher, desk.clock())
        desk.send(store)
    desk.clock.now = max(desk.clock.now, later(hours=1))
    desk.send(store)


def _with(event: Any, unannounced: Any) -> Any:
    from dataclasses import replace

    return replace(event, unannounced=unannounced)


def run(folder: Path, n: int, side: Side) -> tuple[Desk, bool]:
    """One life that ends at the n-th write, then as many as it takes. Returns whether it was killed at all."""
    desk = Desk(folder, FILE)
    killed = False
    try:
        live(desk, cast(Store, Mortal(desk.store, n, side)))
    except Killed:
        killed = True
        desk.clock.now += timedelta(minutes=4)  # by then the dead one's leases are over
        live(desk, desk.store)
    for hours in (2, 3):
        desk.clock.now = later(hours=hours)
        desk.send()
    return desk, killed


def changes_told(desk: Desk) -> dict[str, Counter[tuple[str, str]]]:
    """By subscription: how often each (event, what changed) was told under each distinct key."""
    found: dict[str, Counter[tuple[str, str]]] = {}
    for message in {message.key: message for message in desk.receiver.got}.values():
        told = found.setdefault(message.subscription, Counter())
        for item in message.items:
            if item.is_new:
                told[item.event.id, "new"] += 1
            told.update((item.event.id, f"{c.label}: {c.after}") for c in item.changes)
    return found


@pytest.mark.parametrize("side", ["before", "after"])
def test_killed_at_every_write(tmp_path: Path, side: Side) -> None:
    n, killed = 0, True
    while killed:
        n += 1
        folder = tmp_path / f"{n}"
        folder.mkdir()
        desk, killed = run(folder, n, side)
        where = f"killed {side} write {n}"
        rows = desk.rows()
        assert {row.state for row in rows} <= {"sent", "dropped"}, where
        assert all(desk.get(id).unannounced == () for id in ("v1", "v2")), where
        told = changes_told(desk)
        assert told["s0"]["v1", "new"] == told["s0"]["v2", "new"] == 1, where
        assert told["s0"]["v1", "Denied by: Sudland"] == 1, where
        assert told["s1"]["v1", "new"] == told["s1"]["v2", "new"] == 1, where
        assert max(told["s0"].values()) == max(told["s1"].values()) == 1, where
        repeats = len(desk.receiver.got) - len({message.key for message in desk.receiver.got})
        assert repeats <= (1 if killed else 0), where
        # one row a change, subscription and channel, and each row in one message only
        assert len({(row.subscription, row.event, row.change, row.channel) for row in rows}) == len(rows)
    assert n > 20


def test_killed_between_acceptance_and_mark_repeats_once_with_the_same_key(tmp_path: Path) -> None:
    class Deadly(Receiver):
        def _send(self, message: Message, now: datetime) -> Receipt:
            super()._send(message, now)
            raise Killed

    desk = Desk(tmp_path, subscriptions({}))
    desk.put(shipment())
    deadly = Deadly()
    with pytest.raises(Killed):
        desk.send(receiver=deadly)
    assert desk.send() == {}  # the dead one's lease is in force
    desk.put(changed(desk.get(), "denial", after="Sudland"))
    desk.clock.now = later(minutes=3)
    desk.send()
    assert [message.key for message in deadly.got] == [desk.receiver.got[0].key]
    assert [change.label for message in desk.receiver.got for item in message.items for change in item.changes] == [
        "Denied by"
    ]


def test_killed_before_acceptance_loses_nothing(tmp_path: Path) -> None:
    class Deadly(Receiver):
        def _send(self, message: Message, now: datetime) -> Receipt:
            raise Killed

    desk = Desk(tmp_path, subscriptions({}))
    desk.clock = Clock(NOW)
    desk.put(shipment())
    with pytest.raises(Killed):
        desk.send(receiver=Deadly())
    desk.clock.now = later(minutes=3)
    assert desk.send() == {"accepted": 1}
