"""What a brief says, as plain values: the same for HTML and Markdown. Nothing here is markup, no address unchecked."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.brief import drawn
from pipeline.brief.select import Why


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline figure. filter: the table's filter that shows what is counted (name, value)."""

    number: int
    label: str
    note: str
    filter: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed; either end may be empty."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage: what carries the claim (``core``) within its sentence; a denial is one whole (``lead``).

    fresh: its document came in the period.
    """

    lead: str
    core: str
    tail: str
    by: str
    url: str | None
    language: str | None
    fresh: bool

    @property
    def text(self) -> str:
        """The whole passage."""
        return f"{self.lead}{self.core}{self.tail}"


@dataclass(frozen=True, slots=True)
class Document:
    """A report of the event. url: None where it has none that one may be sent to."""

    title: str
    url: str | None
    publisher: str
    origin: str
    date: str
    language: str | None
    grade: str
    copy: bool
    fresh: bool


@dataclass(frozen=True, slots=True)
class Side:
    """Those who say so, or deny it, and where they are quoted."""

    voices: tuple[str, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """An embargo in force for the pair. side: which of the two it is on."""

    instrument: str
    target: str
    side: str
    source: str
    contested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One event as told.

    key: the event's place in the brief, by which table, map, timeline and card point at each other.
    sort_amount, sort_date: what columns sort by; −1 and 0 where nothing is told.
    facts: (label, text) of everything told that the headline does not say.
    """

    key: int
    id: str
    why: Why
    contested: bool
    supplier: str
    recipient: str
    supplier_key: str
    recipient_key: str
    goods: str
    categories: tuple[str, ...]
    amount: str
    sort_amount: float
    stage: str
    stage_order: int
    standing: str
    standing_words: str
    date: str
    date_told: bool
    sort_date: int
    origins: int
    articles: int
    grade: str
    grade_words: str
    changes: tuple[Change, ...]
    says: Side
    denies: Side
    deniers: tuple[str, ...]
    documents: tuple[Document, ...]
    more_documents: int
    embargoes: tuple[Flag, ...]
    facts: tuple[tuple[str, str], ...]
    since: str
    review: str

    @property
    def pair(self) -> str:
        """Who → whom."""
        return f"{self.supplier} → {self.recipient}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc(drawn.Arc):
    """An arc, its weight by number of origins. keys: its events."""

    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(drawn.Mark):
    """A place in a role, or (role ``state``) an end of arcs. keys: its events."""

    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a state on the map. tier: 0 also on a phone, 1 on a wide page, 2 when zoomed in. anchor: SVG's."""

    x: float
    y: float
    dx: float
    dy: float
    anchor: str
    text: str
    tier: int


@dataclass(frozen=True, slots=True)
class View:
    """A part of the world that the map can show."""

    name: str
    box: str
    zoom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """The map. undrawn: events of which one side is unknown or nowhere. shapes: (path, involved as) of each state."""

    width: float
    height: float
    shapes: tuple[tuple[str, str], ...]
    arcs: tuple[Arc, ...]
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    views: tuple[View, ...]
    roles: tuple[tuple[str, str], ...]
    undrawn: int
    summary: str


@dataclass(frozen=True, slots=True)
class Dot:
    """An event on the timeline: x in per cent, y in pixels from the lane's base; its span, where wider than a dot."""

    key: int
    x: float
    y: float
    style: str
    title: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A stage."""

    name: str
    height: int
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Ticks are (x in per cent, text). earlier, later: events outside the axis, kept at its ends."""

    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str], ...]
    earlier: int
    later: int
    summary: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A supplier and a recipient with their events; widths in per cent of the longest bar."""

    supplier: str
    recipient: str
    supplier_key: str
    recipient_key: str
    events: int
    contested: int
    firm_width: float
    contested_width: float


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that the table can be filtered by, with how many events have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A whole brief. omitted: events of the period beyond the most that are told, the least important ones."""

    title: str
    period: str
    since: str
    until: str
    figures: tuple[Figure, ...]
    sentences: tuple[str, ...]
    contested: tuple[Card, ...]
    changed: tuple[Card, ...]
    cards: tuple[Card, ...]
    map: Map
    timeline: Timeline
    pairs: tuple[Pair, ...]
    more_pairs: int
    choices: dict[str, tuple[Choice, ...]]
    omitted: int
    cut: bool
