"""What a page tells of each mention, and the part it plays in a claim."""

from __future__ import annotations

from typing import Any

from pipeline.explain.marks import Mark, marks_of
from tests.samples import claim
from transforms.recognise.mentions import recognise, subject
from transforms.records import Amount, Claim, ClaimPlace, Document, Goods, Money, Party, Voice


def read(text: str, *claims: Claim, published: str | None = None) -> list[Mark]:
    document = Document(id="d", text=text, published=published)
    return marks_of(text, recognise(subject(document)), claims, published)


def of(marks: list[Mark], text: str) -> list[Mark]:
    return [mark for mark in marks if mark.text == text]


def spanned(text: str, quote: str, **fields: Any) -> Claim:
    start = text.index(quote)
    return claim(start=start, end=start + len(quote), quote=quote, **fields)


TEXT = (
    "Russia was silent. Iran shipped 12 Shahed-136 drones worth $4 million to the Houthis in Hodeidah, the ministry of"
    " Zembla said. Russian papers doubted it. Russia denied it."
)


def claimed() -> Claim:
    place = TEXT.index("Hodeidah")
    return spanned(
        TEXT,
        "Iran shipped 12 Shahed-136 drones worth $4 million to the Houthis",
        supplier=Party(iso3="IRN", name="Iran"),
        recipient=Party(actor="houthis", name="Houthis"),
        goods=(Goods(value="Shahed-136", category="UAV"),),
        quantity=Amount(number=12, unit="aircraft"),
        value=Money(amount=4_000_000, currency="USD"),
        places=(ClaimPlace(role="delivery", text="Hodeidah", start=place, end=place + 8),),
        asserted_by=(Voice(name="ministry of Zembla"),),
        denied_by=(Voice(name="Russia", iso3="RUS"),),
    )


def test_each_mention_is_told_with_its_part_in_the_claim() -> None:
    roles = {(mark.text, mark.start): mark.roles for mark in read(TEXT, claimed()) if mark.roles}
    assert {(text, role) for (text, _), found in roles.items() for _, role in found} == {
        ("Iran", "supplier"),
        ("Houthis", "recipient"),
        ("Shahed-136 drones", "goods"),
        ("12 Shahed-136 drones", "number"),
        ("$4 million", "value"),
        ("Hodeidah", "place of delivery"),
        ("ministry of Zembla", "asserts"),
        ("Russia", "denies"),
    }


def test_who_denies_is_looked_for_after_the_claim_and_as_a_whole_word() -> None:
    denier = next(mark for mark in read(TEXT, claimed()) if (1, "denies") in mark.roles)
    assert denier.start == TEXT.index("Russia denied")


def test_a_speaker_in_no_catalogue_is_marked_where_the_text_names_it() -> None:
    (mark,) = of(read(TEXT, claimed()), "ministry of Zembla")
    assert (mark.kind, mark.why) == ("party", "named as who asserts or denies")


def test_a_mention_says_what_it_was_read_as_and_why() -> None:
    marks = read("Moscow sent two S-400 systems to its Turkish partner on 3 May.", published="2019-07-12")
    (system,) = [mark for mark in marks if mark.kind == "weapon"]
    assert (system.value, system.why) == ("S-400 Triumf", "a system of the catalogue, by name")
    assert dict(system.facts)["developed or made in"] == "Russia (RUS)"
    assert of(marks, "Moscow")[0].value == "Russia (RUS)"
    assert of(marks, "Moscow")[0].why == "stands for the state's government"
    assert of(marks, "Turkish")[0].why == "an adjective or demonym of the state"
    (date,) = [mark for mark in marks if mark.kind == "date"]
    assert (date.value, date.why) == ("2019-05-03", "read against the date of publication, 2019-07-12")


def test_a_party_told_before_the_sentence_is_the_nearest_one_before_it() -> None:
    text = "Iran met Iran again. It shipped tanks to Syria. Iran left."
    told = spanned(text, "It shipped tanks to Syria", supplier=Party(iso3="IRN"), recipient=Party(iso3="SYR"))
    supplier = next(mark for mark in read(text, told) if (1, "supplier") in mark.roles)
    assert supplier.start == text.index("Iran again")


def test_an_actor_of_the_catalogue_is_a_party() -> None:
    (mark,) = of(read("Rockets reached Hezbollah."), "Hezbollah")
    assert (mark.kind, mark.value, dict(mark.facts)["seated in"]) == ("party", "Hezbollah", "Lebanon (LBN)")


def test_a_party_known_to_no_catalogue_is_marked_by_its_name() -> None:
    text = "Zemblan Arms Works sold tanks to Syria."
    told = spanned(text, text[:-1], supplier=Party(name="Zemblan Arms Works"), recipient=Party(iso3="SYR"))
    (mark,) = of(read(text, told), "Zemblan Arms Works")
    assert (mark.why, mark.roles) == ("named by the sentence; in no catalogue", ((1, "supplier"),))
