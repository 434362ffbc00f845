"""Geocode: the places of claims take their coordinates from the document's place mentions. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from transforms.records import Claim, ClaimPlace, Mention, PlaceMention


def geocode_claims(claims: Iterable[Claim], mentions: Iterable[Mention]) -> list[Claim]:
    """The claims with what is known of their places: value, state, coordinates, radius, type, confidence.

    A place takes the mention at its own span, else one of the same words; one that no mention
    answers stays as reported.
    """
    places = sorted((m for m in mentions if isinstance(m, PlaceMention)), key=lambda m: m.start)
    if not places:
        return list(claims)
    starts = [m.start for m in places]
    by_words: dict[str, PlaceMention] = {}
    for mention in places:
        known = by_words.get(_words(mention.text))
        if known is None or (known.lat is None and mention.lat is not None):
            by_words[_words(mention.text)] = mention
    return [
        replace(claim, places=tuple(_geocode(p, places, starts, by_words) for p in claim.places))
        if claim.places
        else claim
        for claim in claims
    ]


def _geocode(
    place: ClaimPlace, mentions: Sequence[PlaceMention], starts: Sequence[int], by_words: dict[str, PlaceMention]
) -> ClaimPlace:
    mention = _at(place, mentions, starts) or by_words.get(_words(place.text))
    if mention is None:
        return place
    return replace(
        place, value=mention.value, country=mention.country, lat=mention.lat, lon=mention.lon,
        radius_km=mention.radius_km, place_type=mention.place_type, confidence=mention.confidence,
    )  # fmt: skip


def _at(place: ClaimPlace, mentions: Sequence[PlaceMention], starts: Sequence[int]) -> PlaceMention | None:
    n = bisect_left(starts, place.end) - 1
    return mentions[n] if n >= 0 and mentions[n].end > place.start else None


def _words(text: str) -> str:
    return " ".join(text.casefold().split())
