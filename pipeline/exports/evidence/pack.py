"""The files of a pack, and the zip file that is equal for equal evidence."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from pipeline.exports.evidence.citations import markdown
from pipeline.exports.evidence.gather import Bodies, Body, Document, Dossier, Quoted
from pipeline.exports.evidence.pages import index_html, readme
from pipeline.exports.jsonl import event_json
from transforms.codec import encode_plain
from transforms.predictions import Json, exported_claim

MANIFEST = "SHA256SUMS"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first that zip can say


def files(dossier: Dossier, bodies: Bodies | None, *, texts: bool = True) -> Iterator[tuple[str, bytes]]:
    """The files of a pack by name, the manifest of all others last.

    bodies: where archived ones are looked up, None for none. texts: whether whole articles are in it.
    """
    sums: list[tuple[str, str]] = []
    for name, content in _files(dossier, bodies, texts):
        sums.append((hashlib.sha256(content).hexdigest(), name))
        yield name, content
    yield MANIFEST, "".join(f"{digest}  {name}\n" for digest, name in sorted(sums, key=lambda one: one[1])).encode()


def write_zip(parts: Iterable[tuple[str, bytes]], stream: BinaryIO) -> None:
    """A zip file whose bytes depend on names and contents alone: fixed times, owners and order."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as pack:
        for name, content in parts:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, wherever it is made
            info.external_attr = 0o644 << 16
            pack.writestr(info, content)


def _files(dossier: Dossier, bodies: Bodies | None, texts: bool) -> Iterator[tuple[str, bytes]]:
    yield "index.html", _encoded(index_html(dossier, texts=texts))
    yield "README.md", _encoded(readme(dossier, texts=texts))
    yield "citations.md", _encoded("".join(f"{d.number}. {markdown(d.footnote)}\n" for d in dossier.documents))
    yield "citations.txt", _encoded("".join(f"{d.number}. {d.footnote}\n" for d in dossier.documents))
    yield "event.json", _json(event_json(dossier.event))
    yield "claims.json", _json([_claim(quoted, dossier) for quoted in dossier.claims])
    for document in dossier.documents:
        body = bodies.of(document.article) if bodies and texts else None
        yield f"articles/{document.name}.json", _json(_metadata(document, body, texts))
        if texts and document.article is not None:
            yield f"articles/{document.name}.txt", _encoded(document.article.text)
        if isinstance(body, Body):
            yield f"bodies/{document.name}.{body.ending}", body.content
            yield f"bodies/{document.name}.warc.gz", body.record


def _claim(quoted: Quoted, dossier: Dossier) -> Json:
    document = next((d for d in dossier.documents if d.number == quoted.document), None)
    around = quoted.passage
    return {
        "number": quoted.number,
        "note": quoted.document,
        "file": f"articles/{document.name}.json" if document else None,
        "offsets_in": quoted.read_in,
        "quote_found_at_offsets": quoted.exact,
        "passage": around
        and {
            "start": around.start,
            "end": around.end,
            "before": around.before,
            "quote": around.quote,
            "after": around.after,
        },
        **exported_claim(quoted.claim),
        "frame": quoted.claim.frame,
        "reasons": list(quoted.claim.reasons),
    }


def _metadata(document: Document, body: Body | str | None, texts: bool) -> Json:
    article = document.article
    told: Json = {"note": document.number, "footnote": document.footnote, "report": encode_plain(document.report)}
    if article is None:
        return told | {"article": None, "missing": "the store has this article no longer"}
    plain = encode_plain(article)
    text = str(plain.pop("text"))
    told |= {"article": plain, "text_sha256": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()}
    if texts:
        told["text_file"] = f"articles/{document.name}.txt"
    if isinstance(body, Body):
        told |= {
            "body_file": f"bodies/{document.name}.{body.ending}",
            "body_record": f"bodies/{document.name}.warc.gz",
            "body_has_the_recorded_sha256": body.matches,
        }
    elif body is not None:
        told["body_missing"] = body
    return told


def _json(value: object) -> bytes:
    return _encoded(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
