"""A brief from the events of a period and their articles: all that is said, before it is laid out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest

from pipeline.brief import words
from pipeline.brief.evidence import Detail, documents, sides
from pipeline.brief.flows import draw
from pipeline.brief.model import Brief, Card, Change, Choice, Flag, Pair
from pipeline.brief.period import Period
from pipeline.brief.select import Selected, Step, rank, select
from pipeline.brief.summary import figures, sentences
from pipeline.brief.timeline import timeline
from transforms.notify.content import how_many
from transforms.notify.counted import of_which
from transforms.records import Article, Event

MOST = 500
_PAIRS = 12
_PAST_ORDER = frozenset({"shipped", "delivered", "in_use", "seized"})

_AT_ONCE = 200  # articles asked for in one go
_READ = 40  # documents of one event that are looked at for quotes


def chosen_events(events: Iterable[Event], period: Period, most: int = MOST) -> tuple[list[Selected], int]:
    """The events of the period that matter most, in that order, and how many more there were."""
    count = 0

    def counted() -> Iterable[Selected]:
        nonlocal count
        for one in select(events, period):
            count += 1
            yield one

    found = nsmallest(most, counted(), key=rank)
    return found, count - len(found)


def gather(
    chosen: Sequence[Selected], articles: Callable[[Collection[str]], Mapping[str, Article]]
) -> dict[str, Article]:
    """The articles that the events' claims are from, by id. articles: the store's method of that name."""
    ids: dict[str, None] = {}
    for one in chosen:
        own = dict.fromkeys(claim.document for claim in one.event.claims if claim.copy_of is None)
        ids |= dict.fromkeys(list(own)[:_READ])
    wanted, found = list(ids), dict[str, Article]()
    for start in range(0, len(wanted), _AT_ONCE):
        found |= articles(wanted[start : start + _AT_ONCE])
    return found


def build(
    chosen: Sequence[Selected], omitted: int, articles: Mapping[str, Article], period: Period, detail: Detail
) -> Brief:
    """The brief. detail: how much evidence each event is told with."""
    cards = tuple(_card(key, one, articles, period, detail) for key, one in enumerate(chosen))
    pairs = _pairs(cards)
    return Brief(
        title=f"Arms transfers, {period.words}",
        period=period.words,
        since=f"{period.since:%Y-%m-%d %H:%M} UTC",
        until=f"{period.until:%Y-%m-%d %H:%M} UTC",
        figures=figures(cards),
        sentences=sentences(cards),
        contested=tuple(card for card in cards if card.contested),
        changed=tuple(
            card
            for n, card in sorted(enumerate(cards), key=lambda item: (item[1].why == "new", item[0]))
            if card.changes
        ),
        cards=cards,
        map=draw(chosen),
        timeline=timeline(chosen, period),
        pairs=tuple(pairs[:_PAIRS]),
        more_pairs=max(0, len(pairs) - _PAIRS),
        choices=_choices(cards),
        omitted=omitted,
        cut=any(card.more_documents for card in cards),
    )


def _card(key: int, one: Selected, articles: Mapping[str, Article], period: Period, detail: Detail) -> Card:
    event = one.event
    says, denies = sides(event, articles, period, detail)
    listed, more = documents(event, period, detail.documents)
    span = words.span(event)
    amount = event.quantity_delivered or event.quantity_ordered
    only_ordered = event.quantity_delivered is None and amount is not None and event.stage in _PAST_ORDER
    many = of_which(event, amount, how_many(amount))
    told = [many + (" ordered" if only_ordered else ""), words.money(event.value)]
    return Card(
        key=key,
        id=event.id,
        why=one.why,
        contested=one.contested,
        supplier=words.party(event.supplier),
        recipient=words.party(event.recipient),
        supplier_key=event.supplier.key,
        recipient_key=event.recipient.key,
        goods=words.goods(event),
        categories=tuple(dict.fromkeys(goods.category for goods in event.goods)),
        amount="; ".join(words.plain(text, 90) for text in told if text),
        sort_amount=words.pieces(amount),
        stage=words.STAGES[event.stage],
        stage_order=list(words.STAGES).index(event.stage),
        standing=event.standing,
        standing_words=words.STANDINGS[event.standing],
        date=words.when(event.date) or words.when((event.published or "")[:10]),
        date_told=bool(event.date),
        sort_date=span.first if span else 0,
        origins=event.origins,
        articles=event.articles,
        grade=words.grade(event),
        grade_words=words.grade_words(event),
        changes=tuple(_changes(one.steps)),
        says=says,
        denies=denies,
        deniers=words.deniers(event),
        documents=listed,
        more_documents=more,
        embargoes=tuple(
            Flag(words.plain(e.instrument), words.plain(e.target), e.side, words.plain(e.source), e.contested)
            for e in event.embargoes
        ),
        facts=tuple((label, text) for label, text in _facts(event) if text),
        since=words.when(f"{event.first_seen:%Y-%m-%d}"),
        review=_review(event),
    )  # fmt: skip


def _changes(steps: Sequence[Step]) -> Iterator[Change]:
    counted = {step.kind: step.count for step in steps}
    for step in steps:
        if step.kind not in ("new_claim", "withdrawn"):
            label = words.KINDS.get(step.kind, step.kind.replace("_", " ").capitalize())
            yield Change(label, words.told(step.kind, step.before), words.told(step.kind, step.after))
    told = (
        f"{n} {how}" for kind, how in (("new_claim", "more"), ("withdrawn", "taken back")) if (n := counted.get(kind))
    )
    if claims := ", ".join(told):
        yield Change("Claims", "", claims)


def _facts(event: Event) -> list[tuple[str, str]]:
    ordered, delivered = (of_which(event, a, how_many(a)) for a in (event.quantity_ordered, event.quantity_delivered))
    both = bool(ordered and delivered)  # one alone is in the headline
    places: dict[str, list[str]] = {}
    for place in event.places:
        name = words.plain(place.value or place.text, 60)
        if name not in places.setdefault(words.ROLES[place.role], []):
            places[words.ROLES[place.role]].append(name)
    carriers = [
        " ".join(filter(None, (c.name or c.registration or c.operator, f"(IMO {c.imo})" if c.imo else "")))
        for c in event.carriers
    ]
    return [
        ("Ordered", words.plain(ordered) if both else ""),
        ("Delivered", words.plain(delivered) if both else ""),
        ("End user", words.party(event.end_user) if event.end_user else ""),
        ("Through", ", ".join(map(words.party, event.transit))),
        ("Broker", words.party(event.broker) if event.broker else ""),
        *((role, ", ".join(names[:6])) for role, names in places.items()),
        ("Carried by", ", ".join(words.plain(name, 80) for name in carriers if name)),
        ("Markings", words.plain(", ".join(event.markings), 120)),
    ]


def _review(event: Event) -> str:
    if event.review.state == "unreviewed":
        return ""
    by = f" by {words.plain(event.review.who, 60)}" if event.review.who else ""
    why = f": {words.plain(event.review.why, 200)}" if event.review.why else ""
    return f"{event.review.state.capitalize()}{by}{why}"


def _pairs(cards: Sequence[Card]) -> list[Pair]:
    """Who supplies whom, the most transfers first; a side that is unknown is no pair."""
    found: dict[tuple[str, str, str, str], list[Card]] = {}
    for card in cards:
        if "unknown" not in (card.supplier_key, card.recipient_key):
            key = (card.supplier, card.recipient, card.supplier_key, card.recipient_key)
            found.setdefault(key, []).append(card)
    longest = max(map(len, found.values()), default=1)
    return [
        Pair(*key, len(own), n := sum(card.contested for card in own),
             round((len(own) - n) / longest * 100, 1), round(n / longest * 100, 1))
        for key, own in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    ]  # fmt: skip


def _choices(cards: Sequence[Card]) -> dict[str, tuple[Choice, ...]]:
    """What each filter offers: parties and categories by name, stages and standings in their order."""

    def by_name(values: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
        counts = Counter(values)
        return tuple(Choice(value, label, counts[value, label]) for label, value in sorted((b, a) for a, b in counts))

    def in_order(values: Iterable[str], names: Mapping[str, str]) -> tuple[Choice, ...]:
        counts = Counter(values)
        return tuple(Choice(value, name, counts[value]) for value, name in names.items() if counts[value])

    stages = {str(key): name for key, name in words.STAGES.items()}
    back = {name: key for key, name in stages.items()}
    return {
        "why": in_order((c.why for c in cards), {"new": "New", "changed": "Changed", "withdrawn": "Taken back"}),
        "supplier": by_name((c.supplier_key, c.supplier) for c in cards),
        "recipient": by_name((c.recipient_key, c.recipient) for c in cards),
        "goods": by_name((k, words.category(k)) for c in cards for k in c.categories),  # type: ignore[arg-type]
        "stage": in_order((back[c.stage] for c in cards), stages),
        "standing": in_order(
            (s for c in cards for s in (c.standing, *(("contested",) if c.contested else ()))),
            {str(s): s.capitalize() for s in words.STANDINGS} | {"contested": "Disputed or denied"},
        ),
    }
