"""JSON Lines: the records whole, in the form of ``extract``'s predictions where there is one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

from pipeline.exports.records import Record
from transforms.codec import encode_plain
from transforms.contracts import InboxRow
from transforms.notify.counted import counted
from transforms.predictions import Json, exported_claim
from transforms.records import Claim, Event


def write(records: Iterable[Record], stream: BinaryIO) -> None:
    """One JSON object a line."""
    for record in records:
        line = json.dumps(record_json(record), ensure_ascii=False)
        stream.write(line.encode("utf-8", "replace") + b"\n")


def record_json(record: Record) -> Json:
    """A record as a JSON object."""
    match record:
        case Event():
            return event_json(record)
        case Claim():
            return exported_claim(record)
        case InboxRow():
            state = {"outcome": record.outcome, "reason": record.reason, "tries": record.tries}
            return encode_plain(record.entry) | state
        case _:
            return encode_plain(record)


def event_json(event: Event) -> Json:
    """An event with its claims in the form of ``extract``'s predictions plus document, copy_of and quote, and with what
    its numbers count (``ordered_of``, ``delivered_of``)."""
    return encode_plain(event) | numbers_of(event) | {"claims": [exported_claim(claim) for claim in event.claims]}


def numbers_of(event: Event) -> Json:
    """Which of the goods each number of the event is of, by name; empty where that is not told."""
    return {
        "ordered_of": list(counted(event, event.quantity_ordered)),
        "delivered_of": list(counted(event, event.quantity_delivered)),
    }
