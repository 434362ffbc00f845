"""The query language: what each piece means, and what is said of what it is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.search.card import micros
from transforms.search.fields import FIELDS
from transforms.search.hints import hints, requoted
from transforms.search.parse import parse
from transforms.search.query import Among, Bound, Clause, Query, QueryError, Said, Within

NOW = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)


def only(text: str) -> Clause:
    (clause,) = parse(text, NOW).clauses
    return clause


def atoms(text: str) -> set[str]:
    clause = only(text)
    assert isinstance(clause, Among)
    return set(clause.atoms)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("supplier:PRK", {"supplier·prk"}),
        ("supplier:kp", {"supplier·prk"}),
        ("supplier:Иран", {"supplier·irn"}),
        ('recipient:"North Korea"', {"recipient·prk"}),
        ("recipient:«Северная Корея»", {"recipient·prk"}),
        ("either:Houthis", {"either·houthis"}),
        ("supplier:PRK,Iran", {"supplier·prk", "supplier·irn"}),
        ("supplier:unknown", {"supplier·unknown"}),
        ("recipient:@baltics", {"recipient·est", "recipient·lva", "recipient·ltu"}),
        ("weapon:Geran-2", {"weapon·shahed136", "weapon·ms001shahed"}),
        ('weapon:"баллистические ракеты"', {"weapon·ballisticmissile"}),
        ("weapon:T-72B3", {"weapon·t72b3"}),
        ("family:shahed", {"family·shahed"}),
        ("category:vii,UAV,air-defence", {"category·vii", "category·uav", "category·airdefence"}),
        ("stage:in_use", {"stage·inuse"}),
        ("STAGE:Delivered", {"stage·delivered"}),
        ("embargo:yes", {"embargo·yes"}),
        ('imo:"IMO 9187629"', {"imo·9187629"}),
        ("registration:EP-GOQ", {"registration·epgoq"}),
        ("says:Seoul", {"says·kor", "says·seoul"}),
        ('denies:"the mission"', {"denies·themission"}),
        ("review:unreviewed", {"review·unreviewed"}),
    ],
)
def test_values_are_resolved_to_what_cards_have(text: str, found: set[str]) -> None:
    assert atoms(text) == found


def test_a_record_has_its_variants_and_a_variant_only_itself() -> None:
    assert {"weapon·t72", "weapon·t72b3"} <= atoms("weapon:T-72")


def test_a_minus_negates_anything() -> None:
    query = parse('-supplier:RUS -drones -"lot 5" −stage:seized', NOW)
    assert [clause.negated for clause in query.clauses] == [True] * 4


def test_words_stand_for_every_name_of_what_is_called_so() -> None:
    clause = only("Geran-2")
    assert isinstance(clause, Said)
    assert clause.phrases[0] == ("geran", "2")
    assert {("shahed", "136"), ("геран", "2")} <= set(clause.phrases)
    # Names that are ordinary words too are not looked for: they may mean something else.
    assert ("shahed",) not in clause.phrases


def test_words_beside_each_other_are_one_name_where_a_catalogue_has_it() -> None:
    korea, tanks = parse("north korea tanks", NOW).clauses
    assert isinstance(korea, Said) and isinstance(tanks, Said)
    assert {("north", "korea"), ("dprk",), ("prk",), ("кндр",)} <= set(korea.phrases)
    assert (korea.shown, tanks.shown) == ("north korea", "tanks")
    # A noun for weapons stands for its forms in every language.
    assert {("tank",), ("танк",), ("دباب",)} <= set(tanks.phrases)


def test_quotations_are_looked_for_as_they_are() -> None:
    assert only('"North Korea"') == Said(phrases=(("north", "korea"),), shown='"North Korea"')
    assert only("„Nord Korea“") == Said(phrases=(("nord", "korea"),), shown="„Nord Korea“")


def test_a_star_is_the_beginning_of_a_word() -> None:
    assert only("missil*") == Said(phrases=(("missil",),), prefix=True, shown="missil*")


def test_either_of_several_words() -> None:
    clause = only('text:dhow,"speed boat"')
    assert isinstance(clause, Said)
    assert {("dhow",), ("speed", "boat")} <= set(clause.phrases)


def day(value: str) -> int:
    return date.fromisoformat(value).toordinal()


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("since:2024-01", [("last", ">=", day("2024-01-01"))]),
        ("until:2024-02", [("first", "<=", day("2024-02-29"))]),
        ("since:2024-W10", [("last", ">=", day("2024-03-04"))]),
        ("since:7d", [("last", ">=", day("2026-11-18"))]),
        ("changed-since:36h", [("changed", ">=", micros(NOW - timedelta(hours=36)))]),
        ("changed_since:2024-05", [("changed", ">=", micros(datetime(2024, 5, 1, tzinfo=UTC)))]),
        ("new-since:today", [("seen", ">=", micros(datetime(2026, 11, 25, tzinfo=UTC)))]),
        ("origins:>=2", [("origins", ">=", 2)]),
        ("origins:>2", [("origins", ">=", 3)]),
        ("origins:<2", [("origins", "<=", 1)]),
        ("articles:2..5", [("articles", ">=", 2), ("articles", "<=", 5)]),
        ("credibility:2", [("credibility", ">=", 2), ("credibility", "<=", 2)]),
        ("confidence:>=0.57", [("confidence", ">=", 570)]),
        ("confidence:>0.5705", [("confidence", ">=", 571)]),
        ("confidence:<0.5705", [("confidence", "<=", 570)]),
    ],
)
def test_ranges(text: str, bounds: list[tuple[str, str, int]]) -> None:
    clause = only(text)
    assert isinstance(clause, Within)
    assert clause.bounds == tuple(Bound(column=c, op=o, value=v) for c, o, v in bounds)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "at", "end", "message"),
    [
        ("supplir:PRK", 0, 7, "there is no field 'supplir'; did you mean supplier"),
        ("zzz:1", 0, 3, "known are supplier, recipient, either"),
        ("stage:shipped supplier:Nirth-Korea", 23, 34, "no state or party; did you mean North Korea (PRK)?"),
        ("supplier:@nata", 9, 14, "there is no group '@nata'; known are @asean"),
        ("stage:deliverd", 6, 14, "requested, offered, announced"),
        ("stage:deliverd", 6, 14, "did you mean delivered?"),
        ("family:Shahid", 7, 13, "did you mean Shahed"),
        ("since:yesterday", 6, 15, "2024-05-17, 2024-W20, today"),
        ("since:2024-13", 6, 13, "is no date"),
        ("since:2024,2025", 10, 11, "takes one value"),
        ("origins:two", 8, 11, ">=2, <=5, 2..5 or 2"),
        ("imo:12", 4, 6, "seven digits"),
        ('"open', 0, 5, "the quotation is not closed"),
        ("supplier:", 9, 10, "needs a value, for example supplier:PRK"),
        ("supplier:PRK,", 9, 14, "needs a value"),
        ('supplier:"PRK"RUS', 14, 15, "a blank is missing"),
        ("tanks OR drones", 6, 8, "written with a comma"),
        ("NOT tanks", 0, 3, "written with a minus"),
        ("&&", 0, 2, "no letter or digit"),
        ("x*", 0, 2, "at least two letters"),
        ("T-72*", 0, 5, "one word"),
        ("marking:—", 8, 9, "no letter or digit"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, at: int, end: int, message: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(text, NOW)
    assert message in str(raised.value)
    assert (raised.value.at, raised.value.end) == (at, end)


def test_the_wrong_part_is_pointed_at() -> None:
    with pytest.raises(QueryError) as raised:
        parse("stage:seized imo:12", NOW)
    assert raised.value.pointed().splitlines()[:2] == ["stage:seized imo:12", "                 ^^"]


def test_a_weapon_of_no_catalogue_is_searched_with_a_note() -> None:
    query = parse("weapon:Shahid-163", NOW)
    assert query.clauses[0] == Among(atoms=("weapon·shahid163",), shown="weapon:Shahid-163")
    assert "Shahed" in query.notes[0]


def test_every_field_has_an_example_that_is_understood() -> None:
    for field in FIELDS.values():
        assert parse(f"{field.name}:{field.example}", NOW).clauses


def test_an_empty_query_has_no_condition() -> None:
    assert parse("  ", NOW, sort="changed", ascending=True) == Query(sort="changed", ascending=True)


_PIECES = st.sampled_from([*(f"{name}:" for name in FIELDS), "-", '"', ",", " ", "*", "PRK", "2024", "@", "«", ">=2"])


@given(st.text(max_size=80) | st.lists(_PIECES | st.text(max_size=5), max_size=12).map("".join))
@settings(deadline=None)  # the first misspelt name makes the tables
def test_any_text_is_a_query_or_an_error_with_a_place(text: str) -> None:
    wrong: QueryError | None = None
    try:
        parse(text, NOW)
    except QueryError as error:
        wrong = error
    assert wrong is None or (0 <= wrong.at < wrong.end and str(wrong) and len(wrong.pointed().splitlines()) >= 3)


@pytest.mark.parametrize(
    ("given_", "query"),
    [
        (["supplier:PRK stage:seized"], "supplier:PRK stage:seized"),
        (["supplier:PRK", "weapon:Geran 2"], 'supplier:PRK weapon:"Geran 2"'),
        (["-supplier:North Korea", "port of call"], '-supplier:"North Korea" "port of call"'),
        (["drones", '"a b" c'], 'drones "a b" c'),
    ],
)
def test_quotation_marks_that_the_shell_took_are_put_back(given_: list[str], query: str) -> None:
    assert requoted(given_) == query


def test_hints_tell_which_term_finds_something() -> None:
    query = parse("supplier:PRK -stage:seized origins:>=9", NOW)
    counts = {"supplier": 5, "stage": 3, "origins": 0}

    def count(asked: Query) -> int:
        return min(counts[clause.shown.partition(":")[0]] for clause in asked.clauses)

    told = [(hint.term, hint.alone, hint.without) for hint in hints(query, count)]
    assert told == [("origins:>=9", 0, 3), ("supplier:North Korea (PRK)", 5, 0), ("-stage:seized", 3, 0)]


@pytest.mark.parametrize("query", ["confidence:0.5..0.2", "origins:5..2"])
def test_a_range_that_runs_backwards_would_find_nothing_silently(query: str) -> None:
    low, high = query.partition(":")[2].split("..")
    with pytest.raises(QueryError, match=f"runs backwards: {low} is more than {high}; write {high}..{low}"):
        parse(query, NOW)


def test_a_range_of_one_number_is_a_range() -> None:
    assert isinstance(only("confidence:0.50..0.5"), Within)
