"""The records of the flow: each arrow of the pipeline carries exactly one of these types.

Users import from here; the modules below part them by concept: ``vocabulary`` (closed lists, moments), ``sources`` (a
source between polls, its entries), ``pages``, ``articles``, ``mentions``, ``claims``, ``events``, ``alerts``, and
``flow`` (what travels between the stages).

All are frozen, keyword-only dataclasses of plain JSON values. :mod:`transforms.codec` turns them into JSON and back
(validated, sorted keys), which is also how they are stored and how Beam carries them: none is ever pickled.

Conventions: datetimes are timezone-aware; ISO country codes are ISO 3166-1 alpha-3 in upper case, with the former
codes ``SUN``, ``YUG``, ``DDR``, ``CSK`` of ISO 3166-3; languages are ISO 639-1; offsets are Python ``str`` offsets
into the untouched text of the article (``start`` inclusive, ``end`` exclusive); coordinates are WGS 84 degrees. A date
*value* is ``2024-01-02``, ``2024-05``, ``2023``, ``2024-W28`` or an interval ``a/b`` of these, never finer than said.
"""

from __future__ import annotations

from transforms.records.alerts import Alert
from transforms.records.articles import Article, Document, Passage, UnDocument
from transforms.records.claims import Amount, Carrier, Claim, ClaimPlace, Goods, Money, Party, Voice
from transforms.records.events import Change, EmbargoNote, Event, Judgement, Report, Review
from transforms.records.flow import DeadLetter, Disposition, Fetched, Leased, Reading, Registered, Ticket, Understood
from transforms.records.mentions import DateMention, Mention, PlaceMention, QuantityMention, StateMention, WeaponMention
from transforms.records.pages import Evidence, Page
from transforms.records.sources import FeedEntry, FeedPart, HostWishes, SourceState
from transforms.records.vocabulary import (
    Category,
    DateValue,
    Iso3,
    Moment,
    Outcome,
    PlaceRole,
    Reliability,
    Stage,
    Standing,
)

__all__ = [
    "Alert",
    "Amount",
    "Article",
    "Carrier",
    "Category",
    "Change",
    "Claim",
    "ClaimPlace",
    "DateMention",
    "DateValue",
    "DeadLetter",
    "Disposition",
    "Document",
    "EmbargoNote",
    "Event",
    "Evidence",
    "FeedEntry",
    "FeedPart",
    "Fetched",
    "Goods",
    "HostWishes",
    "Iso3",
    "Judgement",
    "Leased",
    "Mention",
    "Moment",
    "Money",
    "Outcome",
    "Page",
    "Party",
    "Passage",
    "PlaceMention",
    "PlaceRole",
    "QuantityMention",
    "Reading",
    "Registered",
    "Reliability",
    "Report",
    "Review",
    "SourceState",
    "Stage",
    "Standing",
    "StateMention",
    "Ticket",
    "UnDocument",
    "Understood",
    "Voice",
    "WeaponMention",
]
