"""Search as part of the store contract: whatever the query, a store finds what transforms/search/match.py says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.samples import event, later
from tests.sinks.contract import Factory
from tests.sinks.seeded import register
from transforms.contracts import Store
from transforms.records import Claim, Event
from transforms.search.card import atom, card
from transforms.search.match import ordered
from transforms.search.parse import parse
from transforms.search.query import SORTED_BY, Among, Bound, Clause, Query, Said, Within

CARDS = tuple(map(card, register()))
ATOMS = [*sorted({made for one in CARDS for made in one.atoms}), atom("supplier", "nowhere")]
WORDS = [*sorted({word for one in CARDS for word in one.words if word != "¶"}), "absent"]
PHRASES = sorted({one.words[n : n + size] for one in CARDS for n in range(len(one.words)) for size in (1, 2, 3)})
COLUMNS = sorted(CARDS[0].numbers)
VALUES = {column: sorted({one.numbers[column] for one in CARDS}) for column in COLUMNS}


@st.composite
def _bounds(draw: st.DrawFn) -> Bound:
    column = draw(st.sampled_from(COLUMNS))
    value = draw(st.sampled_from(VALUES[column])) + draw(st.integers(-1, 1))
    return Bound(column=column, op=draw(st.sampled_from([">=", "<="])), value=value)  # type: ignore[arg-type]


_AMONG = st.builds(
    Among, atoms=st.lists(st.sampled_from(ATOMS), min_size=1, max_size=3).map(tuple), negated=st.booleans()
)
_PHRASES = st.sampled_from([p for p in PHRASES if "¶" not in p]) | st.lists(
    st.sampled_from(WORDS), min_size=1, max_size=3
).map(tuple)
_SAID = st.builds(Said, phrases=st.lists(_PHRASES, min_size=1, max_size=3).map(tuple), negated=st.booleans())
_BEGINS = st.builds(
    lambda word, size, negated: Said(phrases=((word[: max(1, size)],),), prefix=True, negated=negated),
    st.sampled_from(WORDS), st.integers(1, 5), st.booleans(),
)  # fmt: skip
_WITHIN = st.builds(Within, bounds=st.lists(_bounds(), min_size=1, max_size=2).map(tuple), negated=st.booleans())
_CLAUSES: st.SearchStrategy[Clause] = _AMONG | _SAID | _BEGINS | _WITHIN
QUERIES = st.builds(
    Query,
    clauses=st.lists(_CLAUSES, max_size=4).map(tuple),
    sort=st.sampled_from(sorted(SORTED_BY)),
    ascending=st.booleans(),
)


class SearchContract:
    """Inherit from it and give a ``factory`` fixture; ``settle`` makes lagging searches catch up."""

    @pytest.fixture
    def store(self, factory: Factory) -> Store:
        store = factory()
        store.init()
        return store

    @pytest.fixture
    def seeded(self, store: Store) -> Store:
        assert not store.put_events([(one, "") for one in register()])
        self.settle(store)
        return store

    def settle(self, store: Store) -> None:
        """Let searches see what was written."""

    @given(query=QUERIES)
    @settings(
        max_examples=150, deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors,
                               HealthCheck.too_slow],
    )  # fmt: skip
    def test_any_query_finds_what_it_means_in_its_order(self, seeded: Store, query: Query) -> None:
        wanted = [one.id for one in ordered(query, CARDS)]
        assert [found.id for found in seeded.search(query)] == wanted
        assert seeded.count(query) == len(wanted)
        assert [found.id for found in seeded.search(query, limit=3)] == wanted[:3]

    @pytest.mark.parametrize(
        "text",
        [
            "", "supplier:PRK", "supplier:Иран,PRK -recipient:RUS", 'weapon:"Geran-2"', "Geran-2", "north korea",
            '"anti-tank missiles"', "missil* -stage:delivered", "since:2024-01 until:2024-03",
            "origins:>=2 embargo:yes", "imo:9187629", "place:Латакия", "review:unreviewed standing:disputed,denied",
            "changed-since:30d",
            "confidence:0.57", "导弹", "القذائف", "either:houthis language:ru", "-supplier:RUS -missiles", "says:RUS",
            "registration:ep-goq", "text:drones,rifles", "recipient:LBY", "transit:Oman", "supplier:@gcc",
        ],
    )  # fmt: skip
    def test_what_people_write(self, seeded: Store, text: str) -> None:
        query = parse(text, later(hours=1))
        wanted = [one.id for one in ordered(query, CARDS)]
        assert [found.id for found in seeded.search(query)] == wanted
        assert seeded.count(query) == len(wanted)

    def test_events_come_back_whole(self, seeded: Store) -> None:
        by_id = {one.id: one for one in register()}
        assert [found == by_id[found.id] for found in seeded.search(Query(), limit=5)] == [True] * 5

    def test_a_changed_event_is_found_by_what_it_is_now(self, store: Store) -> None:
        store.put_event(event("v1", stage="shipped"), "")
        read = store.events(["v1"])["v1"]
        assert store.put_event(replace(read.value, stage="seized", markings=("lot 7",)), read.version)
        # Decided on an old version: neither the event nor what it is found by changes.
        assert not store.put_event(replace(read.value, stage="refused"), read.version)
        self.settle(store)
        for text, ids in [("stage:shipped", []), ("stage:seized", ["v1"]), ('"lot 7"', ["v1"]), ("stage:refused", [])]:
            assert [found.id for found in store.search(parse(text, later()))] == ids

    def test_a_merged_event_is_no_longer_found(self, store: Store) -> None:
        store.put_event(event("v1"), "")
        read = store.events(["v1"])["v1"]
        store.put_event(event("v2"), "")
        store.put_event(replace(read.value, merged_into="v2"), read.version)
        self.settle(store)
        for text in ("", "supplier:PRK", "-supplier:SDN"):
            assert [found.id for found in store.search(parse(text, later()))] == ["v2"]
        again = store.events(["v1"])["v1"]
        store.put_event(replace(again.value, merged_into=None), again.version)
        self.settle(store)
        assert store.count(parse("supplier:PRK", later())) == 2

    def test_more_events_than_a_page_stream_in_order(self, store: Store) -> None:
        many = [event(f"v{n:04}", origins=n % 7) for n in range(450)]
        store.put_events([(one, "") for one in many])
        self.settle(store)
        query = parse("supplier:PRK", later(), sort="origins")
        wanted = [one.id for one in sorted(many, key=lambda one: (-one.origins, one.id))]
        assert [found.id for found in store.search(query)] == wanted

    def test_a_thousand_alternatives_are_one_query(self, seeded: Store) -> None:
        atoms = (*tuple(atom("supplier", f"x{n}") for n in range(1000)), atom("supplier", "IRN"))
        phrases = (*tuple((f"w{n}", "x") for n in range(400)), ("geran", "2"))
        query = Query(clauses=(Among(atoms=atoms), Said(phrases=phrases)))
        assert [found.id for found in seeded.search(query)] == [one.id for one in ordered(query, CARDS)]

    @pytest.mark.parametrize("odd", ["x" * 5000, "NEAR AND \"OR\" * ^ ( ) : - 'x'", "\x00\u2028\u00adtext", "𝕳𝖎 🚀 ẞ"])
    def test_odd_texts_are_searched_like_others(self, store: Store, odd: str) -> None:
        told = Claim(
            id="c", document="a", supplier=event().supplier, recipient=event().recipient, start=0, end=1, quote=odd
        )
        made: Event = event("v1", claims=(told,), markings=(odd,))
        store.put_event(made, "")
        self.settle(store)
        words = [word for word in card(made).words if word != "¶"]
        query = Query(clauses=tuple(Said(phrases=((word,),)) for word in words))
        assert [found.id for found in store.search(query)] == ["v1"]
        assert store.count(Query(clauses=(Among(atoms=(atom("marking", odd),)),))) == 1
