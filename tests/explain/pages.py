"""Readings and events for tests of the pages."""

from __future__ import annotations

from typing import Any

from pipeline.explain import Explained
from tests.explain.test_marks import TEXT, claimed
from tests.samples import NOW, article, change, claim, event, report
from transforms.notify.feedback import Feedback
from transforms.recognise.mentions import document_of, recognise, subject
from transforms.records import (
    Article,
    Change,
    Claim,
    EmbargoNote,
    Event,
    Judgement,
    Party,
    Passage,
    Reading,
    Review,
    Voice,
)

HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"> & \x00\u202etanks"
ARABIC = "قالت وزارة الدفاع إن إيران سلمت روسيا 40 طائرة مسيرة من طراز شاهد-136 في أبريل 2024.\nونفت طهران ذلك."

PUBLISHED = "2024-03-05T10:00:00+00:00"


def explained(text: str, *claims: Claim, **fields: Any) -> Explained:
    """A reading as ``read_document`` gives it, with claims of the test's own."""
    read = article(text=text, **fields)
    mentions = recognise(subject(document_of(read)))
    return Explained(Reading(article=read, relevant=True, mentions=mentions, claims=claims), ("9: no goods",))


def sample() -> Explained:
    """An article with one claim, two lines, and furniture at its end."""
    text = f"{TEXT}\nRelated articles: Tanks of the world."
    furniture = Passage(kind="furniture", start=len(TEXT) + 1, end=len(text))
    return explained(text, claimed(), language="en", published="2024-03-05", passages=(furniture,))


def disputed() -> tuple[Event, dict[str, Article], tuple[Feedback, ...]]:
    """An event that one report asserts and another has denied; the second article is not in the store any more."""
    first = article("a1", text=TEXT, language="en", title="Iran arms the Houthis")
    told = (
        claim("c1", "a1", **_of(claimed())),
        claim(
            "c2",
            "a2",
            supplier=Party(iso3="IRN"),
            recipient=Party(actor="houthis", name="Houthis"),
            standing="denied",
            denied_by=(Voice(name="Iran", iso3="IRN"),),
            quote="Iran armed nobody",
        ),
        claim("c3", "a1", start=0, end=10, quote="A sentence that was taken out"),
    )
    reports = (
        report("a1", title="Iran arms the Houthis", published=PUBLISHED),
        report("a2", title="Tehran <b>denies</b>", url="javascript:alert(1)", published=PUBLISHED),
    )
    made = event(
        "v1",
        supplier=Party(iso3="IRN", name="Iran"),
        recipient=Party(actor="houthis", name="Houthis"),
        standing="disputed",
        claims=told,
        reports=reports,
        articles=2,
        origins=2,
        embargoes=(
            EmbargoNote(instrument="UNSC 2216 (2015)", target="houthis", side="recipient", source="S/RES/2216(2015)"),
        ),
        review=Review(state="confirmed", who="ana", when=NOW, why="seen the manifest"),
        changes=(change(), Change(number=2, kind="standing", at=NOW, before="asserted", after="disputed")),
        judgements=(Judgement(id="j1", action="confirm", claims=("c1",), who="ana", why="seen it", at=NOW),),
    )
    return made, {"a1": first}, (Feedback(verdict="wrong", at=NOW, subscription="desk", why="<i>old</i> news"),)


def _of(told: Claim) -> dict[str, Any]:
    names = (
        "supplier",
        "recipient",
        "goods",
        "quantity",
        "value",
        "places",
        "asserted_by",
        "denied_by",
        "start",
        "end",
    )
    return {name: getattr(told, name) for name in (*names, "quote")}
