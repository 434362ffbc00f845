"""The pages of a pack that people read."""

from __future__ import annotations

from pathlib import Path

from pipeline.exports.evidence.citations import day, markdown, one_line
from pipeline.exports.evidence.gather import Dossier, Quoted
from pipeline.exports.voices import voices
from pipeline.page import address, render, sheet
from transforms.notify import names
from transforms.notify.content import headline, how_many, value
from transforms.notify.counted import of_which, so_many
from transforms.records import Event

HERE = Path(__file__).parent

CHECK = (
    "`sha256sum -c SHA256SUMS` checks that every file is as it was packed.",
    "`articles/*.txt` are the texts that were read; offsets in `claims.json` count their Unicode characters from 0, "
    "end exclusive.",
    "`articles/*.json` say when and from where a page was retrieved, with the SHA-256 of the body as it was received; "
    "`bodies/` has the bodies that were archived, each with its WARC record. Pages end in `.html.txt` so that nothing "
    "in them runs when they are opened; take away `.txt` to see one as a page.",
    "Claims were recognised by a program. It reports what a text says; whether that is true, it does not say. Read the "
    "passage before you rely on a claim.",
)
_TEXTLESS = "Whole articles were left out of this pack; the quotes and the passages around them are in `claims.json`."


def facts(event: Event) -> list[tuple[str, str]]:
    """What the register says of the event, in words."""
    rows = [
        ("Supplier", names.party(event.supplier)),
        ("Recipient", names.party(event.recipient)),
        ("End user", names.party(event.end_user) if event.end_user else ""),
        ("Through", "; ".join(map(names.party, event.transit))),
        ("Broker", names.party(event.broker) if event.broker else ""),
        ("Goods", "; ".join(dict.fromkeys(goods.value for goods in event.goods)) or "arms, kind not told"),
        ("Ordered", of_which(event, event.quantity_ordered, how_many(event.quantity_ordered))),
        ("Delivered", of_which(event, event.quantity_delivered, how_many(event.quantity_delivered))),
        ("Value", value(event.value)),
        ("Stage", event.stage.replace("_", " ")),
        ("Standing", event.standing),
        ("Said by", "; ".join(voices(event.asserted_by))),
        ("Denied by", "; ".join(voices(event.denied_by))),
        ("Date of the transfer", event.date or "not told"),
        ("First reported", day(event.published)),
        ("Places", "; ".join(dict.fromkeys(f"{p.value or p.text} ({p.role})" for p in event.places))),
        ("Carried by", "; ".join(filter(None, (c.name or c.registration for c in event.carriers)))),
        ("Evidence", f"{_count(event.articles, 'article')} of {_count(event.origins, 'independent origin')}, "
                     f"rated {event.reliability}{event.credibility} (Admiralty)"),
        ("Embargoes", "; ".join(f"{e.instrument} ({e.target}): a flag, not a verdict" for e in event.embargoes)),
        ("Review", event.review.state + (f" by {event.review.who}" if event.review.who else "")),
        ("Register", f"event {event.id}, revision {event.revision}, last changed {day(event.last_changed)}"),
    ]  # fmt: skip
    return [(label, one_line(text)) for label, text in rows if text]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def about(quoted: Quoted) -> str:
    """What a claim says beside its quote, in a line."""
    claim = quoted.claim
    goods = ", ".join(dict.fromkeys(goods.value for goods in claim.goods)) or "arms"
    parts = (
        f"{names.party(claim.supplier)} → {names.party(claim.recipient)}",
        so_many(claim.quantity, how_many(claim.quantity), goods),
        claim.stage.replace("_", " "),
        claim.standing,
        f"said by {', '.join(voices(claim.asserted_by))}" if claim.asserted_by else "",
        f"denied by {', '.join(voices(claim.denied_by))}" if claim.denied_by else "",
    )
    return one_line("; ".join(part for part in parts if part))


def place(quoted: Quoted) -> str:
    """Where the quote stands, and whether it still does."""
    claim = quoted.claim
    where = f"characters {claim.start}–{claim.end} of document {quoted.read_in}"
    where += f" (a copy of which is document {claim.document})" if claim.copy_of else ""
    return where if quoted.exact else f"{where}; the text there has changed since or is no longer kept"


def readme(dossier: Dossier, *, texts: bool) -> str:
    """The pack in Markdown."""
    event = dossier.event
    lines = [f"# {markdown(one_line(headline(event)))}", ""]
    if dossier.asked:
        lines += [f"Asked for as event {markdown(dossier.asked)}, which was merged into this one.", ""]
    lines += [f"- **{label}:** {markdown(text)}" for label, text in facts(event)]
    lines += ["", "## Claims", ""]
    for quoted in dossier.claims:
        note = f" [note {quoted.document}]" if quoted.document else ""
        lines += [
            f"### {quoted.number}. {markdown(about(quoted))}",
            "",
            f"> {markdown(one_line(quoted.claim.quote))}",
            "",
        ]
        lines += [f"{markdown(place(quoted))}{note}", ""]
    lines += ["## Notes", ""]
    lines += [f"{document.number}. {markdown(document.footnote)}" for document in dossier.documents]
    lines += ["", "## How to check this", "", *(f"- {line}" for line in (*CHECK, *(() if texts else (_TEXTLESS,))))]
    return "\n".join(lines) + "\n"


def index_html(dossier: Dossier, *, texts: bool) -> str:
    """The pack as a page, self-contained."""
    documents = [(document, address(document.report.url)) for document in dossier.documents]
    return render(
        HERE / "index.html.j2",
        style=sheet(HERE / "pack.css"),
        values={
            "title": one_line(headline(dossier.event)),
            "asked": dossier.asked,
            "facts": facts(dossier.event),
            "claims": [(quoted, about(quoted), place(quoted)) for quoted in dossier.claims],
            "documents": documents,
            "check": [line.replace("`", "") for line in (*CHECK, *(() if texts else (_TEXTLESS,)))],
            "texts": texts,
        },
    )
