"""A document read outside Beam, for ``tocsin explain``."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from pathlib import Path

from pipeline.clock import utc_now
from pipeline.documents import read_documents
from pipeline.errors import UserError
from transforms.codec import CodecError, decode
from transforms.judge import judge_aloud
from transforms.places import geocode_claims
from transforms.read import given_article
from transforms.recognise.mentions import recognise, subject
from transforms.records import Document, Reading


def document_from_file(path: Path, id: str | None = None) -> Document:
    """A document in a file: extract's JSON or JSONL (``id`` picks a line), HTML or plain text. Raises UserError."""
    if path.name.lower().endswith((".jsonl", ".jsonl.gz")):
        documents = read_documents(path)
        chosen = next((document for document in documents if id in (None, document.id)), None)
        if chosen is None:
            raise UserError(f"{path}: " + ("has no document" if id is None else f"no document has the id {id!r}"))
        return chosen
    if id is not None:
        raise UserError(f"--id {id}: picks a document of a .jsonl file, and {path} is none")
    text = _text(path)
    if path.suffix == ".json":
        try:
            known = {key: value for key, value in json.loads(text).items() if key in Document.__slots__}
            return decode(Document, json.dumps(known))
        except (ValueError, AttributeError, CodecError) as error:
            raise UserError(f"{path}: not a document with id and text: {error}") from None
    return Document(id=path.stem, text=text)


def _text(path: Path) -> str:
    """A file as text; what is none (a picture, a PDF) would be read as noise. Raises UserError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if content.startswith(b"%PDF-"):
        raise UserError(f"{path}: a PDF; give its address, or its text")
    if b"\0" in content[:4096]:
        raise UserError(f"{path}: is no text; explain reads text, HTML, and JSON as `tocsin extract` does")
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
