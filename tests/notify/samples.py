"""Events and subscriptions for tests of alerts; states and systems are invented or taken at random."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.sender import Sender
from sinks.sqlite import SqliteStore
from tests.samples import NOW, change, claim, event, report
from transforms.contracts import Store
from transforms.notify.announce import announce
from transforms.notify.channel import Receipt, Sends
from transforms.notify.content import Message
from transforms.notify.current import Current
from transforms.notify.matcher import Matcher
from transforms.notify.schema import Channel, Settings, Subscriptions
from transforms.records import Alert, ClaimPlace, Event, Goods, Party

HOOK = {"webhook": "https://hooks.example.org/a", "secret_env": "HOOK_SECRET"}


def subscriptions(*each: dict[str, Any], **more: Any) -> Subscriptions:
    """Subscriptions ``s0``, ``s1`` … to a webhook, each with the keys given."""
    listed = [{"id": f"s{n}", "channels": [HOOK], **one} for n, one in enumerate(each)]
    return Subscriptions.model_validate({"subscriptions": listed, **more})


def shipment(id: str = "v1", **fields: Any) -> Event:
    """A new event: rocket artillery from PRK to RUS, one report, change 1 unannounced."""
    first = change(1)
    defaults: dict[str, Any] = {
        "goods": (Goods(value="KN-25", category="III", family="KN-25", named=True),),
        "claims": (claim(f"c-{id}", quote="Norland shipped forty launchers to Sudland in May."),),
        "reports": (report(),),
        "articles": 1,
        "origins": 1,
        "reliability": "B",
        "changes": (first,),
        "unannounced": (first,),
    }
    return event(id, **(defaults | fields))


def changed(old: Event, kind: str, at: datetime = NOW, **fields: Any) -> Event:
    """The event with one more change; ``before`` and ``after`` of the change among the fields."""
    texts = {key: fields.pop(key, None) for key in ("before", "after")}
    new = change(len(old.changes) + 1, kind=kind, at=at, **texts)
    return replace(old, changes=(*old.changes, new), unannounced=(*old.unannounced, new), last_changed=at, **fields)


def parties(supplier: str, recipient: str) -> dict[str, Party]:
    def side(key: str) -> Party:
        return Party(iso3=key) if key.isupper() else Party(actor=key)

    return {"supplier": side(supplier), "recipient": side(recipient)}


def place(lat: float, lon: float, role: Any = "seizure", name: str = "Off Port Nowhere") -> ClaimPlace:
    return ClaimPlace(role=role, text=name, start=0, end=4, value=name, lat=lat, lon=lon)


@dataclass
class Clock:
    """A clock that the test moves."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Receiver:
    """Stands for every channel: keeps what it accepted, answers as told (``accepted`` when nothing is left to say)."""

    answers: list[Receipt] = field(default_factory=list)
    got: list[Message] = field(default_factory=list)
    tried: list[Message] = field(default_factory=list)

    def __call__(self, channel: Channel, settings: Settings) -> Sends:
        return self._send

    def _send(self, message: Message, now: datetime) -> Receipt:
        self.tried.append(message)
        answer = self.answers.pop(0) if self.answers else Receipt("accepted")
        if answer.result == "accepted":
            self.got.append(message)
        return answer

    @property
    def subjects(self) -> list[str]:
        return [message.subject for message in self.got]


@dataclass(frozen=True)
class Given(Current):
    """Subscriptions that are in no file."""

    file: Subscriptions | None = None

    def matcher(self) -> Matcher:
        return Matcher(self.file or Subscriptions())


class Desk:
    """A store, a sender and a receiver under one moving clock."""

    def __init__(self, folder: Path, file: Subscriptions, store: Store | None = None) -> None:
        self.store: Store = store or SqliteStore(str(folder / "store.db"))
        self.store.init()
        self.file = file
        self.clock = Clock()
        self.receiver = Receiver()

    def put(self, *events: Event) -> None:
        """Write events and make their rows, as the pipeline does."""
        for one in events:
            read = self.store.events([one.id]).get(one.id)
            assert self.store.put_event(one, read.version if read else "")
            announce(self.store, one.id, Matcher(self.file), self.clock())

    def get(self, id: str = "v1") -> Event:
        return self.store.events([id])[id].value

    def send(self, store: Store | None = None, receiver: Receiver | None = None) -> Counter[str]:
        sender = Sender(
            store or self.store,
            Given(file=self.file),
            receiver or self.receiver,
            owner="me",
            clock=self.clock,
            workers=1,
        )
        try:
            return sender.run_once()
        finally:
            sender.close()

    def rows(self) -> list[Alert]:
        return list(self.store.iter_alerts())

    def states(self) -> Counter[str]:
        return Counter(row.state for row in self.rows())
