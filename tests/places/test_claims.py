"""geocode_claims: places of claims take what the document's mentions know."""

from transforms.places import geocode_claims
from transforms.records import Claim, ClaimPlace, Party, PlaceMention, StateMention

MENTION = PlaceMention(
    text="Mersin", start=10, end=16, value="Mersin", country="TUR", lat=36.8, lon=34.64, place_type="point",
    radius_km=12.0, confidence=0.9,
)  # fmt: skip


def _claim(*places: ClaimPlace) -> Claim:
    return Claim(
        id="c", document="d", supplier=Party(iso3="TUR"), recipient=Party(iso3="LBY"), places=places, start=0, end=40,
        quote="",
    )  # fmt: skip


def test_a_place_takes_the_mention_at_its_span() -> None:
    (claim,) = geocode_claims([_claim(ClaimPlace(role="origin", text="port of Mersin", start=2, end=16))], [MENTION])
    (place,) = claim.places
    assert place == ClaimPlace(
        role="origin", text="port of Mersin", start=2, end=16, value="Mersin", country="TUR", lat=36.8, lon=34.64,
        radius_km=12.0, place_type="point", confidence=0.9,
    )  # fmt: skip


def test_else_the_mention_of_the_same_words() -> None:
    (claim,) = geocode_claims([_claim(ClaimPlace(role="transit", text="MERSIN", start=90, end=96))], [MENTION])
    assert claim.places[0].lat == 36.8


def test_an_unanswered_place_stays_as_reported() -> None:
    place = ClaimPlace(role="delivery", text="Nowhere", start=90, end=97)
    assert geocode_claims([_claim(place)], [MENTION])[0].places == (place,)


def test_other_mentions_and_claims_without_places_are_untouched() -> None:
    claim = _claim()
    assert geocode_claims([claim], [StateMention(text="Libya", start=0, end=5, value="LBY")]) == [claim]
    assert geocode_claims([claim], [MENTION]) == [claim]
