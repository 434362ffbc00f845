"""Alerts on a real Elasticsearch: the same way from a change to its receiver as on SQLite."""

from __future__ import annotations

from pathlib import Path

from tests.notify.samples import Desk, changed, shipment, subscriptions
from tests.samples import NOW, later
from tests.sinks.es_server import Served, store_at
from transforms.notify.feedback import Feedback, give_feedback


def test_told_once_told_when_it_changes_and_digested(elasticsearch: Served, prefix: str, tmp_path: Path) -> None:
    file = subscriptions({"cap": {"messages": 2, "per": "1h"}}, {"when": "daily"})
    it = Desk(tmp_path, file, store_at(elasticsearch.url, prefix))
    it.put(*(shipment(f"v{n}") for n in range(4)))
    assert it.send() == {"accepted": 2, "put_off": 2}
    assert it.send() == {}
    it.put(changed(it.get("v0"), "denial", later(minutes=1), after="Sudland"))
    give_feedback(it.store, "v3", Feedback(verdict="mute", at=NOW, subscription="s1"))
    it.clock.now = later(hours=1)
    assert it.send() == {"accepted": 2}
    assert sorted(len(message.items) for message in it.receiver.got[2:]) == [1, 2]
    it.clock.now = later(days=1)
    assert it.send() == {"dropped": 1, "accepted": 1}
    (digest,) = it.receiver.got[4:]
    assert digest.subject == "s1: 3 new events"
    assert len({message.key for message in it.receiver.got}) == 5
