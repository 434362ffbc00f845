"""The records of the flow: each arrow of the pipeline carries exactly one of these types.

All are frozen, keyword-only dataclasses of plain JSON values. :mod:`transforms.codec` turns them into JSON and back
(validated, sorted keys), which is also how they are stored and how Beam carries them: none is ever pickled.

Conventions: datetimes are timezone-aware; ISO country codes are ISO 3166-1 alpha-3 in upper case, with the former
codes ``SUN``, ``YUG``, ``DDR``, ``CSK`` of ISO 3166-3; languages are ISO 639-1; offsets are Python ``str`` offsets
into the untouched text of the article (``start`` inclusive, ``end`` exclusive); coordinates are WGS 84 degrees. A date
*value* is ``2024-01-02``, ``2024-05``, ``2023``, ``2024-W28`` or an interval ``a/b`` of these, never finer than said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Base64UrlBytes, PlainSerializer

Iso3 = str
DateValue = str


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Moment = Annotated[AwareDatetime, PlainSerializer(_utc, when_used="json")]
"""A moment in time; written in UTC, so that equal moments are equal texts."""

# --- knowledge shared by several records -------------------------------------------------------------------------

Category = Literal[
    "I", "II", "III", "IV", "V", "VI", "VII", "SALW", "ammunition", "components", "UAV", "air_defence", "missile",
    "transport_aircraft", "explosives", "generic",
]  # fmt: skip
"""UN Register of Conventional Arms category I–VII, else Tocsin's own class (design.md, "Records that others read").

I battle tanks, II armoured combat vehicles, III large-calibre artillery, IV combat aircraft, V attack helicopters,
VI warships, VII missiles and missile launchers. ``missile``: kind not told. ``generic``: bare "weapons", "arms"."""

Stage = Literal[
    "requested", "offered", "announced", "approved", "contracted", "shipped", "delivered", "seized", "refused",
    "in_use", "unspecified",
]  # fmt: skip
"""How far a transfer is said to have come (eval/README.md gives each value's bounds)."""

Standing = Literal["confirmed", "asserted", "alleged", "disputed", "denied"]
"""Who stands behind it: the supplier's or recipient's own word, another's, a hedge, both sides, only the denial."""

PlaceRole = Literal["origin", "transit", "seizure", "delivery", "use"]
Reliability = Literal["A", "B", "C", "D", "E", "F"]
"""Admiralty code of a source, from A (completely reliable) to F (cannot be judged)."""

Outcome = Literal["indexed", "irrelevant", "copy", "failed"]
"""How an inbox entry ended; ``failed`` goes with a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A side of a transfer: a state, a non-state actor, or unknown (both null).

    iso3: the state; never set together with ``actor``.
    actor: canonical id in the actors catalogue (armed group, company, broker, organisation).
    name: as the document has it; may be set for an unknown party that is in no catalogue.
    """

    iso3: Iso3 | None = None
    actor: str | None = None
    name: str | None = None

    @property
    def key(self) -> str:
        """What identity is decided by: the state, else the actor, else ``unknown`` (design.md, "A party")."""
        return self.iso3 or self.actor or "unknown"


# --- source and entry --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPart:
    """One sitemap of a sitemap index, as it stands between polls.

    parent: address of the index inside the index that names it, "" for the source's own. lastmod: what the index says
    now; read: what it said when the part was read last, at ``read_at``. index: the part is itself an index.
    etag, last_modified, body_sha256: as in :class:`SourceState`.
    """

    url: str
    parent: str = ""
    lastmod: str = ""
    index: bool = False
    read: str = ""
    read_at: Moment | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostWishes:
    """What a source's host asked for, so that a restart does not forget it.

    held_until: nothing is asked before (Retry-After). robots: what of robots.txt concerns Tocsin, null where everything
    is allowed; it holds until ``robots_until``. robots_later: why it could not be had; until then nothing is asked.
    """

    held_until: Moment | None = None
    robots: str | None = None
    robots_until: Moment | None = None
    robots_later: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between polls. Configuration (address as given, reliability…) is not in it.

    url: the address in use now, which differs from the configured one after an adopted redirect.
    etag, last_modified: validators as received, both stored each time; body_sha256: of the last parsed body.
    validated_since: since when the server has only answered 304 (for the periodic unconditional refetch).
    next_due: when it is polled next. interval: seconds, adapted within the source's bounds.
    redirect_to, redirect_since: a permanent redirect on probation.
    health: ``healthy``, ``failing`` (see failing_since, failures, error), ``retired`` (410), ``silent``.
    listed: ids of the entries that the feed listed at the last successful poll (those are never purged).
    recent: for the last polls that succeeded, how many new entries each brought, newest last, at most 32.
    configured: the configured address this state was made for; under another one it starts afresh.
    memory: what the feed listed last, packed (transforms/poll/memory.py): the addresses and guids each entry is known
        by and a hash of its text, so that an edited or moved item keeps its id and an unchanged one is not saved again.
    daily: entries by UTC day of publication (ISO date, number), the last 14 days: what silence is judged by.
    first_polled: when the source was first polled.
    parts: of a sitemap index, the sitemaps that are read. host: what its host asked for.
    """

    id: str
    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    validated_since: Moment | None = None
    next_due: Moment
    interval: int = 3600
    last_polled: Moment | None = None
    last_success: Moment | None = None
    last_new: Moment | None = None
    redirect_to: str | None = None
    redirect_since: Moment | None = None
    health: Literal["healthy", "failing", "retired", "silent"] = "healthy"
    failing_since: Moment | None = None
    failures: int = 0
    error: str | None = None
    flags: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    recent: tuple[int, ...] = ()
    configured: str | None = None
    memory: str = ""
    daily: tuple[tuple[str, int], ...] = ()
    first_polled: Moment | None = None
    parts: tuple[FeedPart, ...] = ()
    host: HostWishes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One item of one source, as the inbox holds it from the poll to its outcome.

    id: hash of source id and the item's identity (canonical URL, trusted guid or UN symbol).
    revision: 1 on first sight, one more each time title, summary or content changed.
    content: full text that came in the feed itself (HTML or plain), null when the feed has only summaries.
    published, updated: as parsed, in UTC; null when missing or absurd. published_raw keeps the feed's own string.
    flags: what was unusual, for example ``date_missing``, ``date_absurd``, ``zone_assumed``, ``repaired``.
    first_seen: when a poll first brought it.
    """

    id: str
    source: str
    url: str
    canonical_url: str
    guid: str | None = None
    title: str
    summary: str | None = None
    content: str | None = None
    author: str | None = None
    published: Moment | None = None
    published_raw: str | None = None
    updated: Moment | None = None
    language: str | None = None
    revision: int = 1
    flags: tuple[str, ...] = ()
    first_seen: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How a page was retrieved, so that a quotation can be checked years later.

    headers: only those that matter (content-type, last-modified, etag, date, content-language), lower-case names.
    sha256: of the body as received after content decoding, hex.
    archived: ``FILE#OFFSET`` of the WARC record that keeps the body, where bodies are archived.
    """

    retrieved: Moment
    requested_url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    sha256: str
    archived: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What FetchArticles brought for an entry: a body, or the entry's own text where that is what is used.

    body: decoded text of the page, or null for a binary one (PDF), whose bytes are in ``binary`` (base64 in JSON).
    origin: ``page``, ``feed`` (the feed's full text) or ``summary`` (after N failed tries; flagged on the article).
    """

    entry: FeedEntry
    origin: Literal["page", "feed", "summary"]
    content_type: str
    body: str | None = None
    binary: Base64UrlBytes | None = None
    evidence: Evidence | None = None


# --- article -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The input of the text stages: ``tocsin extract``'s own format (eval/README.md).

    published: publisher's local date as ISO date or datetime, at the precision known (may be ``2025-01``), or null.
    """

    id: str
    url: str | None = None
    title: str | None = None
    published: str | None = None
    lang: str | None = None
    source: str | None = None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of an article with a property of its own, by offsets.

    kind ``furniture``: page dressing ("Related Articles"); no claim, story or language comes from it.
    kind ``speaker``: words of a speaker of UN meetings coverage; ``speaker`` is the name, ``iso3`` whom they speak for.
    """

    kind: Literal["furniture", "speaker"]
    start: int
    end: int
    speaker: str | None = None
    iso3: Iso3 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnDocument:
    """What a UN press release or document says of itself: symbol (SC/15741), body, meeting number."""

    symbol: str | None = None
    body: str | None = None
    meeting: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A clean article and its place among the copies of its story.

    id: hash of the entry's id; a later revision keeps it. entries ids and document ids are the same space for backfill.
    published: publisher's local date or datetime as ISO text, at the precision known; ``published_from`` says where
        it comes from (``feed``, ``page``, ``first_seen``, ``given``).
    language: detected; language_declared: what feed or page said.
    publisher: family of publishers that count once (``reuters``, ``un``); origin: the agency credited in the text,
        else the publisher: what corroboration counts.
    story: id of the story's lead article; copy_of: the article this one is a copy of, null for a lead.
    flags: for example ``summary_only``, ``paywall``, ``consent``, ``repaired``.
    """

    id: str
    entry: str
    source: str
    url: str
    canonical_url: str
    title: str
    text: str
    author: str | None = None
    site: str | None = None
    published: str | None = None
    published_from: Literal["feed", "page", "first_seen", "given"] = "feed"
    modified: str | None = None
    first_seen: Moment
    language: str | None = None
    language_declared: str | None = None
    publisher: str
    origin: str
    reliability: Reliability = "F"
    un: UnDocument | None = None
    passages: tuple[Passage, ...] = ()
    story: str | None = None
    copy_of: str | None = None
    revision: int = 1
    flags: tuple[str, ...] = ()
    evidence: Evidence | None = None


# --- mentions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMention:
    """A state by name, alias, demonym or metonym ("the Kremlin"). ``adjective``: "Russian" as against "Russia"."""

    kind: Literal["state"] = "state"
    text: str
    start: int
    end: int
    value: Iso3
    metonym: bool = False
    adjective: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaponMention:
    """A weapon: a system by name (``named``) or a noun ("ballistic missiles").

    value: canonical name (catalogue record, or noun in the singular); family: the catalogue's family, where it has one.
    origins: states that developed or make the system; no claim of supply follows from it.
    known: false for a designation that only the designator grammar recognised.
    """

    kind: Literal["weapon"] = "weapon"
    text: str
    start: int
    end: int
    value: str
    category: Category
    named: bool = False
    family: str | None = None
    origins: tuple[Iso3, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date or span of time; ``value`` as this module's head says."""

    kind: Literal["date"] = "date"
    text: str
    start: int
    end: int
    value: DateValue


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMention:
    """A place below state level, or a sea, strait or region. Coordinates are null while unresolved.

    radius_km is the half-width of what is meant; roles ("struck", "bound for") are decided by AssembleClaims.
    """

    kind: Literal["place"] = "place"
    text: str
    start: int
    end: int
    value: str
    country: Iso3 | None = None
    lat: float | None = None
    lon: float | None = None
    place_type: str | None = None
    radius_km: float | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityMention:
    """A number with what it counts. Exactly one of ``number`` and ``min``/``max`` is set.

    quantity_class: ``goods`` (pieces, rounds, containers, tonnes of arms), ``money`` (``currency``, ISO 4217, full
        amount) or ``other``. unit: ``piece``, ``round``, ``container``, ``tonne``…; of: the goods noun as written.
    approx: "about", "nearly"; exclusive: "more than", "fewer than" (the bound itself is not meant).
    target: start offset of the weapon mention counted, where there is one.
    """

    kind: Literal["quantity"] = "quantity"
    text: str
    start: int
    end: int
    quantity_class: Literal["goods", "money", "other"]
    number: float | None = None
    min: float | None = None
    max: float | None = None
    unit: str | None = None
    currency: str | None = None
    of: str | None = None
    approx: bool = False
    exclusive: bool = False
    target: int | None = None


Mention = StateMention | WeaponMention | DateMention | PlaceMention | QuantityMention


# --- claims ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who asserts or denies: the name as reported, and the state they speak for (null for media, researchers, UN)."""

    name: str
    iso3: Iso3 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One kind of goods in a claim. value and family as in :class:`WeaponMention`."""

    value: str
    category: Category
    family: str | None = None
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number of pieces, with its unit: ``number``, or bounds."""

    number: float | None = None
    min: float | None = None
    max: float | None = None
    unit: str | None = None
    approx: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A value in full units of an ISO 4217 currency; bound ``max`` is a ceiling ("up to")."""

    amount: float
    currency: str
    bound: Literal["max", "min", "about"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A vessel (name, IMO, flag) or an aircraft (registration, operator) that carried the goods."""

    kind: Literal["vessel", "aircraft"]
    name: str | None = None
    imo: str | None = None
    flag: Iso3 | None = None
    registration: str | None = None
    operator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPlace:
    """A place in a role, with the geocoder's answer once it has been through Geocode."""

    role: PlaceRole
    text: str
    start: int
    end: int
    value: str | None = None
    country: Iso3 | None = None
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    place_type: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One supplier–recipient–goods–stage as one document has it.

    id: hash of document, span, parties, goods and stage. document: the id the text came with.
    quantity and value are this claim's own, not the document's total. quantity_stage tells ordered from delivered.
    date: of the transfer, not of the report. start/end and quote: the shortest span that carries the claim.
    confidence: 0–1, the cross-validated share of claims like this one that were right (docs/claims.md).
    frame: the frame that matched, with reasons (what ``tocsin explain`` shows).
    """

    id: str
    document: str
    supplier: Party
    recipient: Party
    transit: tuple[Party, ...] = ()
    broker: Party | None = None
    end_user: Party | None = None
    goods: tuple[Goods, ...] = ()
    quantity: Amount | None = None
    value: Money | None = None
    carriers: tuple[Carrier, ...] = ()
    markings: tuple[str, ...] = ()
    stage: Stage = "unspecified"
    standing: Standing = "asserted"
    asserted_by: tuple[Voice, ...] = ()
    denied_by: tuple[Voice, ...] = ()
    date: DateValue | None = None
    places: tuple[ClaimPlace, ...] = ()
    start: int
    end: int
    quote: str
    confidence: float = 0.5
    frame: str = ""
    reasons: tuple[str, ...] = ()
    copy_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article with everything the text stages found in it: what goes into MergeEvents."""

    article: Article
    relevant: bool
    mentions: tuple[Mention, ...] = ()
    claims: tuple[Claim, ...] = ()


# --- what travels between stages ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Which inbox entry a record on its way belongs to, and under which lease: what its outcome will be written with.

    tries: leases of the entry taken so far, this one included.
    """

    entry: str
    fence: int
    tries: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """What PollFeeds emits: entries taken from the inbox, one batch an element (design.md, "Runners")."""

    tickets: tuple[Ticket, ...]
    entries: tuple[FeedEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What FetchArticles emits."""

    ticket: Ticket
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What ReadArticles and every stage after it emit, each with more of the reading filled in."""

    ticket: Ticket
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What MergeEvents emits: the entry with the outcome it is to have, and the ids of the events it changed."""

    ticket: Ticket
    outcome: Outcome
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """How a stage disposes of an entry: an outcome, or (``outcome`` null) a later due time. ``letter`` goes with a
    failure that somebody should look at."""

    ticket: Ticket
    outcome: Outcome | None = None
    reason: str | None = None
    next_due: Moment | None = None
    letter: DeadLetter | None = None


# --- events ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an event keeps of an article that reports it."""

    article: str
    url: str
    title: str
    source: str
    publisher: str
    origin: str
    reliability: Reliability
    language: str | None = None
    published: str | None = None
    first_seen: Moment
    copy_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One numbered change of an event; ``unannounced`` ones wait for NotifySubscribers.

    kind: new_event, new_claim, withdrawn, stage, standing, quantity, value, denial, place, weapon, date, embargo,
        merged, parent, review. before and after are short texts for people.
    """

    number: int
    kind: str
    at: Moment
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbargoNote:
    """An embargo that touches a party at the event's date: a flag with its source, not a verdict of guilt."""

    instrument: str
    target: str
    side: Literal["supplier", "recipient"]
    source: str
    contested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """An analyst's judgement of an event."""

    state: Literal["unreviewed", "confirmed", "rejected"] = "unreviewed"
    who: str | None = None
    when: Moment | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One act of an analyst (docs/events.md), kept with the events it is about, so that no later merging loses it.

    claims, others: ids of the claims it is about, the earliest first; ``others`` is the other side of a merge or split.
    documents: where those claims are from. field, value: what is corrected, and to what (JSON). undone: who took it
    back, and why.
    """

    id: str
    action: Literal["confirm", "reject", "merge", "split", "correct"]
    claims: tuple[str, ...]
    others: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    field: str | None = None
    value: str | None = None
    who: str
    why: str
    at: Moment
    undone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One arms transfer in the register, merged from the claims of many reports (design.md, "An event carries").

    stage is the furthest one told; quantity_ordered and quantity_delivered are apart. date is the transfer's, published
    the earliest report's, first_seen and last_changed Tocsin's own. origins is the number of independent origins.
    credibility: Admiralty 1 (confirmed) to 6 (cannot be judged), by the rule in docs/events.md.
    merged_into: set on an id that lost a merge; readers follow it. version: the store's compare-and-set token, 0 for
    an event never written; revision counts contentful changes.
    """

    id: str
    supplier: Party
    recipient: Party
    transit: tuple[Party, ...] = ()
    broker: Party | None = None
    end_user: Party | None = None
    goods: tuple[Goods, ...] = ()
    quantity_ordered: Amount | None = None
    quantity_delivered: Amount | None = None
    value: Money | None = None
    carriers: tuple[Carrier, ...] = ()
    markings: tuple[str, ...] = ()
    stage: Stage
    standing: Standing
    asserted_by: tuple[Voice, ...] = ()
    denied_by: tuple[Voice, ...] = ()
    date: DateValue | None = None
    published: str | None = None
    first_seen: Moment
    last_changed: Moment
    places: tuple[ClaimPlace, ...] = ()
    claims: tuple[Claim, ...] = ()
    reports: tuple[Report, ...] = ()
    articles: int = 0
    origins: int = 0
    reliability: Reliability = "F"
    credibility: int = 6
    confidence: float = 0.5
    embargoes: tuple[EmbargoNote, ...] = ()
    review: Review = Review()
    revision: int = 1
    changes: tuple[Change, ...] = ()
    unannounced: tuple[Change, ...] = ()
    merged_into: str | None = None
    parent: str | None = None
    judgements: tuple[Judgement, ...] = ()


# --- failures and alerts -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """What a stage could not digest: kept with its reason, never lost and never a raised exception.

    subject: id of the entry, document or event; payload: its JSON, cut to 64 KiB.
    """

    stage: str
    subject: str
    reason: str
    at: Moment
    payload: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A row of the outbox; id = hash of subscription, event, change number and channel, so that none is made twice.

    message: the key of the message that carries this row, fixed before the first try to send it, so that a repeat has
        the same key. digest: whether it waits to be told together with others (a digest, or the rest above a cap).
    """

    id: str
    subscription: str
    event: str
    change: int
    channel: str
    due: Moment
    state: Literal["pending", "sent", "failed", "dropped"] = "pending"
    tries: int = 0
    reason: str | None = None
    message: str | None = None
    digest: bool = False
