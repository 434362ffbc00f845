"""What the channel tests share: composed messages."""

from __future__ import annotations

from typing import Any

from tests.notify.samples import changed, shipment, subscriptions
from tests.samples import NOW, claim, later, report
from transforms.contracts import AlertLease
from transforms.notify.content import Message, compose
from transforms.notify.matcher import Matcher
from transforms.notify.outbox import rows_for
from transforms.notify.plan import Known, make_plan
from transforms.notify.schema import Settings
from transforms.records import Event, Voice

EVIL = '<script>alert(1)</script> & "x" \r\nBcc: all@example.org'
SETTINGS = Settings.model_validate({"link": "https://register.example.org/e/{event}"})


def messages(event: Event, **keys: Any) -> list[Message]:
    """What a subscription to everything is sent of an event, one message for each batch of rows."""
    file = subscriptions({"hear": ["new_event", "stage", "denial", "quantity"], "who": "the desk", **keys})
    matcher = Matcher(file)
    rows = [AlertLease(alert=row, fence=1) for row in rows_for(event, matcher, NOW)]
    known = Known(matcher=matcher, events={event.id: event}, feedback={}, states={})
    return [compose(one, SETTINGS, NOW) for one in make_plan(rows, known, later(days=8)).messages]


def new_message(**fields: Any) -> Message:
    (message,) = messages(shipment(**fields))
    return message


def change_message() -> Message:
    """That the same event, told before, is now denied and seized."""
    event = shipment()
    event = changed(event, "denial", after="Sudland", denied_by=(Voice(name="Sudland's ministry", iso3="RUS"),))
    event = changed(event, "stage", before="delivered", after="seized", stage="seized")
    (message,) = messages(shipment_without_first(event), hear=["stage", "denial"])
    return message


def shipment_without_first(event: Event) -> Event:
    from dataclasses import replace

    return replace(event, unannounced=event.unannounced[1:])


def evil_message() -> Message:
    """A message of an event whose every text is hostile."""
    return new_message(
        reports=(report(title=EVIL, url="javascript:alert(1)", publisher=EVIL),),
        claims=(claim(quote=EVIL + "\x00\x1b[31m\ud800\u202e"),),
        asserted_by=(Voice(name=EVIL),),
        supplier=shipment().supplier.__class__(name=EVIL),
    )
