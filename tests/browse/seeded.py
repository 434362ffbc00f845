"""A small store with something of everything, for tests of what is read from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sinks.urls import StoreAt
from tests.explain.pages import disputed
from tests.samples import NOW, alert, article, change, claim, entry, event, later, letter, report, state
from transforms.contracts import Store
from transforms.notify.feedback import give_feedback
from transforms.records import Amount, Change, ClaimPlace, EmbargoNote, Event, Goods, Money, Party, Voice

HOSTILE = '"><script>document.title="taken"</script>'


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def seed(path: Path) -> Store:
    """A store in a file: seven events, articles, entries, a failing source, a dead letter, an alert, feedback."""
    store = StoreAt(url_of(path))()
    store.init()
    told, articles, feedback = disputed()
    store.put_articles(
        [*articles.values(), article("a9", title=HOSTILE, text="Nothing of note.", url="javascript:x()")]
    )
    for one in (told, *events()):
        assert store.put_event(one, "")
    store.put_claims("a1", told.claims[:1])
    give_feedback(store, told.id, feedback[0])
    store.save_poll(state("wire", health="failing", error=HOSTILE, failures=3, failing_since=NOW), "", [], now=NOW)
    store.save_poll(state("un"), "", [entry("e1"), entry("e2")], now=NOW)
    (first, *_) = store.lease_entries(owner="t", now=later(hours=1), limit=1, duration=later(hours=1) - NOW)
    store.finish_entry(first.entry.id, fence=first.fence, outcome="failed", reason="HTTP 404", now=NOW)
    store.put_dead_letters([letter(), letter(subject="e2")])
    store.create_alerts([alert(event=told.id)])
    return store


def events() -> list[Event]:
    """Shells PRK → RUS (disputed, embargo), tanks DEU → UKR, one of long ago, one merged away, one hostile."""
    shells = Goods(value="152 mm artillery shell", category="ammunition")
    place = ClaimPlace(role="delivery", text="Dunai", start=0, end=5, value="Dunai", country="RUS", lat=42.9, lon=132.3)
    note = EmbargoNote(instrument="UNSC 1874 (2009)", target="PRK", side="supplier", source="S/RES/1874(2009)")
    return [
        _event(
            "shells",
            ("PRK", "RUS"),
            standing="disputed",
            goods=(shells, Goods(value="KN-23", category="VII", named=True)),
            quantity_delivered=Amount(number=200_000, unit="round"),
            asserted_by=(Voice(name="South Korea", iso3="KOR"),),
            denied_by=(Voice(name="Russia", iso3="RUS"),),
            places=(place,),
            embargoes=(note,),
            claims=(claim("s1", "a1", goods=(shells,), quote="shipped about 200,000 shells"),),
            changes=(change(), Change(number=2, kind="denial", at=later(days=1), after="Russia")),
            last_changed=later(days=1),
        ),
        _event("tanks", ("DEU", "UKR"), stage="announced", standing="confirmed",
               goods=(Goods(value="Leopard 2A4", category="I", named=True),), value=Money(amount=9e6, currency="EUR")),
        _event("old", ("DEU", "UKR"), first_seen=later(days=-400), last_changed=later(days=-400)),
        _event("gone", ("DEU", "UKR"), merged_into="tanks"),
        _event("hostile", ("unheard", "RUS"), supplier=Party(name=HOSTILE), asserted_by=(Voice(name=HOSTILE),)),
    ]  # fmt: skip


def _event(id: str, sides: tuple[str, str], **fields: Any) -> Event:
    supplier, recipient = sides
    defaults: dict[str, Any] = {
        "supplier": Party(iso3=supplier),
        "recipient": Party(iso3=recipient),
        "reports": (report(),),
        "articles": 1,
        "origins": 1,
    }
    return event(id, **(defaults | fields))
