"""What a run is told, whatever its runner, and its files read and checked."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import UserError
from transforms.archive.keeping import ON_REQUEST, Archiving
from transforms.notify import SubscriptionsError
from transforms.notify.current import Current
from transforms.sources import Sources, SourcesError, load_sources


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """Of ``tocsin run``. sources, subscriptions: files. store: a URL. serve: a folder that is served beside. health:
    [HOST:]PORT. archiving: which bodies are kept where. stop: ends the run when set."""

    sources: Path
    store: str
    serve: Path | None = None
    subscriptions: Path | None = None
    health: str | None = None
    archiving: Archiving = ON_REQUEST
    stop: threading.Event = field(default_factory=threading.Event)


def load(path: Path) -> Sources:
    """The sources of a file. Raises UserError naming file, line and key."""
    try:
        return load_sources(path)
    except SourcesError as error:
        raise UserError(str(error)) from None


def subscribed(path: Path | None) -> Current:
    """The subscriptions of a file, checked. Raises UserError naming file, line and key."""
    current = Current(path)
    try:
        current.matcher()
    except SubscriptionsError as error:
        raise UserError(str(error)) from None
    return current
