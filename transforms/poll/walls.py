"""What an answer is that is neither the feed nor an error of the server: robot checks, consent and log-in pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from transforms.knowledge import load
from transforms.poll.model import Response

_LOOKED_AT = 50_000  # bytes of a page; what is a wall says so at once
REMEDY = "the site keeps programs out; ask the publisher to let Tocsin in, or choose another feed"


@dataclass(frozen=True)
class _Wall:
    name: str
    text: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@cache
def _walls() -> tuple[_Wall, ...]:
    return load(Path(__file__).with_name("walls.yaml"), TypeAdapter(tuple[_Wall, ...]))


def wall(response: Response) -> str | None:
    """What stands in the way ("a robot check (Cloudflare)"), or None. Only for answers that are no feed."""
    if response.failure is not None:
        return None
    page = response.body[:_LOOKED_AT].decode("utf-8", "replace").lower()
    for one in _walls():
        told = [(pattern, response.headers[name]) for name, pattern in one.headers.items() if name in response.headers]
        if any(re.search(pattern, value, re.IGNORECASE) for pattern, value in told):
            return one.name
        if any(all(part in page for part in phrase.split(" + ")) for phrase in one.text):
            return one.name
    return None
