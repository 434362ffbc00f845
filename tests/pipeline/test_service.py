"""``tocsin run`` on the in-process runner: no dying round ends it, and it knows when to stop."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.graph import Parts
from pipeline.liveness import Health, State
from pipeline.rounds import Summary
from pipeline.service import Service
from pipeline.settings import RunSettings
from sinks.urls import StoreAt
from tests.samples import entry, state
from transforms.contracts import Store, StoreUnavailable

SOURCES = "sources: [{id: un, url: 'https://un.example/feed'}]"


class Clock:
    """Wall time that runs ten minutes a look, so that naps end at once."""

    def __init__(self) -> None:
        self.now = datetime.fromisoformat("2024-06-28T12:00:00+00:00")

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=10)
        return self.now


def service(tmp_path: Path, round: Callable[[Parts], Summary], grace: float = 60.0) -> Service:
    path = tmp_path / "sources.yaml"
    if not path.exists():
        path.write_text(SOURCES)
    return Service(
        RunSettings(sources=path, store=f"sqlite:///{tmp_path}/t.db"),
        console=Console(quiet=True),
        round=round,
        clock=Clock(),
        grace=grace,
    )


@pytest.mark.parametrize(
    "death",
    [
        OSError(28, "No space left on device"),
        MemoryError(),
        StoreUnavailable("away"),
        RuntimeError("Pipeline job-001 failed in state FAILED: bundle"),
        RecursionError(),
        KeyError("a bug of ours"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_dying_round_does_not_end_the_service(
    tmp_path: Path, death: Exception, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.CRITICAL)
    rounds: list[str] = []
    seen: list[tuple[str, int]] = []

    def round(parts: Parts) -> Summary:
        rounds.append(parts.owner)
        if len(rounds) == 4:
            running.stop.set()
            return Summary({"polled": 1})
        raise death

    running = service(tmp_path, round)
    set_health = Health.set

    def note(health: Health, state: State, *, failures: int = 0) -> None:
        seen.append((state, failures))
        set_health(health, state, failures=failures)

    monkeypatch.setattr(Health, "set", note)
    assert running.run() == 0
    assert len(rounds) == 4
    assert ("restarting", 3) in seen
    assert running.health.report()[1]["failures_in_a_row"] == 0


def test_a_dead_rounds_leases_are_free_at_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It held an entry when it died; the next round takes it, and whatever lives on of the first one ends nothing."""
    caplog.set_level(logging.CRITICAL)
    leases = []

    def round(parts: Parts) -> Summary:
        store = parts.store()
        if not leases:
            store.save_poll(state(), "", [entry()], now=parts.clock())
        leases.extend(store.lease_entries(owner=parts.owner, now=parts.clock(), limit=9, duration=timedelta(days=99)))
        if len(leases) == 1:
            raise OSError("half-way")
        ended = [
            store.finish_entry("e1", fence=lease.fence, outcome="indexed", reason=None, now=parts.clock())
            for lease in leases
        ]
        assert ended == [False, True]
        running.stop.set()
        return Summary()

    running = service(tmp_path, round)
    assert running.run() == 0
    assert len(leases) == 2


def test_a_round_that_outlives_the_grace_is_cut_off_and_its_leases_are_free(tmp_path: Path) -> None:
    free, left = threading.Event(), threading.Event()

    def round(parts: Parts) -> Summary:
        store = parts.store()
        store.save_poll(state(), "", [entry()], now=parts.clock())
        (lease,) = store.lease_entries(owner=parts.owner, now=parts.clock(), limit=9, duration=timedelta(days=99))
        running.stop.set()
        free.wait()  # a server that never answers
        assert not store.finish_entry("e1", fence=lease.fence, outcome="indexed", reason=None, now=parts.clock())
        store.close()
        left.set()
        return Summary()

    running = service(tmp_path, round, grace=0.1)
    assert (running.run(), running.cut_off) == (0, True)
    store = StoreAt(f"sqlite:///{tmp_path}/t.db")()
    assert store.lease_owners() == set()
    free.set()
    assert left.wait(60), "what was cut off ends nothing any more"
    assert dict(store.outcomes()) == {"pending": 1}


def test_one_round_that_is_cut_off_is_no_success(tmp_path: Path) -> None:
    free = threading.Event()

    def round(parts: Parts) -> Summary:
        running.stop.set()
        free.wait()
        return Summary()

    running = service(tmp_path, round, grace=0.1)
    assert (running.run(once=True), running.cut_off) == (1, True)
    free.set()


def test_a_round_that_ends_within_the_grace_counts(tmp_path: Path) -> None:
    def round(parts: Parts) -> Summary:
        running.stop.set()
        return Summary({"polled": 1})

    running = service(tmp_path, round)
    assert (running.run(), running.cut_off) == (0, False)
    assert running.health.report()[1]["last_sign_seconds"] is not None


def test_stopped_before_it_began_it_polls_nothing(tmp_path: Path) -> None:
    def round(parts: Parts) -> Summary:
        raise AssertionError("polled")

    running = service(tmp_path, round)
    running.stop.set()
    assert running.run() == 0


def test_a_store_that_dies_between_rounds_does_not_end_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Asking it when something is due fails like a round."""
    caplog.set_level(logging.CRITICAL)
    rounds = []

    def round(parts: Parts) -> Summary:
        rounds.append(1)
        if len(rounds) == 3:
            running.stop.set()
        return Summary({"polled": 1})

    class Away:
        def __init__(self, store: Store) -> None:
            self.store = store

        def __getattr__(self, name: str) -> object:
            if name == "next_entry_due":
                raise StoreUnavailable("away")
            return getattr(self.store, name)

    running = service(tmp_path, round)
    real = running._factory
    monkeypatch.setattr(running, "_factory", lambda: Away(real()))
    monkeypatch.setattr("pipeline.service.Service._announce", lambda self: None)
    assert running.run() == 0
    assert len(rounds) == 3


def test_once_ends_with_one_where_the_round_died(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)

    def dies(parts: Parts) -> Summary:
        raise OSError("no")

    assert service(tmp_path, dies).run(once=True) == 1
    assert service(tmp_path, lambda parts: Summary({"polled": 2, "sources_failed": 2})).run(once=True) == 1
    assert service(tmp_path, lambda parts: Summary({"polled": 2, "sources_failed": 1})).run(once=True) == 0


def test_a_changed_sources_file_is_taken_up_and_an_invalid_one_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "sources.yaml"
    seen: list[list[str]] = []
    texts = iter(
        [
            SOURCES.replace("[{", "[{id: b, url: 'https://b.example/feed'}, {"),
            "sources: [{id: un, url: 'https://un.example/feed', intervall: 5}]",
        ]
    )

    def round(parts: Parts) -> Summary:
        seen.append([source.id for source in parts.sources.sources])
        text = next(texts, None)
        if text is None:
            running.stop.set()
        else:
            path.write_text(text)
        return Summary({"polled": 1})

    running = service(tmp_path, round)
    with caplog.at_level(logging.ERROR, "tocsin.run"):
        assert running.run() == 0
    assert seen == [["un"], ["b", "un"], ["b", "un"]]
    assert "stays in force" in caplog.text


def test_what_a_dead_process_had_leased_is_taken_over(tmp_path: Path) -> None:
    store = StoreAt(f"sqlite:///{tmp_path}/t.db")()
    store.init()
    dead = f"{socket.gethostname()}/999999999/1/0"
    at = Clock()()
    store.save_poll(state(), "", [entry()], now=at)
    store.lease_entries(owner=dead, now=at, limit=9, duration=timedelta(days=99))
    taken = []

    def round(parts: Parts) -> Summary:
        taken.extend(parts.store().lease_entries(owner=parts.owner, now=at, limit=9, duration=timedelta(hours=1)))
        running.stop.set()
        return Summary()

    running = service(tmp_path, round)
    assert running.run() == 0
    assert [lease.entry.id for lease in taken] == ["e1"]
    store.close()
