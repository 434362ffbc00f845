"""Many sources that change at random, while workers, runner, service and Elasticsearch are killed in turn.

    python -m benchmarks.soak --runner PrismRunner [--external] [--elasticsearch] [--sources 300] [--steady 300]
        [--chaos 300] [--every 40] [--interval 20] [--seed 1]

First a steady phase (memory, file descriptors, punctuality), then chaos, then the end state is awaited and compared
with an undisturbed round over the same site. Prints a report as JSON; exit code 1 where something does not hold:
entries in = outcomes out; outcomes and events equal the undisturbed run's; no alert key twice, unless the service was
killed between the two; a stop in order leaves no process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shlex
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks.soak_service import ROOT, Service
from benchmarks.soak_site import Site, serving
from sinks.urls import StoreAt
from transforms.contracts import Store, StoreError

SERVER = ROOT / "deploy" / "elasticsearch" / "server"


@dataclass(frozen=True, kw_only=True)
class Soak:
    """What is done. Times in seconds. every: between two kills, on average. patience: until the end state is given up.
    rate: new items a second. alerts: whether the last alert is awaited, too: what a killed sender had leased is
    free after three minutes."""

    runner: str = "DirectRunner"
    external: bool = False
    elasticsearch: bool = False
    sources: int = 300
    steady: float = 300.0
    chaos: float = 300.0
    every: float = 40.0
    interval: int = 20
    rate: float = 0.5
    seed: int = 1
    patience: float = 900.0
    alerts: bool = True


@dataclass
class Report:
    """What was seen. problems: what does not hold."""

    figures: dict[str, object] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def hold(self, holds: bool, problem: str) -> None:
        """Note a problem where something does not hold."""
        if not holds:
            self.problems.append(problem)


class _Run:
    def __init__(self, soak: Soak, folder: Path, site: Site) -> None:
        self.soak, self.folder, self.site = soak, folder, site
        self.rng = random.Random(soak.seed + 1)
        self.report = Report()
        self.samples: list[tuple[float, float, int]] = []
        self.sources = folder / "sources.yaml"
        self.sources.write_text(site.sources(soak.interval), encoding="utf-8")
        subscriptions = folder / "subscriptions.yaml"
        subscriptions.write_text(site.subscriptions(), encoding="utf-8")
        self.url = f"sqlite:///{folder}/soak.db"
        self.es_name = f"soak-{os.getpid()}"
        if soak.elasticsearch:
            self.url = f"{self._elasticsearch()}/soak"
        self.store: Store = StoreAt(self.url)()
        self.store.init()
        arguments = ["--runner", soak.runner, "--sources", str(self.sources), "--store", self.url]
        arguments += ["--subscriptions", str(subscriptions), "--log-format", "json"]
        arguments += ["--beam", "environment_type=EXTERNAL"] if soak.external else []
        self.service = Service(arguments, folder)
        self._next_item = time.monotonic()

    def _elasticsearch(self) -> str:
        command = [sys.executable, str(SERVER), "start", "--name", self.es_name, "--until", str(os.getpid())]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        values = dict(part.partition("=")[::2] for part in shlex.split(told) if "=" in part)
        self.es_pid = int(next(value for key, value in values.items() if key.endswith("PID")))
        return next(value for key, value in values.items() if key.endswith("URL"))

    # phases

    def steady(self) -> None:
        """Nothing is killed; sizes are sampled once the work of the first poll is done."""
        self.service.start()
        self._until(lambda: len(self.site.polled) == self.soak.sources, "the first polls")
        began = time.monotonic()
        settled = began + self.soak.steady * 0.4  # caches fill, threads come
        while (now := time.monotonic()) < began + self.soak.steady:
            self._tick()
            if now >= settled:
                self.samples.append((now, *self.service.size()))
            time.sleep(1.0)
        self.report.figures |= self._sizes() | self._punctuality(settled)

    def chaos(self) -> None:
        """Something is killed every now and then, in turn."""
        victims = ["job", "runner", "service"] if self.soak.runner == "PrismRunner" else ["service"]
        victims[:1] = ["worker"] if self.soak.external else victims[:1]
        victims += ["elasticsearch"] if self.soak.elasticsearch else []
        began, turn = time.monotonic(), 0
        next_kill = began + self.soak.every * self.rng.uniform(0.3, 0.7)
        while (now := time.monotonic()) < began + self.soak.chaos:
            self._tick()
            if now >= next_kill and self._kill(victims[turn % len(victims)]):
                turn += 1
                next_kill = time.monotonic() + self.soak.every * self.rng.uniform(0.5, 1.5)
            time.sleep(0.2)
        self.report.figures["kills"] = dict(Counter(what for what, _ in self.service.kills))
        self.report.figures["starts"] = self.service.starts

    def end(self) -> None:
        """Nothing new comes any more; all that came is to end."""
        items = len(self.site.added)
        began = time.monotonic()
        self._until(lambda: self._ended() == items, f"the end of {items} entries")
        if self.soak.alerts:
            self._until(lambda: not any(alert.state == "pending" for alert in self.store.iter_alerts()), "the alerts")
        self.report.figures["settled_seconds"] = round(time.monotonic() - began, 1)
        code, took, left = self.service.stop()
        self.report.figures["stop_seconds"] = round(took, 1)
        self.report.hold(code == 0, f"SIGTERM: the exit code is {code}")
        self.report.hold(took < 30, f"SIGTERM: it took {took:.0f} s")
        self.report.hold(left == 0, f"{left} processes were left")

    def compare(self) -> None:
        """With an undisturbed round over the same site, and with what must hold of alerts."""
        url = f"sqlite:///{self.folder}/undisturbed.db"
        command = [sys.executable, "-m", "pipeline.cli", "run", "--once", "--sources", str(self.sources)]
        subprocess.run([*command, "--store", url], cwd=ROOT, check=True, capture_output=True)
        undisturbed = StoreAt(url)()
        hold, figures = self.report.hold, self.report.figures
        mine, theirs = outcomes(self.store), outcomes(undisturbed)
        figures |= {"entries": len(self.site.added), "outcomes": dict(Counter(map(str, mine.values())))}
        hold(len(mine) == len(self.site.added), f"{len(self.site.added)} items in, {len(mine)} entries")
        differ = [path for path in mine.keys() | theirs.keys() if mine.get(path) != theirs.get(path)]
        hold(
            not differ, f"{len(differ)} outcomes differ, as of {[(p, mine.get(p), theirs.get(p)) for p in differ[:3]]}"
        )
        events, expected = facts(self.store), facts(undisturbed)
        figures["events"] = len(events)
        only = [sorted(map(str, a - b))[:2] for a, b in ((set(events), set(expected)), (set(expected), set(events)))]
        hold(events == expected, f"events differ: {len(events)} and {len(expected)}; only here, only there: {only}")
        self._alerts(len(events))
        undisturbed.close()

    def close(self) -> None:
        self.service.end()
        self.store.close()
        if self.soak.elasticsearch:
            command = [sys.executable, str(SERVER), "stop", "--name", self.es_name, "--purge"]
            subprocess.run(command, check=False, capture_output=True)

    # helpers

    def _tick(self) -> None:
        self.service.start()
        while self._next_item <= time.monotonic():
            self.site.add()
            self._next_item += self.rng.expovariate(self.soak.rate)

    def _kill(self, victim: str) -> bool:
        if victim != "elasticsearch":
            return self.service.kill(victim)
        os.kill(self.es_pid, signal.SIGKILL)
        self.service.kills.append((victim, time.monotonic()))
        down = time.monotonic() + self.rng.uniform(2, 15)
        while time.monotonic() < down:
            self._tick()
            time.sleep(0.2)
        self._elasticsearch()
        return True

    def _ended(self) -> int:
        try:
            return sum(count for outcome, count in self.store.outcomes().items() if outcome != "pending")
        except StoreError:
            return -1

    def _until(self, done: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + self.soak.patience
        while not done():
            self.service.start()
            if time.monotonic() > end:
                log = (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-4000:]
                raise TimeoutError(f"{what}: not within {self.soak.patience:.0f} s\n{log}")
            time.sleep(0.5)

    def _sizes(self) -> dict[str, object]:
        if len(self.samples) < 10:
            return {}
        times = [at / 3600 for at, _, _ in self.samples]
        memory, files = [m for _, m, _ in self.samples], [f for _, _, f in self.samples]
        return {
            "rss_mb": round(statistics.median(memory)),
            "rss_slope_mb_per_hour": round(statistics.linear_regression(times, memory).slope, 1),
            "descriptors": round(statistics.median(files)),
            "descriptors_slope_per_hour": round(statistics.linear_regression(times, files).slope, 1),
        }

    def _punctuality(self, since: float) -> dict[str, object]:
        """By how much polls come later than the interval after the one before."""
        late = []
        for times in self.site.polled.values():
            kept = [at for at in times if at >= since]
            late += [max(0.0, b - a - self.soak.interval) for a, b in pairwise(kept)]
        if len(late) < 20:
            return {}
        cuts = statistics.quantiles(late, n=100)
        return {"polls": len(late), "late_p50_seconds": round(cuts[49], 2), "late_p95_seconds": round(cuts[94], 2)}

    def _alerts(self, events: int) -> None:
        times: dict[str, list[float]] = {}
        for key, at in self.site.received:
            times.setdefault(key, []).append(at)
        deaths = [at for what, at in self.service.kills if what in {"service", "elasticsearch"}]
        twice = [key for key, at in times.items() if len(at) > 1]
        outside = [key for key in twice if not any(times[key][0] <= death <= times[key][-1] for death in deaths)]
        self.report.figures |= {"alert_messages": len(times), "alert_keys_twice": len(twice)}
        self.report.hold(not outside, f"{len(outside)} alert keys came twice though nothing died in between")
        told = {alert.event for alert in self.store.iter_alerts() if alert.state == "sent"}
        self.report.hold(len(told) == events or not self.soak.alerts, f"{events} events, alerts sent of {len(told)}")


def outcomes(store: Store) -> dict[str, str | None]:
    """Outcome by the page's path."""
    return {"/page/" + row.entry.url.rpartition("/")[2]: row.outcome for row in store.iter_inbox()}


def facts(store: Store) -> list[tuple[object, ...]]:
    """What the register says, without ids and times of day, which depend on the run."""
    return sorted(
        (
            str(event.supplier.iso3), str(event.recipient.iso3), event.stage, event.standing,
            tuple(sorted(goods.value for goods in event.goods)), event.articles, event.origins,
            tuple(sorted(claim.quote for claim in event.claims)),
        )
        for event in store.iter_events()
    )  # fmt: skip


def run(soak: Soak, folder: Path) -> Report:
    """Do it; the folder keeps store and log."""
    with serving(Site(soak.sources, soak.seed)) as site:
        for _ in range(min(soak.sources, 40)):
            site.add()
        running = _Run(soak, folder, site)
        try:
            running.steady()
            running.chaos()
            running.end()
            running.compare()
        except TimeoutError as error:
            running.report.problems.append(str(error))
        finally:
            running.close()
    return running.report


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given = Soak()
    parser.add_argument("--runner", default=given.runner, choices=["DirectRunner", "PrismRunner"])
    parser.add_argument("--external", action="store_true")
    parser.add_argument("--elasticsearch", action="store_true")
    for name in ("sources", "interval", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(given, name))
    for name in ("steady", "chaos", "every", "rate", "patience"):
        parser.add_argument(f"--{name}", type=float, default=getattr(given, name))
    parser.add_argument("--keep", type=Path, help="folder for store and log (default: a temporary one)")
    options = vars(parser.parse_args(arguments))
    keep = options.pop("keep")
    soak = Soak(**options)
    with tempfile.TemporaryDirectory() as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        report = run(soak, folder)
    print(json.dumps({"soak": vars(soak), **report.figures, "problems": report.problems}, indent=1))
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
