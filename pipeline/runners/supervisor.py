"""Keeps one job running: starts its processes, watches them, begins anew what failed, and drains at the end.

What an attempt leaves behind does not matter: leases of dead processes are released, and the store has the rest.
"""

from __future__ import annotations

import logging
import random
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.liveness import Health
from pipeline.runners.choice import Choice
from pipeline.runners.group import Group
from pipeline.runners.names import Runner
from pipeline.runners.prism import follow
from pipeline.runners.spec import JobSpec
from pipeline.runners.watch import Watch, in_a_row, pause
from transforms.beam.signals import Signals
from transforms.codec import encode

DRAIN = 20.0
"""Seconds a drain may take before the rest is killed: shards end within five, and a batch is read in a few more; with
what comes before and after it stays below the thirty that orchestrators give."""
_TICK = 0.5
_WHOLE_BUNDLES = "finish_bundle_before_checkpointing"
"""Of Beam's Flink runner: else what a bundle brings during a checkpoint waits until the next bundle of that operator
begins, which may be never (seen here with a graph whose first elements came while its first checkpoint was taken)."""
_DRAINED, _CANNOT, _CANCELLED = 0, 2, 3
_log = logging.getLogger("tocsin.run")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is supervised. spec: without what each attempt chooses (ports, id). prism: its program, for PrismRunner."""

    choice: Choice
    spec: JobSpec
    signals: Signals
    prism: Path | None = None


class Supervisor:
    """Runs attempts at a job until stopped.

    prepare: called before each attempt (it releases the leases of the dead). stop: ends everything when set. group: the
    processes of the current attempt, for tests to kill.
    """

    def __init__(
        self, plan: Plan, *, prepare: Callable[[], None], stop: threading.Event, health: Health, rng: random.Random
    ) -> None:
        self._plan = plan
        self._prepare = prepare
        self._stop = stop
        self._health = health
        self._rng = rng
        self.group = Group()

    def run(self) -> int:
        """Returns the exit code: 0 stopped, 1 the job was ended by somebody else, 2 it cannot start."""
        failures = 0
        while not self._stop.is_set():
            started = time.monotonic()
            try:
                self._prepare()
                code = self._attempt(failures)
            except OSError as error:
                _log.error("the job's processes cannot be started: %s", error)
                code = None
            finally:
                self.group.kill()
            if code is not None:
                return code
            ran = time.monotonic() - started
            failures = in_a_row(failures, ran)
            wait = pause(failures, self._rng)
            self._health.set("restarting", failures=failures)
            _log.warning("the job ran %.0f s; it is begun anew in %.1f s (failure %d in a row)", ran, wait, failures)
            self._stop.wait(wait)
        return 0

    def _attempt(self, failures: int) -> int | None:
        """One job from start to end. Returns an exit code for all, or None to begin anew."""
        signals = self._plan.signals
        signals.clear()
        self._start()
        watch = Watch(time.monotonic())
        self._health.set("starting", failures=failures)
        while not self._stop.wait(_TICK):
            ended = self.group.ended()
            if ended:
                return self._judge(*ended)
            if signals.folder is None:
                self._health.set("running", failures=failures)
                continue
            now, sign = time.monotonic(), signals.last()
            if watch.dead(sign, now):
                _log.error("the job has given no sign of life for %.0f s", watch.silent(sign, now))
                return None
            if sign is not None:
                self._health.set("running", failures=failures)
                self._health.beat(watch.silent(sign, now))
        return self._drain()

    def _start(self) -> None:
        plan, group = self._plan, self.group
        flags = list(plan.choice.flags)
        spec = replace(plan.spec, id=f"{self._rng.getrandbits(64):016x}")
        python = [sys.executable, "-m"]
        if plan.choice.runner == Runner.prism:
            endpoint = _free_port()
            command = [str(plan.prism), "--job_port", str(endpoint), "--serve_http=false", "--log_kind=json"]
            log = group.start("prism", command, pipe=True)
            assert log is not None
            follow(log)
            flags += ["--runner=PortableRunner", f"--job_endpoint=localhost:{endpoint}"]
            if plan.choice.own_pool:
                pool = _free_port()
                strict = [plan.spec.log_format, "--until-a-worker-dies"]
                group.start("workers", [*python, "pipeline.runners.workers", str(pool), *strict])
                flags += [f"--environment_config=localhost:{pool}"]
            elif not plan.choice.get("environment_type"):
                flags += ["--environment_type=LOOPBACK"]
        else:
            flags += [f"--runner={plan.choice.runner}"]
            flags += [] if plan.choice.has(_WHOLE_BUNDLES) else [f"--{_WHOLE_BUNDLES}"]
        group.start("job", [*python, "pipeline.runners.job", encode(replace(spec, flags=tuple(flags)))])
        _log.info("the job starts: %s", ", ".join(f"{name} {pid}" for name, pid in group.processes.items()))

    def _judge(self, name: str, code: int) -> int | None:
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        if name == "job" and code == _CANNOT:
            _log.error("the job cannot start; see above")
            return 2
        if name == "job" and code in {_DRAINED, _CANCELLED} and self._plan.choice.runner == Runner.flink:
            _log.error("the job was drained or cancelled on the cluster")
            return 1
        _log.error("%s %s", name, how)
        return None

    def _drain(self) -> int:
        """Let what is in flight come to its end, then end the rest."""
        self._health.set("draining")
        started = time.monotonic()
        if self._plan.choice.runner == Runner.flink:
            self.group.terminate("job")
        else:
            self._plan.signals.drain()
        tick = threading.Event()
        while (waited := time.monotonic() - started) < DRAIN:
            if ended := self.group.ended():
                _log.info("drained in %.1f s" if ended == ("job", 0) else "ended after %.1f s", waited)
                return 0
            tick.wait(0.1)
        _log.warning("the drain took more than %.0f s; what was in flight is taken up by the next start", DRAIN)
        return 0


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
