"""The main job on the in-process runner: bounded rounds, and sleep until something is due (design.md, "Runners")."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta

from rich.console import Console
from rich.status import Status

from pipeline.beside import beside
from pipeline.clock import utc_now
from pipeline.errors import UserError
from pipeline.graph import Parts
from pipeline.liveness import Health
from pipeline.pause import Nap, after_death, nap
from pipeline.rounds import CutOff, Summary, cut_off, run_round
from pipeline.sender import send_once
from pipeline.settings import RunSettings, load, subscribed
from pipeline.takeover import take_over
from sinks.channels import Channels
from sinks.urls import StoreAt
from transforms import owner
from transforms.beam.stage import observed
from transforms.beam.understand import warm_up
from transforms.contracts import Store, StoreUnavailable
from transforms.stamp import stamp

GRACE = 15.0
"""Seconds that a round may go on once the service is asked to end; with what comes after, that stays below the thirty
that orchestrators give."""
_log = logging.getLogger("tocsin.run")


class Service:
    """``tocsin run``. The store remembers everything, so the process may die at any point and be started again.

    grace: seconds a round has left once it is to stop. round: what a round is; replaceable for tests.

    cut_off: whether the last round was left behind, in threads that still run: then only the process's end ends them.
    """

    def __init__(
        self,
        settings: RunSettings,
        *,
        console: Console,
        grace: float = GRACE,
        round: Callable[[Parts], Summary] = run_round,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._settings = settings
        self._factory = StoreAt(settings.store)
        self._console = console
        self._run_round = round
        self._clock = clock
        self._sources = load(settings.sources)
        self._stamp = stamp(settings.sources)
        self._subscriptions = subscribed(settings.subscriptions)
        self._owner = owner.name()
        self._rng = random.Random()  # noqa: S311 (jitter)
        self._deaths = 0
        self.health = Health("DirectRunner")
        self.stop = settings.stop
        self._grace = grace
        self.cut_off = False

    def run(self, *, once: bool = False) -> int:
        """Work until stopped, or for one round. Returns the exit code: 1 where ``once`` and every source failed, or the
        round was cut off."""
        store = self._factory()
        store.init()
        idle = threading.Event()
        with ExitStack() as stack:
            stack.callback(store.close)
            with self._console.status("Loading knowledge …"):
                warm_up()
            self._announce()
            stack.enter_context(
                beside(
                    self._factory,
                    sources=self._sources,
                    subscriptions=self._subscriptions,
                    serve=self._settings.serve,
                    health=self.health,
                    address=self._settings.health,
                    send=not once,
                    idle=idle,
                )
            )
            if once:
                return self._once(store)
            while not self.stop.is_set():
                idle.clear()
                summary = self._round(store)
                idle.set()
                if not self.stop.is_set() and not self._sleep(self._nap(store, summary)):
                    self._reload()
            _log.info("stopped")
            return 0

    def _once(self, store: Store) -> int:
        summary = self._round(store)
        if self._subscriptions.path:
            channels = Channels(self._subscriptions.folder)
            send_once(store, self._subscriptions, channels, owner=owner.name(), clock=self._clock)
        return 1 if summary is None or summary.all_failed else 0

    def _round(self, store: Store) -> Summary | None:
        """One round; None where it died, of whatever: the service goes on, and the store has what was done."""
        self.health.set("running", failures=self._deaths)
        try:
            take_over(store, self._owner)
            parts = Parts(
                store=self._factory,
                sources=self._sources,
                owner=self._owner,
                clock=self._clock,
                subscriptions=self._subscriptions,
                archiving=self._settings.archiving,
            )
            with self._console.status("Polling …") as status, observed(_Progress(status)):
                summary = cut_off(lambda: self._run_round(parts), self.stop, self._grace)
        except CutOff:
            self.cut_off = True
            _log.info("the round is cut off; what it had done is kept, the rest is taken up in the next")
            self._release(store)
            return None
        except StoreUnavailable as error:
            _log.error("the store does not answer: %s", error)
        except Exception:
            _log.exception("the round died; what it had done is kept, the rest is taken up in the next")
        else:
            self._deaths = 0
            self.health.set("running")
            self.health.beat()
            _log.info(summary.sentence(), extra={"fields": dict(summary.counts)})
            return summary
        self._deaths += 1
        self.health.set("restarting", failures=self._deaths)
        self._release(store)
        return None

    def _release(self, store: Store) -> None:
        """What the dead round had leased is due again at once. Its fence is raised, so should a part of the round live
        on after all, it ends nothing."""
        try:
            store.release_leases(self._owner)
        except Exception as error:  # the leases expire by time
            _log.error("the leases of the dead round stay until they expire: %s", error)

    def _nap(self, store: Store, summary: Summary | None) -> Nap:
        """How long to sleep now; asking the store for it may fail as a round may."""
        now = self._clock()
        if summary is not None:
            try:
                states = {id: state.value for id, state in store.source_states().items()}
                return nap(self._sources.sources, states, store.next_entry_due(), now)
            except StoreUnavailable as error:
                _log.error("the store does not answer: %s", error)
            except Exception:
                _log.exception("what is due next cannot be told")
            self._deaths += 1
        return after_death(self._deaths, now, self._rng)

    def _sleep(self, nap: Nap) -> bool:
        """Sleep in slices; True where the service is to stop."""
        began = time.monotonic()
        while left := nap.left(self._clock(), timedelta(seconds=time.monotonic() - began)):
            if self.stop.wait(left.total_seconds()):
                return True
        return self.stop.is_set()

    def _announce(self) -> None:
        enabled = sum(source.enabled for source in self._sources.sources)
        _log.info("%d sources from %s, events into %s", enabled, self._settings.sources, self._factory.url)

    def _reload(self) -> None:
        """Take up a changed sources file; an invalid one is reported and the old one kept."""
        now = stamp(self._settings.sources)
        if now == self._stamp:
            return
        self._stamp = now
        try:
            self._sources = load(self._settings.sources)
        except UserError as error:
            path = self._settings.sources
            _log.error("%s has changed but cannot be used, the former one stays in force:\n%s", path, error)
        else:
            self._announce()


class _Progress:
    """The round so far, in the terminal's status line."""

    def __init__(self, status: Status) -> None:
        self._status = status
        self._counts: Counter[str] = Counter()

    def __call__(self, name: str, amount: int) -> None:
        self._counts[name] += amount
        done = sum(number for key, number in self._counts.items() if key.startswith("outcome_"))
        polled, new = self._counts["polled"], self._counts["entries_new"]
        self._status.update(f"Polled {polled} sources, {new} new entries, {done} brought to an end …")
