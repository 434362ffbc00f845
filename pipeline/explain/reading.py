"""A document read outside Beam, for ``tocsin explain``."""

from __future__ import annotations

import codecs
import json
import random
from dataclasses import dataclass
from pathlib import Path

from pipeline.clock import utc_now
from pipeline.documents import read_documents
from pipeline.errors import UserError
from transforms.codec import CodecError, decode
from transforms.fetch.pages import MAX_TRIES, Retrieved, decide_page
from transforms.judge import judge_aloud
from transforms.places import geocode_claims
from transforms.poll.model import Response
from transforms.read import Unreadable, given_article, read_page
from transforms.recognise.mentions import document_of, recognise, subject
from transforms.records import Document, FeedEntry, Reading
from transforms.sources import Source

_PAGES = frozenset({".html", ".htm", ".xhtml"})
_PDF = b"%PDF-"


def document_from_file(path: Path, id: str | None = None) -> Document:
    """A document in a file: extract's JSON or JSONL (``id`` picks a line), a page, a PDF or plain text.

    Raises UserError.
    """
    if path.name.lower().endswith((".jsonl", ".jsonl.gz")):
        documents = read_documents(path)
        chosen = next((document for document in documents if id in (None, document.id)), None)
        if chosen is None:
            raise UserError(f"{path}: " + ("has no document" if id is None else f"no document has the id {id!r}"))
        return chosen
    if id is not None:
        raise UserError(f"--id {id}: picks a document of a .jsonl file, and {path} is none")
    content = _content(path)
    if path.suffix.lower() in _PAGES or content.startswith(_PDF):
        return _from_page(path, content)
    text = _text(path, content)
    if path.suffix == ".json":
        try:
            known = {key: value for key, value in json.loads(text).items() if key in Document.__slots__}
            return decode(Document, json.dumps(known))
        except (ValueError, AttributeError, CodecError) as error:
            raise UserError(f"{path}: not a document with id and text: {error}") from None
    return Document(id=path.stem, text=text)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None


def _from_page(path: Path, content: bytes) -> Document:
    """The article of a saved page or PDF, found as in one that was fetched. Raises UserError where there is none."""
    entry = FeedEntry(id=path.stem, source="given", url="", canonical_url="", title="", first_seen=utc_now())
    response = Response(url="", status=200, headers={"content-type": "text/html"}, body=content)
    outcome = decide_page(entry, response, tries=MAX_TRIES, now=entry.first_seen, rng=random.Random(0))  # noqa: S311
    if not isinstance(outcome, Retrieved):
        raise UserError(f"{path}: {outcome.reason}")
    article = read_page(outcome.page, Source(id="given", url="https://given.invalid/", full_text="page"))
    if isinstance(article, Unreadable):
        hint = "" if content.startswith(_PDF) else "; to read a page as it stands, name it .txt"
        raise UserError(f"{path}: {article.reason}{hint}")
    return document_of(article)


def _text(path: Path, content: bytes) -> str:
    """A file as text; what is none (a picture) would be read as noise. Raises UserError."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content[:4096]:
        raise UserError(f"{path}: is no text; explain reads text, pages, and JSON as `tocsin extract` does")
    return content.decode("utf-8-sig", errors="replace")


@dataclass(frozen=True, slots=True)
class Explained:
    """A reading, and what was refused as a claim and why."""

    reading: Reading
    refused: tuple[str, ...] = ()


def read_document(document: Document) -> Explained:
    """A document through the text stages, outside Beam."""
    article = given_article(document, first_seen=utc_now())
    source = subject(document)
    mentions = recognise(source)
    relevant, assembly = judge_aloud(source, mentions, article.passages)
    placed = tuple(geocode_claims(assembly.claims, mentions))
    reading = Reading(article=article, relevant=relevant, mentions=mentions, claims=placed)
    return Explained(reading, tuple(assembly.refused))
