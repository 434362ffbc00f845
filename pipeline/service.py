"""The main job on the in-process runner: bounded rounds, and sleep until something is due (design.md, "Runners")."""

from __future__ import annotations

import logging
import signal
import threading
from collections import Counter
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.status import Status

from pipeline.clock import utc_now
from pipeline.errors import UserError
from pipeline.graph import Parts
from pipeline.rounds import Summary, run_round
from pipeline.sender import send_once, sending
from pipeline.serve import serving
from sinks.channels import Channels
from sinks.urls import StoreAt
from transforms import owner
from transforms.beam.stage import observed
from transforms.beam.understand import warm_up
from transforms.contracts import Store, StoreUnavailable
from transforms.notify import SubscriptionsError
from transforms.notify.current import Current
from transforms.sources import Sources, SourcesError, load_sources

_LONGEST_SLEEP = timedelta(minutes=5)
"""A changed sources.yaml is seen at the latest after this; also bounds what a jump of the clock can do."""
_AFTER_A_DEAD_ROUND = timedelta(seconds=10)
_log = logging.getLogger("tocsin.run")


class Service:
    """``tocsin run``. The store remembers everything, so the process may die at any point and be started again."""

    def __init__(
        self,
        *,
        sources: Path,
        store: str,
        console: Console,
        runner: str = "DirectRunner",
        serve: Path | None = None,
        subscriptions: Path | None = None,
    ) -> None:
        if runner not in {"DirectRunner", "FnApiRunner"}:
            raise UserError(f"--runner {runner}: not built yet; DirectRunner is what runs continuously for now")
        self._path = sources
        self._factory = StoreAt(store)
        self._runner = runner
        self._console = console
        self._serve = serve
        self._sources = load(sources)
        self._stamp = _stamp(sources)
        self._subscriptions = subscribed(subscriptions)
        self._channels = Channels(self._subscriptions.folder)
        self._owner = owner.name()
        self._stop = threading.Event()
        self._idle = threading.Event()

    def run(self, *, once: bool = False) -> int:
        """Work until stopped, or for one round. Returns the exit code: 1 where ``once`` and every source failed."""
        store = self._factory()
        store.init()
        with ExitStack() as stack:
            stack.callback(store.close)
            if self._serve:
                stack.enter_context(serving(self._serve, self._sources))
            if threading.current_thread() is threading.main_thread():
                for number in (signal.SIGINT, signal.SIGTERM):
                    stack.callback(signal.signal, number, signal.signal(number, lambda *_: self._stop.set()))
            with self._console.status("Loading knowledge …"):
                warm_up()
            self._announce()
            if not once and self._subscriptions.path:
                sends = sending(
                    self._factory,
                    self._subscriptions,
                    self._channels,
                    owner=owner.name(),
                    clock=utc_now,
                    idle=self._idle,
                )
                stack.enter_context(sends)
            while True:
                self._idle.clear()
                summary = self._round(store)
                self._idle.set()
                if once:
                    if self._subscriptions.path:
                        send_once(store, self._subscriptions, self._channels, owner=owner.name(), clock=utc_now)
                    return 1 if summary is None or summary.all_failed else 0
                pause = self._pause(store, utc_now()) if summary else _AFTER_A_DEAD_ROUND
                if self._stop.wait(pause.total_seconds()):
                    _log.info("stopped")
                    return 0
                self._reload()

    def _round(self, store: Store) -> Summary | None:
        """One round; None where it died (the service goes on, the store has what was done)."""
        try:
            for other in store.lease_owners():
                if other != self._owner and owner.is_dead(other) and (released := store.release_leases(other)):
                    _log.info("took up %d entries of a run that ended midway", released)
            parts = Parts(
                store=self._factory,
                sources=self._sources,
                owner=self._owner,
                clock=utc_now,
                subscriptions=self._subscriptions,
            )
            with self._console.status("Polling …") as status, observed(_Progress(status)):
                summary = run_round(parts, runner=self._runner)
        except StoreUnavailable as error:
            _log.error("the store does not answer: %s", error)
            return None
        except Exception:
            _log.exception("the round died; what it had done is kept, the rest is taken up in the next")
            return None
        _log.info(summary.sentence(), extra={"fields": dict(summary.counts)})
        return summary

    def _pause(self, store: Store, now: datetime) -> timedelta:
        """How long until a source or an entry is due."""
        states = store.source_states()
        enabled = [source.id for source in self._sources.sources if source.enabled]
        live = [id for id in enabled if id not in states or states[id].value.health != "retired"]
        due = [states[id].value.next_due if id in states else now for id in live]
        entry = store.next_entry_due()
        if entry:
            due.append(entry)
        until = min(due, default=now + _LONGEST_SLEEP) - now
        return min(max(until, timedelta(seconds=1)), _LONGEST_SLEEP)

    def _announce(self) -> None:
        enabled = sum(source.enabled for source in self._sources.sources)
        _log.info("%d sources from %s, events into %s", enabled, self._path, self._factory.url)

    def _reload(self) -> None:
        """Take up a changed sources file; an invalid one is reported and the old one kept."""
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._sources = load(self._path)
        except UserError as error:
            _log.error("%s has changed but cannot be used, the former one stays in force:\n%s", self._path, error)
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


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
