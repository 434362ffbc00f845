"""Judging events: an analyst's act becomes a judgement on claims, and the register is decided again with it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from transforms.codec import digest
from transforms.contracts import Store
from transforms.merge.facts import base_id
from transforms.merge.judgements import PARTIES, CorrectionError, corrected, is_of_article
from transforms.merge.keys import article_key
from transforms.merge.neighbourhood import members
from transforms.merge.register import Merged, settle
from transforms.merge.story import stories_of
from transforms.notify.names import states
from transforms.records import Event, Judgement, Party, Reading
from transforms.search.names import UnknownName, party
from transforms.spans import parse
from transforms.together import alone

Action = Literal["confirm", "reject", "merge", "split", "correct"]


class JudgementError(ValueError):
    """A judgement that cannot be made; the message says why and what can."""


def live_event(store: Store, id: str) -> Event:
    """The event with an id, redirects followed. Raises JudgementError."""
    seen: set[str] = set()
    while id not in seen:
        seen.add(id)
        read = store.events([id]).get(id)
        if read is None:
            raise JudgementError(f"{id}: there is no such event; `tocsin export events` lists them")
        if read.value.merged_into is None:
            return read.value
        id = read.value.merged_into
    raise JudgementError(f"{id}: redirects lead in a circle")


def confirm_or_reject(
    event: Event, action: Literal["confirm", "reject"], who: str, why: str, at: datetime
) -> Judgement:
    """The judgement that an event is right, or is none."""
    return _judgement(action, _anchors(event), (), _documents(event), who, why, at)


def judge_article(
    store: Store, article: str, action: Literal["confirm", "reject"], who: str, why: str, at: datetime
) -> Judgement:
    """The judgement on an article as such: the claims of a rejected one count for nothing."""
    if article not in store.articles([article]):
        raise JudgementError(f"{article}: there is no such event or article; `tocsin export events` lists the events")
    return _judgement(action, (), (), (article,), who, why, at)


def merge(event: Event, other: Event, who: str, why: str, at: datetime) -> Judgement:
    """The judgement that two events are one transfer."""
    if event.id == other.id:
        raise JudgementError(f"{event.id}: is one event already")
    for one in (event, other):
        if not one.claims:
            raise JudgementError(f"{one.id}: has no claims left")
    documents = tuple(sorted({*_documents(event), *_documents(other)}))
    return _judgement("merge", _anchors(event), _anchors(other), documents, who, why, at)


def split(event: Event, off: Collection[str], who: str, why: str, at: datetime) -> Judgement:
    """The judgement that the claims of some articles (or single claims, by id) are another transfer than the rest."""
    away = tuple(
        a for a in _anchors(event) if any(base_id(c) == a and {c.id, c.document} & set(off) for c in event.claims)
    )
    rest = tuple(a for a in _anchors(event) if a not in away)
    unknown = set(off) - {x for c in event.claims for x in (c.id, c.document)}
    if unknown:
        raise JudgementError(f"{', '.join(sorted(unknown))}: no claim or article of event {event.id}")
    if not away or not rest:
        raise JudgementError(f"{event.id}: nothing would be left on one side; name some of its articles, not all")
    return _judgement("split", rest, away, _documents(event), who, why, at)


def correct(event: Event, field: str, value: str, who: str, why: str, at: datetime) -> Judgement:
    """The judgement that a field is something else. Raises CorrectionError where the value does not fit it."""
    value = checked(field, value)
    made = _judgement("correct", _anchors(event), (), _documents(event), who, why, at, field, value)
    return replace(made, field=field, value=value)


def checked(field: str, value: str) -> str:
    """What an analyst writes for a field, as the judgement keeps it: a party by any of its names becomes what the
    catalogues know it as. Raises CorrectionError for what is no party, no date, or does not fit otherwise.

    Only here, where somebody can answer: a judgement that is on file holds, whatever catalogues say later.
    """
    if field in PARTIES and not value.lstrip().startswith("{"):
        try:
            key = party(value).values[0]
        except UnknownName as error:
            raise CorrectionError(f'{field}: {error}; one in no catalogue is written {{"name": "…"}}') from None
        value = json.dumps(
            {} if key == "unknown" else {"iso3": key} if key in states() else {"actor": key, "name": value}
        )
    found = corrected(field, value)
    if isinstance(found, Party) and found.iso3 and found.iso3 not in states():
        raise CorrectionError(f"{field}: {found.iso3!r} is no state's ISO 3166-1 alpha-3 code")
    if field == "date" and isinstance(found, str) and parse(found) is None:
        raise CorrectionError(
            f"date: {value!r} is none; write 2024, 2024-05, 2024-05-17, 2024-W20, or two with a / between"
        )
    return value


def apply(store: Store, judgement: Judgement, now: datetime, ids: Sequence[str] = ()) -> Merged:
    """Bring the register in line with a judgement, new or taken back; nothing changes where it is there already.

    ids: events known to be concerned; the others are found by the judgement's articles. Raises JudgementError where
    none is in this register.
    """
    wanted = {*judgement.claims, *judgement.others}
    filed = alone(store, members([article_key(document) for document in judgement.documents]))
    found = store.events(sorted({*ids, *filed}))
    concerned = {
        id
        for id, read in found.items()
        if read.value.merged_into
        or any(base_id(claim) in wanted for claim in read.value.claims)
        or any(known.id == judgement.id for known in read.value.judgements)
    }
    if is_of_article(judgement):
        article = next(iter(store.articles(judgement.documents).values()), None)
        if article is not None:
            reading = Reading(article=article, relevant=True, claims=tuple(store.claims([article.id])[article.id]))
            return settle(
                store, lambda more: stories_of([reading], more), now, forced=concerned, judgements=(judgement,)
            )
    if not concerned:
        raise JudgementError(f"judgement {judgement.id}: none of its claims is in this register")
    return settle(store, lambda more: stories_of([], more), now, forced=concerned, judgements=(judgement,))


def take_back(judgement: Judgement, who: str, why: str) -> Judgement:
    """The judgement as undone. Raises JudgementError where it is so already."""
    if judgement.undone:
        raise JudgementError(f"judgement {judgement.id}: was taken back already: {judgement.undone}")
    return replace(judgement, undone=f"{who}: {why}")


def _judgement(
    action: Action,
    claims: tuple[str, ...],
    others: tuple[str, ...],
    documents: tuple[str, ...],
    who: str,
    why: str,
    at: datetime,
    *more: str,
) -> Judgement:
    id = digest(["judgement", action, *claims, "", *others, "", *documents, who, at.isoformat(), *more])[:12]
    return Judgement(id=id, action=action, claims=claims, others=others, documents=documents, who=who, why=why, at=at)


def _anchors(event: Event) -> tuple[str, ...]:
    """The claims, the earliest first, each once with its copies."""
    return tuple(dict.fromkeys(base_id(claim) for claim in event.claims))


def _documents(event: Event) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim.document for claim in event.claims))
