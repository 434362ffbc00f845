"""Captures for archive tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.samples import NOW, entry
from transforms.archive.model import Capture


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def capture(n: int = 1, **fields: Any) -> Capture:
    defaults: dict[str, Any] = {
        "url": f"https://news.example/{n}",
        "retrieved": NOW,
        "status": 200,
        "headers": (("content-type", "text/html; charset=utf-8"), ("etag", '"x"')),
        "body": f"<html><body><p>Body {n} — é</p></body></html>".encode(),
        "entry": entry(f"e{n}"),
    }
    return Capture(**(defaults | fields))
