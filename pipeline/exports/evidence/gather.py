"""What an event rests on, gathered from the store and the archive."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UserError
from pipeline.exports.evidence.citations import footnote
from pipeline.exports.evidence.passages import Passage, passage
from transforms.archive.model import ArchiveError, Capture, Location
from transforms.archive.reading import capture_at, raw_record
from transforms.contracts import Store
from transforms.merge.curate import JudgementError, live_event
from transforms.records import Article, Claim, Event, Report

_BATCH = 100
_TYPES = {"application/pdf": "pdf", "text/plain": "txt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report of the event. number: of its footnote. name: of its files, safe everywhere. article: null where the
    store has it no longer."""

    number: int
    name: str
    report: Report
    article: Article | None
    footnote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A claim with its passage. document: the number of the report it is in, null where that is unknown. read_in: the
    document whose text the offsets are of (the original's, for a copy). exact: the text there is the quote."""

    number: int
    claim: Claim
    document: int | None
    read_in: str
    passage: Passage | None
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All of it. asked: the id it was asked for by, where that was merged into another."""

    event: Event
    asked: str | None
    documents: tuple[Document, ...]
    claims: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """An archived body: its bytes, the WARC record it is from, and whether it has the hash that the evidence says."""

    content: bytes
    record: bytes
    ending: str
    matches: bool


class Bodies:
    """Archived bodies by an article's evidence. folder: of the archive."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, article: Article | None) -> Body | str | None:
        """The archived body of an article; why it cannot be had; None where none was archived."""
        evidence = article.evidence if article else None
        if evidence is None or evidence.archived is None:
            return None
        place = Location.parse(evidence.archived)
        if place is None or Path(place.file).name != place.file:  # nothing outside of the folder is ever read
            return f"{evidence.archived}: is no place in an archive"
        path = self._folder / place.file
        if not path.is_file():
            return f"{place.file} is not in {self._folder} (thrown away, or elsewhere: see --archive)"
        try:
            capture = capture_at(path, place.offset)
            record = raw_record(path, place.offset)
        except ArchiveError as error:
            return str(error)
        matches = hashlib.sha256(capture.body).hexdigest() == evidence.sha256
        return Body(capture.body, record, _ending(capture), matches)


def gather(store: Store, id: str) -> Dossier:
    """The event with an id, redirects followed, with its reports and claims. Raises UserError for an unknown id."""
    try:
        event = live_event(store, id)
    except JudgementError as error:
        raise UserError(str(error)) from None
    wanted = [report.article for report in event.reports]
    wanted += [claim.document for claim in event.claims]
    wanted += [claim.copy_of for claim in event.claims if claim.copy_of]
    ids = list(dict.fromkeys(wanted))
    articles: dict[str, Article] = {}
    for start in range(0, len(ids), _BATCH):
        articles |= store.articles(ids[start : start + _BATCH])
    return dossier(event, articles, asked=id if id != event.id else None)


def dossier(event: Event, articles: Mapping[str, Article], *, asked: str | None = None) -> Dossier:
    """An event and its articles as a dossier: reports by date, claims by their report and place in it. Pure."""
    reports = sorted(event.reports, key=lambda r: (r.published or "9999", r.first_seen, r.article))
    numbers = {report.article: number for number, report in enumerate(reports, 1)}
    documents = tuple(_document(report, articles.get(report.article), numbers) for report in reports)
    ordered = sorted(event.claims, key=lambda c: (numbers.get(c.document, len(numbers) + 1), c.start, c.end, c.id))
    claims = tuple(_quoted(n, claim, articles, numbers.get(claim.document)) for n, claim in enumerate(ordered, 1))
    return Dossier(event=event, asked=asked, documents=documents, claims=claims)


def _document(report: Report, article: Article | None, numbers: Mapping[str, int]) -> Document:
    number = numbers[report.article]
    name = f"{number:03}-{safe_name(f'{(report.published or str())[:10]} {report.publisher}')}"
    note = footnote(report, article, numbers.get(report.copy_of or ""))
    return Document(number=number, name=name, report=report, article=article, footnote=note)


def _quoted(number: int, claim: Claim, articles: Mapping[str, Article], document: int | None) -> Quoted:
    for id in (claim.document, claim.copy_of):
        article = articles.get(id or "")
        if article is not None and article.text[claim.start : claim.end] == claim.quote and claim.quote:
            found = passage(article.text, claim.start, claim.end)
            return Quoted(
                number=number,
                claim=claim,
                document=document,
                read_in=article.id,
                passage=found,
                exact=found is not None,
            )
    return Quoted(
        number=number,
        claim=claim,
        document=document,
        read_in=claim.copy_of or claim.document,
        passage=None,
        exact=False,
    )


def safe_name(text: str) -> str:
    """Text as a part of a file's name on any system: ASCII letters, digits and hyphens, short, never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "report"


def _ending(capture: Capture) -> str:
    if capture.body[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    # A page is text here: opened from a disk as a page, it would run whatever its site put in.
    return _TYPES.get(capture.content_type, "html.txt") if capture.content_type != "application/pdf" else "txt"
