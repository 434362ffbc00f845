"""A generated register: true transfers and the reports that newspapers would write of them, good and bad.

    reports = generate(seed=1, events=200)

Everything is drawn from one seed. Each transfer has a pair, goods, a number or a value, a date, places, sometimes a
ship, and a history (announced, approved, delivered…). Its 5–40 reports each tell the phase they live in and only a part
of the facts: a system by name or as a noun, a number or none, rounded, or wrong; a day off; a denial; copies of an
agency's text; translations (other language, other spelling of places, a day later). Two transfers of one pair and one
kind within weeks happen as often as they would: the pairs follow Zipf.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from transforms.codec import digest
from transforms.records import (
    Amount,
    Article,
    Carrier,
    Category,
    Claim,
    ClaimPlace,
    Goods,
    Money,
    Party,
    Reading,
    Reliability,
    Stage,
    Voice,
)

_STATES = "USA RUS CHN FRA DEU ITA GBR ISR ESP KOR TUR PRK IRN SWE NLD UKR POL SAU IND EGY QAT AUS JPN NOR".split()
_NAMED: tuple[tuple[str, str, Category, str], ...] = (
    ("HIMARS", "rocket launcher", "III", "launcher"),
    ("Leopard 2", "tank", "I", "piece"),
    ("T-72", "tank", "I", "piece"),
    ("CV90", "infantry fighting vehicle", "II", "piece"),
    ("M113", "armoured personnel carrier", "II", "piece"),
    ("Caesar", "howitzer", "III", "piece"),
    ("F-16", "fighter aircraft", "IV", "piece"),
    ("Rafale", "fighter aircraft", "IV", "piece"),
    ("Mi-35", "attack helicopter", "V", "piece"),
    ("MEKO A-200", "frigate", "VI", "piece"),
    ("KN-23", "ballistic missile", "VII", "piece"),
    ("Storm Shadow", "cruise missile", "VII", "piece"),
    ("Shahed-136", "drone", "UAV", "piece"),
    ("Bayraktar TB2", "drone", "UAV", "piece"),
    ("Patriot", "air defence system", "air_defence", "battery"),
    ("NASAMS", "air defence system", "air_defence", "battery"),
    ("Javelin", "anti-tank missile", "missile", "piece"),
    ("AK-103", "assault rifle", "SALW", "piece"),
)
_NOUNS: tuple[tuple[str, Category, str], ...] = (
    ("artillery shell", "ammunition", "round"),
    ("small arms ammunition", "ammunition", "round"),
    ("munitions", "ammunition", "container"),
    ("machine gun", "SALW", "piece"),
    ("armoured vehicle", "II", "piece"),
    ("mortar", "III", "piece"),
)
_PORTS = ("Alpha", "Bravo", "Coral", "Delta", "Ember", "Fjord", "Grove", "Haven", "Inlet", "Jetty", "Karst", "Lagoon")
_SHIPS = ("Lady Mara", "Orient Star", "Nord Wind", "Blue Marlin", "Sea Falcon", "Amber Dawn", "Polar Queen", "Vega")
_PAPERS = tuple(f"paper{n:02}" for n in range(40))
_AGENCIES = ("reuters", "afp", "ap", "tass", "yonhap")
_GRADES: tuple[Reliability, ...] = ("A", "B", "B", "C", "C", "C", "D", "E", "F")
Phase = Literal["ahead", "approved", "done"]
_STAGES: dict[Phase, tuple[Stage, ...]] = {
    "ahead": ("announced", "announced", "offered", "contracted"),
    "approved": ("approved", "approved", "announced", "contracted"),
    "done": ("delivered", "delivered", "shipped", "delivered", "in_use", "unspecified"),
}


@dataclass(frozen=True, slots=True)
class Truth:
    """A transfer as it really was. phases: what happened when (the last is the transfer itself)."""

    id: str
    supplier: str
    recipient: str
    name: str | None
    noun: str
    category: Category
    unit: str
    number: int
    money: float | None
    port: str
    ship: str | None
    phases: tuple[tuple[Phase, date], ...]


@dataclass(frozen=True, slots=True)
class Generated:
    """readings in order of publication, and which transfer each claim (by id) is about."""

    readings: tuple[Reading, ...]
    truth: dict[str, str]


def generate(seed: int = 1, events: int = 200, days: int = 730) -> Generated:
    """``events`` transfers over ``days`` and all their reports."""
    rng = random.Random(seed)
    pairs = [(a, b) for a in _STATES[:14] for b in _STATES[10:] if a != b]
    rng.shuffle(pairs)
    weights = [1 / rank for rank in range(1, len(pairs) + 1)]
    truths = [transfer_of(rng, n, rng.choices(pairs, weights)[0], days) for n in range(events)]
    readings: list[Reading] = []
    truth: dict[str, str] = {}
    for transfer in truths:
        for reading in _reports(rng, transfer):
            readings.append(reading)
            truth |= {claim.id: transfer.id for claim in reading.claims}
    readings.sort(key=lambda r: (r.article.published or "", r.article.id))
    return Generated(tuple(readings), truth)


def transfer_of(rng: random.Random, n: int, pair: tuple[str, str], days: int) -> Truth:
    if rng.random() < 0.7:
        name, noun, category, unit = rng.choice(_NAMED)
    else:
        (noun, category, unit), name = rng.choice(_NOUNS), None
    number = rng.choice((rng.randint(1, 9), rng.randint(10, 120), rng.randint(2, 50) * 100))
    if category == "ammunition":
        number = rng.randint(2, 300) * (1000 if unit == "round" else 10)
    done = date(2023, 1, 1) + timedelta(days=rng.randrange(days))
    history: list[tuple[Phase, date]] = [("done", done)]
    if rng.random() < 0.4:
        approved = done - timedelta(days=rng.randint(20, 300))
        history.insert(0, ("approved", approved))
        if rng.random() < 0.4:
            history.insert(0, ("ahead", approved - timedelta(days=rng.randint(5, 90))))
    return Truth(
        id=f"t{n:04}",
        supplier=pair[0],
        recipient=pair[1],
        name=name,
        noun=noun,
        category=category,
        unit=unit,
        number=number,
        money=float(rng.randint(5, 990)) * 1e6 if rng.random() < 0.35 else None,
        port=rng.choice(_PORTS),
        ship=rng.choice(_SHIPS) if rng.random() < 0.15 else None,
        phases=tuple(history),
    )


def _reports(rng: random.Random, transfer: Truth) -> list[Reading]:
    found: list[Reading] = []
    leads: list[Reading] = []
    for n in range(min(40, 5 + int(rng.expovariate(1 / 9)))):
        id = f"{transfer.id}-{n:02}"
        kind = rng.random()
        if leads and kind < 0.2:
            reading = _copy(rng, id, rng.choice(leads))
        elif leads and kind < 0.35:
            reading = _translation(rng, id, rng.choice(leads))
        else:
            reading = original(rng, id, transfer, first=n == 0)
            leads.append(reading)
        found.append(reading)
    return found


def original(rng: random.Random, id: str, transfer: Truth, *, first: bool) -> Reading:
    phase, day = transfer.phases[-1] if first or rng.random() < 0.6 else rng.choice(transfer.phases)
    late = rng.choices((rng.randint(0, 2), rng.randint(3, 10), rng.randint(11, 90)), (0.7, 0.22, 0.08))[0]
    published = day + timedelta(days=late)
    recalls = late > 10
    agency = rng.random() < 0.4
    paper = rng.choice(_PAPERS)
    article = _article(id, published, paper, rng.choice(_AGENCIES) if agency else paper, rng.choice(_GRADES), "en")
    stage = rng.choice(_STAGES[phase])
    denied = rng.random() < 0.08
    goods = _goods(rng, transfer, certain=first or recalls)
    claim = Claim(
        id="",
        document=id,
        supplier=Party(iso3=transfer.supplier),
        recipient=Party(iso3=transfer.recipient),
        goods=goods,
        quantity=_number(rng, transfer, certain=first or recalls),
        value=_money(rng, transfer),
        carriers=(Carrier(kind="vessel", name=transfer.ship),) if transfer.ship and rng.random() < 0.6 else (),
        stage=stage,
        standing="denied"
        if denied and rng.random() < 0.3
        else "disputed"
        if denied
        else rng.choice(("asserted", "alleged", "confirmed")),
        asserted_by=(Voice(name=f"spokesman {rng.randint(1, 9)}", iso3=rng.choice((transfer.recipient, None))),),
        denied_by=(Voice(name="foreign ministry", iso3=transfer.supplier),) if denied else (),
        date=_date(rng, day) if rng.random() < 0.5 or recalls else None,
        places=_places(rng, transfer) if phase == "done" and rng.random() < 0.4 else (),
        start=0,
        end=20,
        quote=f"Report {id} of the transfer",
        confidence=round(rng.uniform(0.4, 0.95), 2),
    )
    return Reading(article=article, relevant=True, claims=(replace(claim, id=digest([id, "claim"])),))


def _goods(rng: random.Random, transfer: Truth, *, certain: bool) -> tuple[Goods, ...]:
    draw = rng.random()
    if transfer.name and (certain or draw < 0.7):
        return (Goods(value=transfer.name, category=transfer.category, family=transfer.name, named=True),)
    if certain or draw < 0.93:
        return (Goods(value=transfer.noun, category=transfer.category),)
    return (Goods(value="weapon", category="generic"),) if draw < 0.97 else ()


def _number(rng: random.Random, transfer: Truth, *, certain: bool) -> Amount | None:
    draw = rng.random()
    if draw < (0.6 if certain else 0.45):
        return Amount(number=transfer.number, unit=transfer.unit)
    if draw < (0.75 if certain else 0.55):
        wrong = max(1, round(transfer.number * rng.choice((0.5, 0.8, 0.9, 1.1, 1.25, 2.0))))
        return Amount(number=wrong, unit=transfer.unit)
    if draw < 0.85 and transfer.number > 30:
        floor = 24 if transfer.number < 200 else 200
        return Amount(min=floor, unit=transfer.unit)
    return None


def _money(rng: random.Random, transfer: Truth) -> Money | None:
    if transfer.money is None or rng.random() < 0.4:
        return None
    return Money(amount=transfer.money * (rng.choice((0.9, 1.1)) if rng.random() < 0.08 else 1), currency="USD")


def _date(rng: random.Random, day: date) -> str:
    draw = rng.random()
    if draw < 0.6:
        return day.isoformat()
    if draw < 0.7:
        return (day + timedelta(days=rng.choice((-1, 1)))).isoformat()
    return day.strftime("%Y-%m")


def _places(rng: random.Random, transfer: Truth) -> tuple[ClaimPlace, ...]:
    text = transfer.port if rng.random() < 0.9 else rng.choice(_PORTS)
    return (ClaimPlace(role="delivery", text=text, start=0, end=5, value=text, country=transfer.recipient),)


def _article(id: str, day: date, paper: str, origin: str, grade: Reliability, language: str) -> Article:
    return Article(
        id=id,
        entry=f"entry-{id}",
        source=paper,
        url=f"https://{paper}.example/{id}",
        canonical_url=f"https://{paper}.example/{id}",
        title=f"Report {id}",
        text=f"Report {id} of the transfer",
        published=day.isoformat(),
        first_seen=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        language=language,
        publisher=paper,
        origin=origin,
        reliability=grade,
        story=id,
    )


def _copy(rng: random.Random, id: str, lead: Reading) -> Reading:
    """The lead's text again under another address."""
    day = date.fromisoformat(lead.article.published or "") + timedelta(days=rng.randint(0, 3))
    paper = rng.choice(_PAPERS)
    article = _article(id, day, paper, lead.article.origin, rng.choice(_GRADES), lead.article.language or "en")
    claims = tuple(replace(c, id=digest([id, "claim"]), document=id) for c in lead.claims)
    return Reading(
        article=replace(article, copy_of=lead.article.id, story=lead.article.id), relevant=True, claims=claims
    )


def _translation(rng: random.Random, id: str, lead: Reading) -> Reading:
    """The lead's facts in another language: the recogniser saw most of them, places in another spelling."""
    day = date.fromisoformat(lead.article.published or "") + timedelta(days=rng.randint(0, 1))
    language = rng.choice(("de", "fr", "ru", "es"))
    article = _article(id, day, lead.article.publisher, lead.article.origin, lead.article.reliability, language)
    claims = []
    for claim in lead.claims:
        places = tuple(replace(place, text=f"{place.text}i") for place in claim.places)
        claims.append(
            replace(
                claim,
                id=digest([id, "claim"]),
                document=id,
                places=places if rng.random() < 0.9 else (),
                quantity=claim.quantity if rng.random() < 0.9 else None,
                goods=claim.goods if rng.random() < 0.95 else (),
            )
        )
    return Reading(article=article, relevant=True, claims=tuple(claims))
