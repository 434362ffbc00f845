"""An Elasticsearch store with something of everything that dashboards show."""

from __future__ import annotations

from datetime import timedelta

from tests.samples import NOW, article, change, claim, entry, event, later, letter, state
from tests.sinks.seeded import register
from transforms.contracts import Store
from transforms.records import EmbargoNote, Voice


def fill(store: Store) -> None:
    """Fill a fresh store."""
    store.put_events([(one, "") for one in register(120)])
    denied = event(
        "denied", changes=(change(2, kind="denial"),), standing="denied",
        denied_by=(Voice(name="Embassy", iso3="RUS"),),
        embargoes=(EmbargoNote(instrument="Resolution 1718", target="PRK", side="supplier", source="UN"),),
    )  # fmt: skip
    both = event("both", stage="seized", origins=3, changes=(change(),))
    store.put_events([(denied, ""), (both, "")])
    for id, health in (("un", "healthy"), ("rt", "failing"), ("ta", "silent")):
        polled = state(
            id, health=health, last_polled=NOW, last_success=later(hours=-5), last_new=later(hours=-30), failures=2,
            error="503 Service Unavailable", failing_since=later(hours=-5), recent=(0, 4),
            daily=(("2024-06-27", 7), ("2024-06-28", 3)), first_polled=later(days=-30),
        )  # fmt: skip
        found = [entry(f"{id}{n}", source=id, published=later(hours=-n), language="en") for n in range(6)]
        store.save_poll(polled, "", found, now=NOW)
    outcomes = ("indexed", "irrelevant", "copy", "failed")
    for n, lease in enumerate(store.lease_entries(owner="w", now=NOW, limit=99, duration=timedelta(minutes=1))):
        store.finish_entry(lease.entry.id, fence=lease.fence, outcome=outcomes[n % 4], reason="why", now=NOW)  # type: ignore[arg-type]
    store.put_articles([article("a1", language="en"), article("a2", language="ru")])
    store.put_claims("a1", [claim("c1")])
    store.put_dead_letters([letter(subject=f"e{n}", stage=("ReadArticles", "MergeEvents")[n % 2]) for n in range(12)])
