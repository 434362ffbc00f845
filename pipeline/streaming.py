"""The main job on Prism or Flink: one job without an end, supervised (docs/running.md)."""

from __future__ import annotations

import logging
import random
import tempfile
from contextlib import ExitStack
from pathlib import Path

from pipeline.beside import beside
from pipeline.errors import UserError
from pipeline.liveness import Health
from pipeline.runners.choice import Choice
from pipeline.runners.names import SHARDS, Runner
from pipeline.runners.prism import locate
from pipeline.runners.spec import JobSpec
from pipeline.runners.supervisor import Plan, Supervisor
from pipeline.settings import RunSettings, load, subscribed
from pipeline.takeover import take_over
from sinks.urls import StoreAt
from transforms.beam.signals import Signals
from transforms.contracts import StoreUnavailable

_log = logging.getLogger("tocsin.run")


class StreamService:
    """``tocsin run`` with a runner that streams. Raises UserError for what it cannot start with."""

    def __init__(
        self, settings: RunSettings, *, choice: Choice, shards: int = SHARDS, log_format: str = "text"
    ) -> None:
        self._settings = settings
        self._sources = load(settings.sources)
        self._subscriptions = subscribed(settings.subscriptions)
        self._factory = StoreAt(settings.store)
        self._choice = choice
        self._shards = shards
        self._log_format = log_format
        self._prism = locate() if choice.runner == Runner.prism else None

    def run(self) -> int:
        """Work until stopped. Returns the exit code."""
        store = self._factory()
        store.init()
        health = Health(str(self._choice.runner))
        choice = self._choice

        def prepare() -> None:
            try:
                take_over(store)
            except StoreUnavailable as error:
                _log.error("the store does not answer: %s", error)

        with ExitStack() as stack:
            stack.callback(store.close)
            # A cluster's workers see no folder of this machine's.
            folder = None
            if not choice.distributed:
                try:
                    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-")))
                except OSError as error:
                    raise UserError(f"no folder for temporary files: {error}; set TMPDIR") from None
            spec = JobSpec(
                id="",
                sources=str(self._settings.sources.resolve()),
                store=self._factory.url,
                flags=(),
                subscriptions=str(self._subscriptions.path.resolve()) if self._subscriptions.path else None,
                signals=str(folder) if folder else None,
                loopback=choice.environment == "LOOPBACK",
                master=choice.master,
                ticks=choice.runner == Runner.flink,
                shards=self._shards,
                archiving=self._settings.archiving,
                log_format=self._log_format,
            )
            stack.enter_context(
                beside(
                    self._factory,
                    sources=self._sources,
                    subscriptions=self._subscriptions,
                    serve=self._settings.serve,
                    health=health,
                    address=self._settings.health,
                )
            )
            enabled = sum(source.enabled for source in self._sources.sources)
            _log.info("%d sources from %s, events into %s", enabled, self._settings.sources, self._factory.url)
            plan = Plan(choice=choice, spec=spec, signals=Signals(folder), prism=self._prism)
            rng = random.Random()  # noqa: S311 (jitter)
            return Supervisor(plan, prepare=prepare, stop=self._settings.stop, health=health, rng=rng).run()
