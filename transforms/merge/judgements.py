"""Analysts' judgements inside the decision: what they put together or apart, what they hold of an event, what they
correct. A judgement is about claims; an event has those whose claims it has, through every merge and split.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import product
from typing import get_type_hints

from pydantic import TypeAdapter, ValidationError

from transforms.records import Event, Judgement, Review

CORRECTABLE = (
    "supplier", "recipient", "broker", "end_user", "goods", "quantity_ordered", "quantity_delivered", "value",
    "carriers", "markings", "stage", "standing", "date", "places",
)  # fmt: skip
PARTIES = ("supplier", "recipient", "broker", "end_user")
Pairs = list[tuple[str, str]]


class CorrectionError(ValueError):
    """A correction that does not fit its field; the message says what would."""


def collect(events: Iterable[Event], more: Iterable[Judgement] = ()) -> tuple[Judgement, ...]:
    """All judgements on these events, each once; one taken back stays taken back."""
    found: dict[str, Judgement] = {}
    for judgement in [*(j for event in events for j in event.judgements), *more]:
        known = found.get(judgement.id)
        if known is None or judgement.undone:
            found[judgement.id] = judgement
    return tuple(sorted(found.values(), key=lambda j: (j.at, j.id)))


def rejected_articles(judgements: Iterable[Judgement]) -> frozenset[str]:
    """Articles whose last judgement in force is a rejection: their claims count for nothing."""
    last = {
        document: judgement.action
        for judgement in judgements
        if is_of_article(judgement) and not judgement.undone
        for document in judgement.documents
    }
    return frozenset(document for document, action in last.items() if action == "reject")


def is_of_article(judgement: Judgement) -> bool:
    """Whether it is about an article as such and not about an event."""
    return judgement.action in ("confirm", "reject") and not judgement.claims


def together(judgements: Iterable[Judgement], present: Collection[str]) -> Pairs:
    """Pairs of claims that a merge puts together: the first of each side that is still there."""
    pairs: Pairs = []
    for judgement in judgements:
        if judgement.action == "merge" and not judgement.undone:
            one = [claim for claim in judgement.claims if claim in present]
            other = [claim for claim in judgement.others if claim in present]
            pairs += list(zip(one[:1], other[:1], strict=False))
    return pairs


def apart(judgements: Iterable[Judgement]) -> Pairs:
    """Pairs of claims that a split keeps apart."""
    return [
        pair
        for judgement in judgements
        if judgement.action == "split" and not judgement.undone
        for pair in product(judgement.claims, judgement.others)
    ]


def belonging(
    judgements: Iterable[Judgement], cluster: Collection[str], present: Collection[str], carried: Collection[str]
) -> tuple[Judgement, ...]:
    """The judgements of the event with the claims ``cluster``.

    present: all claims there are. carried: ids of judgements on the events that this one continues, which stay with it
    where none of their claims is left (they were corrected away).
    """
    return tuple(j for j in judgements if _belongs(j, cluster, present, carried))


def _belongs(
    judgement: Judgement, cluster: Collection[str], present: Collection[str], carried: Collection[str]
) -> bool:
    left = [claim for claim in (*judgement.claims, *judgement.others) if claim in present]
    if not left:
        return judgement.id in carried
    if judgement.action in ("merge", "split"):
        return any(claim in cluster for claim in left)
    return left[0] in cluster


def review(judgements: Sequence[Judgement]) -> Review:
    """What the last confirmation or rejection in force says."""
    for judgement in reversed(judgements):
        if judgement.action in ("confirm", "reject") and judgement.claims and not judgement.undone:
            state = "confirmed" if judgement.action == "confirm" else "rejected"
            return Review(state=state, who=judgement.who, when=judgement.at, why=judgement.why)  # type: ignore[arg-type]
    return Review()


def corrections(judgements: Iterable[Judgement]) -> dict[str, object]:
    """Fields that an analyst has set, the last word on each."""
    return {
        judgement.field: corrected(judgement.field, judgement.value)
        for judgement in judgements
        if judgement.action == "correct" and not judgement.undone and judgement.field and judgement.value is not None
    }


def corrected(field: str, value: str) -> object:
    """The value of an event's field from JSON, or from bare text. Raises CorrectionError."""
    if field not in CORRECTABLE:
        raise CorrectionError(f"{field}: cannot be corrected; these can: {', '.join(CORRECTABLE)}")
    if field in PARTIES and not value.lstrip().startswith("{"):
        value = json.dumps({"iso3": value} if len(value) == 3 and value.isupper() else {"actor": value, "name": value})
    try:
        given = json.loads(value)
    except ValueError:
        given = value
        value = json.dumps(value)
    try:
        found = _kind(field).validate_json(value)
    except ValidationError as error:
        first = error.errors()[0]
        raise CorrectionError(f"{field}: {value}: {first['msg']}") from None
    if isinstance(given, dict) and is_dataclass(found):
        names = [part.name for part in fields(found)]
        if unknown := sorted(given.keys() - set(names)):
            raise CorrectionError(f"{field}: {', '.join(unknown)} is no part of it; these are: {', '.join(names)}")
    return found


@cache
def _kind(field: str) -> TypeAdapter[object]:
    return TypeAdapter(get_type_hints(Event)[field])
