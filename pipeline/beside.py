"""What runs beside the main job on every runner: the sample site, the sender of alerts, the daily purge, health."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pipeline.clock import utc_now
from pipeline.liveness import Health, answering
from pipeline.purging import purging
from pipeline.sender import sending
from pipeline.serve import serving
from sinks.channels import Channels
from transforms import owner
from transforms.contracts import StoreFactory
from transforms.notify.current import Current
from transforms.sources import Sources


@contextmanager
def beside(
    factory: StoreFactory,
    *,
    sources: Sources,
    subscriptions: Current,
    serve: Path | None,
    health: Health,
    address: str | None,
    send: bool = True,
    idle: threading.Event | None = None,
) -> Iterator[None]:
    """Everything that runs beside.

    send: whether this is a service, which alerts and purges, and no single round. idle: set while no round is at work
    (rounds only).
    """
    with ExitStack() as stack:
        if address:
            stack.enter_context(answering(address, health))
        if serve:
            stack.enter_context(serving(serve, sources))
        if send:
            stack.enter_context(purging(factory, utc_now))
        if send and subscriptions.path:
            channels = Channels(subscriptions.folder)
            stack.enter_context(sending(factory, subscriptions, channels, owner=owner.name(), clock=utc_now, idle=idle))
        yield
