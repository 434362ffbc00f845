"""What is said of a transfer, as STIX notes and opinions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import cast

from stix2 import v21  # type: ignore[import-untyped, unused-ignore]

from pipeline.exports.stix_base import Stix, made, reference, stix_id
from pipeline.exports.voices import NARRATION, voice
from transforms.records import Claim, Event, Report, Voice

_LONGEST = 5000  # characters of a quote in a note: a claim's span is a sentence or two


def note(event: Event, claim: Claim, report: Report | None, incident: str, when: dict[str, datetime]) -> Stix:
    """A claim with its quote, who is quoted, and where it stands."""
    where = f"characters {claim.start}–{claim.end} of document {claim.document}"
    authors = _authors(chain(claim.asserted_by, claim.denied_by), [report.publisher] if report else [])
    built = v21.Note(
        id=stix_id("note", event.id, claim.id),
        **made(),
        **when,
        abstract=f"Claim ({claim.stage.replace('_', ' ')}, {claim.standing}), {where}",
        content=claim.quote[:_LONGEST] or "(no quote)",
        authors=authors or None,
        object_refs=[incident],
        confidence=min(100, max(0, round(claim.confidence * 100))),
        labels=["claim", f"standing:{claim.standing}", *(["copy"] if claim.copy_of else [])],
        external_references=[reference(report, where)] if report else None,
    )
    return cast(Stix, built)


def opinions(event: Event, reports: Mapping[str, Report], incident: str, when: dict[str, datetime]) -> Iterator[Stix]:
    """Who affirms and who denies, each once, and the analyst's own judgement."""
    for opinion, verb, speakers in (
        ("agree", "affirms", event.asserted_by),
        ("strongly-disagree", "denies", event.denied_by),
    ):
        for name, speaker in {voice(one): one for one in speakers if voice(one)}.items():
            claims = _said(event, name, denial=opinion != "agree")
            publishers = [reports[claim.document].publisher for claim in claims if claim.document in reports]
            quote = f": “{claims[0].quote[:_LONGEST]}”" if claims else ""
            authors = _authors([speaker], publishers) or [name]
            yield _opinion(event.id, incident, when, opinion, name, authors, f"{name} {verb} it{quote}.")
    review = event.review
    if review.state != "unreviewed":
        opinion = "strongly-agree" if review.state == "confirmed" else "strongly-disagree"
        why = f"An analyst {review.state} it{f': {review.why}' if review.why else '.'}"
        yield _opinion(event.id, incident, when, opinion, "review", [review.who or "analyst"], why)


def _authors(speakers: Iterable[Voice], publishers: Iterable[str]) -> list[str]:
    """Who speaks, by name; for a report's own words its publisher."""
    spoken: list[str] = []
    for speaker in speakers:
        spoken += publishers if speaker.name == NARRATION else [voice(speaker)]
    return list(dict.fromkeys(name for name in spoken if name))


def _said(event: Event, name: str, *, denial: bool) -> list[Claim]:
    """The claims in which a speaker says so, or denies it."""
    return [
        claim
        for claim in event.claims
        if any(voice(one) == name for one in (claim.denied_by if denial else claim.asserted_by))
    ]


def _opinion(
    event: str, incident: str, when: dict[str, datetime], opinion: str, key: str, authors: list[str], why: str
) -> Stix:
    """One opinion. key: what it is known by: the review, or the speaker with the side taken."""
    built = v21.Opinion(
        id=stix_id("opinion", event, "review" if key == "review" else opinion, key),
        **made(),
        **when,
        opinion=opinion,
        explanation=why,
        authors=authors,
        object_refs=[incident],
    )
    return cast(Stix, built)
