"""Where true transfers are lost and false ones arise: ``python -m benchmarks.funnel CORPUS [--lang en] [--errors]``.

CORPUS is a folder with ``docs/`` and ``gold/`` (``benchmarks/heldout``, ``../shared/eval``). Each gold pair that no
claim has is put where the funnel lost it: the document was taken for irrelevant; a claim of the same words has other
sides; a frame matched and was refused, and why; no frame matched. Beside that stands whether the missing sides are
parties in the words of the evidence (``here``), elsewhere in the text (``text``), or nowhere (``none``): a side that
is nowhere was not recognised, which no frame mends. With --errors each miss and each false claim is shown whole.

The blind corpus (``heldout3``) is refused: its errors are read by nobody.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from transforms.claims.actors import names
from transforms.judge import judge_aloud
from transforms.read import given_article
from transforms.recognise.context import Subject
from transforms.recognise.mentions import recognise, subject
from transforms.records import Claim, Document, Mention, Party, StateMention

_BLIND = "heldout3"
_OFFSET = re.compile(r"(\d+): (.*)", re.DOTALL)
_WORDS = re.compile(r"'[^']*'|\"[^\"]*\"|[A-Z?]\S*>\S+")  # what is told of one case only, in the reasons of refusals


@dataclass(frozen=True)
class Loss:
    """A gold pair without a claim, or (``false``) a claim without a gold pair."""

    document: str
    pair: str
    where: str
    sides: str
    words: str
    false: bool = False


def losses(raw: dict[str, Any], gold: dict[str, Any]) -> Iterator[Loss]:
    """What one document loses and what it makes up, by pair."""
    document = Document(**{k: raw.get(k) for k in ("id", "url", "title", "published", "lang", "source", "text")})
    source = subject(document)
    mentions = recognise(source)
    article = given_article(document, first_seen=datetime.now(UTC))
    relevant, assembly = judge_aloud(source, mentions, article.passages)
    claims, refused = assembly.claims, assembly.refused
    found = {_claimed(claim): claim for claim in claims}
    wanted = {(_side(t, "supplier"), _side(t, "recipient")): t for t in gold["transfers"]}
    for pair, told in wanted.items():
        if pair in found:
            continue
        a, b = _sentences(document.text, told["start"], told["end"])
        where = "irrelevant" if not relevant else _where(source, claims, refused, a, b)
        sides = " ".join(
            f"{name}:{_known(source, mentions, told, name, a, b)}"
            for at, name in enumerate(("supplier", "recipient"))
            if pair[at] != "?"
        )
        yield Loss(document.id, ">".join(pair), where, sides, document.text[a:b])
    for pair, claim in found.items():
        if pair not in wanted:
            told = document.text[slice(*_sentences(document.text, claim.start, claim.end))]
            yield Loss(document.id, ">".join(pair), claim.frame, "; ".join(claim.reasons), told, false=True)


def _side(told: dict[str, Any], name: str) -> str:
    return told[name] or re.sub(r"^the ", "", " ".join((told.get(f"{name}_name") or "").lower().split())) or "?"


def _party(party: Party) -> str:
    return party.iso3 or re.sub(r"^the ", "", " ".join((party.name or "").lower().split())) or "?"


def _claimed(claim: Claim) -> tuple[str, str]:
    return _party(claim.supplier), _party(claim.recipient)


def _sentences(text: str, start: int, end: int) -> tuple[int, int]:
    """The evidence stretched to the sentences around it, roughly."""
    stops = [m.end() for m in re.finditer(r"[.!?。]\s|\n\n", text)]
    first = max((s for s in stops if s <= start), default=0)
    last = min((s for s in stops if s >= end), default=len(text))
    return first, last


def _where(source: Subject, claims: list[Claim], refused: list[str], a: int, b: int) -> str:
    near = next((c for c in claims if c.start < b and a < c.end), None)
    if near is not None:
        return f"other sides ({near.frame})"
    first, last = source.view.folded.locate(a, b)
    why = [m for m in map(_OFFSET.match, refused) if m and first <= int(m[1]) < last]
    if why:
        return "refused: " + _WORDS.sub("…", why[0][2])[:60]
    return "no frame"


def _known(source: Subject, mentions: list[Mention], told: dict[str, Any], name: str, a: int, b: int) -> str:
    """Whether a side is a party in the words of the evidence, elsewhere in the text, or nowhere."""
    if told[name]:
        spots = [m.start for m in mentions if isinstance(m, StateMention) and m.value == told[name]]
        spots += [
            source.original(f.start, f.end)[1]
            for f in names().find(source.text)
            if told[name] in (f.entry.iso3, f.entry.host)
        ]
    else:
        low, wanted = source.document.text.lower(), _side(told, name)
        known = {f.entry.name.lower() for f in names().find(source.text)}
        spots = [m.start() for m in re.finditer(re.escape(wanted), low)] if wanted in known else []
    if any(a <= spot < b for spot in spots):
        return "here"
    return "text" if spots else "none"


def main() -> int:
    """Exit code 0, or 2 for the blind corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--lang", help="only documents of this language")
    parser.add_argument("--errors", action="store_true", help="show each miss and each false claim with its words")
    o = parser.parse_args()
    if _BLIND in o.corpus.resolve().parts:
        sys.stderr.write(f"{o.corpus} is the blind corpus: only its scores are measured (score.py)\n")
        return 2
    out: list[Loss] = []
    for path in sorted((o.corpus / "gold").glob("*.json")):
        raw = json.loads((o.corpus / "docs" / path.name).read_text(encoding="utf-8"))
        if o.lang is None or raw.get("lang") == o.lang:
            out += losses(raw, json.loads(path.read_text(encoding="utf-8")))
    for false in (False, True):
        some = [loss for loss in out if loss.false is false]
        sys.stdout.write(
            f"\n{len(some)} {'false pairs, by frame' if false else 'pairs missed, by where they were lost'}\n"
        )
        for (where, sides), n in Counter((x.where, "" if false else x.sides) for x in some).most_common():
            sys.stdout.write(f"{n:5}  {where:56} {sides}\n")
    for loss in out if o.errors else ():
        mark = "FALSE " if loss.false else "MISSED"
        words = " ".join(loss.words.split())
        sys.stdout.write(f"\n{mark} {loss.document} {loss.pair} [{loss.where}; {loss.sides}]\n    {words}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
