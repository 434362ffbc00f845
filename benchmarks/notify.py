"""Speed of matching: events a second against 10, 1,000 and 100,000 subscriptions, in one run.

    python -m benchmarks.notify [--events 2000] [--seed 1]

Subscriptions and events are drawn with the same skew: a tenth of the states take part in most transfers, and most
subscriptions name one or two sides and a kind of goods; some a place, words, or no side at all. Told beside the speed:
how many subscriptions an event matches, as building their rows is what remains to be done for any index.
"""

from __future__ import annotations

import argparse
import random
import time
from functools import cache
from typing import Any, get_args

from transforms.notify.matcher import Matcher
from transforms.notify.names import states
from transforms.notify.outbox import rows_for
from transforms.notify.schema import Subscription, Subscriptions
from transforms.places.distance import kilometres  # noqa: F401 (loaded before the clock starts)
from transforms.recognise.weapons.catalogue import records
from transforms.records import Category, Change, Claim, ClaimPlace, Event, Goods, Party, Stage

_CATEGORIES = get_args(Category)
_STAGES = get_args(Stage)
_CHANNEL = {"atom": "feeds/x.xml"}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    codes = sorted(states())
    rng.shuffle(codes)
    events = [event(rng, codes, n) for n in range(options.events)]
    now = events[0].first_seen
    print("subscriptions  indexed in  matching  events/s matched  matches/event  events/s with rows")
    for size in (10, 1_000, 100_000):
        file = Subscriptions.model_construct(subscriptions=tuple(subscription(rng, codes, n) for n in range(size)))
        started = time.perf_counter()
        matcher = Matcher(file)
        indexed = time.perf_counter() - started
        started = time.process_time()
        matches = sum(len(them) for one in events for them in matcher.heard(one, one.unannounced).values())
        matching = time.process_time() - started
        started = time.process_time()
        for one in events:
            rows_for(one, matcher, now)
        with_rows = time.process_time() - started
        print(
            f"{size:>13,}  {indexed:>8.2f} s  {matching:>6.2f} s  {len(events) / matching:>16,.0f}"
            f"  {matches / len(events):>13,.1f}  {len(events) / with_rows:>18,.0f}"
        )


def state(rng: random.Random, codes: list[str]) -> str:
    """A state; a few are much more often in the news than the rest."""
    return codes[min(int(rng.paretovariate(0.9)) - 1, len(codes) - 1)]


@cache
def _weapons() -> list[str]:
    return [listed.system.name for listed in records()][:2000]


def subscription(rng: random.Random, codes: list[str], n: int) -> Subscription:
    """Somebody's wishes."""
    wishes: dict[str, Any] = {}
    kind = rng.random()
    if kind < 0.85:
        for side in rng.choice([("supplier",), ("recipient",), ("supplier", "recipient"), ("either",)]):
            wishes[side] = sorted({rng.choice(codes) for _ in range(rng.choice([1, 1, 2, 4]))})
    if rng.random() < 0.5:
        wishes["category"] = [rng.choice(_CATEGORIES)]
    if rng.random() < 0.3 or not wishes:
        wishes["weapon"] = [rng.choice(_weapons())]
    if rng.random() < 0.2:
        wishes["stage"] = [rng.choice(_STAGES)]
    if rng.random() < 0.1:
        wishes["places_within"] = [{"lat": rng.uniform(-60, 60), "lon": rng.uniform(-180, 180), "km": 300}]
    if rng.random() < 0.05:
        wishes["words"] = ["launchers"]
    if rng.random() < 0.3:
        wishes["minimum_origins"] = 2
    return Subscription.model_validate({"id": f"s{n}", "channels": [_CHANNEL], "filter": wishes})


def event(rng: random.Random, codes: list[str], n: int) -> Event:
    """A new event."""
    from datetime import UTC, datetime

    now = datetime(2026, 1, 1, tzinfo=UTC)
    first = Change(number=1, kind="new_event", at=now)
    sides = [Party(iso3=state(rng, codes)) for _ in range(2)]
    goods = tuple(
        Goods(value=rng.choice(_weapons()), category=rng.choice(_CATEGORIES)) for _ in range(rng.choice([1, 1, 2, 5]))
    )
    at = ClaimPlace(role="use", text="x", start=0, end=1, lat=rng.uniform(-60, 60), lon=rng.uniform(-180, 180))
    quote = "Norland shipped forty launchers to Sudland in May, officials there said."
    claim = Claim(id=f"c{n}", document="d", supplier=sides[0], recipient=sides[1], start=0, end=4, quote=quote)
    return Event(
        id=f"v{n}",
        supplier=sides[0],
        recipient=sides[1],
        goods=goods,
        stage=rng.choice(_STAGES),
        standing="asserted",
        first_seen=now,
        last_changed=now,
        places=(at,),
        claims=(claim,),
        origins=rng.choice([1, 1, 2, 3]),
        changes=(first,),
        unannounced=(first,),
    )


if __name__ == "__main__":
    main()
