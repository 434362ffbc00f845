"""Stories: copies found by key, confirmed on the text, decided once for every worker and every replay."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinks.sqlite import SqliteStore
from tests.read.texts import ESTONIA, NORLAND
from tests.samples import NOW, article, later
from transforms.contracts import Store, StoreError
from transforms.read import assign_story
from transforms.read.alignment import align, same_story
from transforms.read.fingerprint import Fingerprint, fingerprint, keys
from transforms.read.furniture import furniture_of
from transforms.read.lines import lines_of
from transforms.read.stories import assign_stories
from transforms.records import Article


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    found = SqliteStore(str(tmp_path / "s.db"))
    found.init()
    yield found
    found.close()


def one(id: str, text: str, at: datetime = NOW) -> Article:
    return article(id, text=text, first_seen=at, passages=furniture_of(lines_of(text)))


def put(store: Store, written: Article) -> Article:
    """As WriteArticles does."""
    found = assign_story(store, written, written.first_seen)
    store.put_articles([found])
    return found


def print_of(text: str) -> Fingerprint:
    return fingerprint(one("x", text), lines_of(text))


def told(found: Article) -> tuple[str | None, str | None]:
    return found.story, found.copy_of


PARTS = NORLAND.split("\n\n")


@pytest.mark.parametrize(
    "copy",
    [
        NORLAND,
        "\n\n".join(PARTS[:2]),
        "\n\n".join([PARTS[0], PARTS[3], PARTS[1], PARTS[2]]),
        f"close\n\nShare on Facebook\n\n{NORLAND}\n\nRelated Articles\n\nSeven boats for Peru",
        "\n\n".join([PARTS[0], ESTONIA.split("\n\n")[1], *PARTS[1:]]),
        f"OSLO, June 4 (Reuters) - {NORLAND}",
        NORLAND.replace("handed over", "given").replace("spokesman", "spokeswoman").replace("freighter", "ship"),
        NORLAND.upper(),
    ],
)
def test_a_copy(store: SqliteStore, copy: str) -> None:
    assert told(put(store, one("lead", NORLAND))) == ("lead", None)
    assert told(put(store, one("copy", copy, later(hours=3)))) == ("lead", "lead")


def test_another_story_on_the_topic_that_shares_its_background(store: SqliteStore) -> None:
    other = (
        "Norway is to train 200 Moldovan gunners in the mountains near Bardufoss, the army's chief said in an "
        "interview.\n\nThe course lasts nine weeks and begins after Easter. Instructors from Denmark help, and the "
        f"costs are shared.\n\n{PARTS[2]}"
    )
    assert told(put(store, one("a", NORLAND))) == ("a", None)
    assert told(put(store, one("b", other))) == ("b", None)


@pytest.mark.parametrize(
    ("before", "after"),
    [("18 refurbished", "24 refurbished"), ("31 million kroner", "46 million kroner"), ("Moldova", "Albania")],
)
def test_an_official_series_is_never_one_story(store: SqliteStore, before: str, after: str) -> None:
    text = NORLAND.replace("Moldova", "Moldova, and Moldova only,", 1).replace("new battalion", "battalion in Moldova")
    put(store, one("a", text))
    assert told(put(store, one("b", text.replace(before, after)))) == ("b", None)


def test_a_copy_of_a_copy_and_one_after_the_window(store: SqliteStore) -> None:
    put(store, one("a", NORLAND))
    put(store, one("b", "\n\n".join(PARTS[:3]), later(days=1)))
    assert told(put(store, one("c", "\n\n".join(PARTS[:2]), later(days=2)))) == ("a", "a")
    assert told(put(store, one("d", NORLAND, later(days=40)))) == ("d", None)


def test_furniture_makes_no_story(store: SqliteStore) -> None:
    same = "Sign up for our newsletter to get the latest on guns and ships every morning\n\n" * 6
    put(store, one("a", same + PARTS[0]))
    assert told(put(store, one("b", same + ESTONIA))) == ("b", None)


def test_empty_and_tiny_texts(store: SqliteStore) -> None:
    for id, text in (("a", ""), ("b", ""), ("c", "Guns came."), ("d", "Guns left.")):
        assert told(put(store, one(id, text))) == (id, None)
    assert told(put(store, one("e", "The guns came by sea."))) == ("e", None)
    assert told(put(store, one("f", "The guns came by sea."))) == ("e", "e")


def test_a_replay_and_a_revision_keep_the_answer(store: SqliteStore) -> None:
    put(store, one("lead", NORLAND))
    put(store, one("copy", NORLAND, later(hours=1)))
    put(store, one("later", ESTONIA, later(hours=2)))
    assert told(put(store, one("lead", NORLAND))) == ("lead", None)
    assert told(put(store, one("copy", NORLAND, later(hours=1)))) == ("lead", "lead")
    assert told(put(store, one("copy", ESTONIA, later(hours=1)))) == ("lead", "lead")


class Dies(Exception):
    pass


class Mortal:
    """A store on which the n-th write fails, as if the process had been killed there."""

    def __init__(self, store: Store, left: int) -> None:
        self._store, self._left = store, left

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if not name.startswith("put_"):
            return found

        def write(*args: Any) -> Any:
            self._left -= 1
            if self._left < 0:
                raise Dies
            return found(*args)

        return write


def test_killed_at_any_write_and_started_again(store: SqliteStore) -> None:
    put(store, one("lead", NORLAND))
    deaths = 0
    for left in range(20):
        copy = one(f"copy {left}", NORLAND, later(hours=1))
        try:
            put(Mortal(store, left), copy)  # type: ignore[arg-type]
        except Dies:
            deaths += 1
            assert told(put(store, copy)) == ("lead", "lead")
    assert deaths == 4  # the article, its buckets, the decision, the article with it


class Meanwhile:
    """A store on which something happens just before the first write of a kind of key."""

    def __init__(self, store: Store, prefix: str, happens: Any) -> None:
        self._store, self._prefix, self._happens = store, prefix, happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put_buckets(self, kind: Any, writes: Mapping[str, Any]) -> Collection[str]:
        if self._happens and any(key.startswith(self._prefix) for key in writes):
            happens, self._happens = self._happens, None
            happens()
        return self._store.put_buckets(kind, writes)


@pytest.mark.parametrize("moment", ["story|", "l0", "n0", "w0", "w9"])
@pytest.mark.parametrize("hours", [1, -1, 0])
def test_two_workers_at_once_agree(store: SqliteStore, moment: str, hours: int) -> None:
    """Another worker takes up a copy between two writes of the first, seen earlier, later or at the same time."""
    second: list[Article] = []
    racing = Meanwhile(store, moment, lambda: second.append(put(store, one("b", NORLAND, later(hours=hours)))))
    first = put(racing, one("a", NORLAND))  # type: ignore[arg-type]
    assert first.story == second[0].story
    assert {first.copy_of, second[0].copy_of} == {None, first.story}


def test_threads(tmp_path: Path) -> None:
    path = str(tmp_path / "s.db")
    SqliteStore(path).init()
    start = threading.Barrier(4)
    found: dict[str, Article] = {}

    def work(number: int) -> None:
        mine = SqliteStore(path)
        start.wait()
        for round_ in range(4):
            text = NORLAND.replace("howitzers", ("howitzers", "mortars", "rockets", "radars")[round_])
            text = text.replace("18", str(18 + 100 * round_)).replace("4,200", str(4200 + round_))
            id = f"{round_}.{number}"
            found[id] = put(mine, one(id, text, later(minutes=number)))
        mine.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for round_ in range(4):
        stories = {found[f"{round_}.{number}"].story for number in range(4)}
        assert len(stories) == 1
        assert sum(found[f"{round_}.{number}"].copy_of is None for number in range(4)) == 1


def test_a_bucket_id_without_its_article_is_ignored(store: SqliteStore) -> None:
    class Forgetful(Meanwhile):
        def put_articles(self, articles: Sequence[Article]) -> None:
            pass

    assign_story(Forgetful(store, "none", None), one("ghost", NORLAND), NOW)  # type: ignore[arg-type]
    assert told(put(store, one("a", NORLAND, later(hours=1)))) == ("a", None)


def test_buckets_stay_bounded(store: SqliteStore) -> None:
    phrase = "The spokesman declined to comment on the matter any further today."
    for number in range(60):
        text = f"{phrase} Case {number} concerns {number * 7 + 3} crates of kind {number * 11} from port {number}."
        put(store, one(f"a{number:02}", text))
    names = keys(print_of(f"{phrase} Case 1 concerns 10 crates of kind 11 from port 1."))
    assert max(len(bucket.value) for bucket in store.bucket("story_band", names).values()) == 24


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="ab c.D1 9\n", max_size=400), st.text(alphabet="ab c.D1 9\n", max_size=400))
def test_comparison_is_symmetric_and_reflexive(a: str, b: str) -> None:
    one_, other = print_of(a), print_of(b)
    assert same_story(one_, other) == same_story(other, one_)
    assert not one_.words or same_story(one_, one_) or align(one_, one_).coverage < 1
    assert keys(one_) == keys(print_of(a))


def test_a_rewriting_of_a_story_that_everybody_prints(store: SqliteStore) -> None:
    for number in range(40):
        put(store, one(f"c{number:02}", NORLAND, later(minutes=number)))
    words = NORLAND.split(" ")
    rewritten = " ".join("thus" if i % 4 == 3 and word.islower() else word for i, word in enumerate(words))
    assert told(put(store, one("r", rewritten, later(hours=5)))) == ("c00", "c00")


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_many_together_are_decided_as_one_after_the_other(random: Random, size: int) -> None:
    """Whatever is in one bundle: the register of stories is the one that single articles leave."""
    texts = [NORLAND, ESTONIA, "\n\n".join(PARTS[:3]), "Guns came.", ""]
    given_ = [one(f"a{n:02}", texts[n % len(texts)], later(minutes=n)) for n in range(20)]
    with TemporaryDirectory() as folder:
        single, together = SqliteStore(f"{folder}/single.db"), SqliteStore(f"{folder}/together.db")
        for opened in (single, together):
            opened.init()
        expected = {found.id: told(found) for found in (put(single, each) for each in given_)}
        found = {}
        for start in range(0, len(given_), size):
            bundle = given_[start : start + size]
            random.shuffle(bundle)
            for each in assign_stories(together, bundle, bundle[0].first_seen):
                assert isinstance(each, Article)
                found[each.id] = told(each)
            together.put_articles([each for each in bundle if each.id in found])
        single.close()
        together.close()
    assert found == expected


def test_a_bundle_of_articles_costs_no_more_requests_than_one(store: SqliteStore) -> None:
    calls: list[str] = []

    class Counting:
        def __getattr__(self, name: str) -> Any:
            calls.append(name)
            return getattr(store, name)

    assign_stories(Counting(), [one("first", ESTONIA)], NOW)  # type: ignore[arg-type]
    alone = len(calls)
    calls.clear()
    others = [one(f"b{n:02}", f"Lot {n * 7919} of {n * 31} crates came to port {n} on ship {n}.") for n in range(30)]
    copies = [one(f"c{n:02}", NORLAND, later(minutes=n)) for n in range(9)]
    found = assign_stories(Counting(), [*others, *copies], NOW)  # type: ignore[arg-type]
    assert len(calls) <= alone + 3
    assert {x.story for x in found if isinstance(x, Article)} >= {"c00", "b07", "b29"}


def test_an_article_that_the_store_refuses_is_no_other_ones_matter(store: SqliteStore) -> None:
    class Choosy(Meanwhile):
        def put_articles(self, articles: Sequence[Article]) -> None:
            if any(found.id == "bad" for found in articles):
                raise StoreError("bad: will not pass")
            self._store.put_articles(articles)

    choosy: Any = Choosy(store, "none", None)
    good, bad, copy = assign_stories(choosy, [one("good", NORLAND), one("bad", ESTONIA), one("z", NORLAND)], NOW)
    assert isinstance(bad, StoreError)
    assert isinstance(good, Article)
    assert isinstance(copy, Article)
    assert (told(good), told(copy)) == (("good", None), ("good", "good"))


WIRE = NORLAND.replace("Norway has", "OSLO, June 4 (Reuters) - Norway has", 1)


def wired(id: str, text: str, at: datetime) -> Article:
    return replace(one(id, text, at), publisher=f"paper-{id}", origin="reuters")


def test_a_copy_with_a_figure_put_right_is_an_update_of_the_story(store: SqliteStore) -> None:
    """One that says so, and a wire's text, which no other paper alters but to correct it."""
    put(store, one("a", NORLAND))
    corrected = NORLAND.replace("18 refurbished", "24 refurbished")
    assert told(put(store, replace(one("b", corrected, later(hours=2)), title="CORRECTED-Guns for Moldova"))) == (
        "a",
        "a",
    )
    assert told(put(store, one("c", f"{corrected}\n\n(Corrects number of guns in first paragraph)"))) == ("a", "a")
    put(store, wired("w", ESTONIA, later(hours=3)))
    assert told(put(store, wired("x", ESTONIA.replace("40 mine", "14 mine"), later(hours=4)))) == ("w", "w")


@pytest.mark.parametrize(
    "text",
    [
        NORLAND.replace("18 refurbished", "24 refurbished").replace("31 million", "46 million"),
        NORLAND.replace("Moldova", "Albania").replace("Chisinau", "Tirana").replace("Balti", "Durres"),
    ],
)
def test_what_differs_in_more_than_a_figure_is_no_correction(store: SqliteStore, text: str) -> None:
    put(store, one("a", NORLAND.replace("new battalion", "battalion in Moldova")))
    other = text.replace("new battalion", f"battalion in {'Albania' if 'Albania' in text else 'Moldova'}")
    assert told(put(store, replace(one("b", other), title="UPDATE 1-Guns"))) == ("b", None)


def rewritten(text: str, every: int, first: int) -> str:
    words = text.split(" ")
    return " ".join("thus" if i % every == first and w.islower() else w for i, w in enumerate(words))


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0), (2, 1, 0)])
def test_a_rewriting_joins_its_story_whichever_comes_first(store: SqliteStore, order: tuple[int, ...]) -> None:
    texts = [NORLAND, rewritten(NORLAND, 3, 0), rewritten(NORLAND, 3, 1)]
    found = [put(store, one(f"t{n}", texts[n], later(hours=place))) for place, n in enumerate(order)]
    assert {article.story for article in found} == {f"t{order[0]}"}


def test_two_fillings_of_one_form_whose_figures_agree_by_chance(store: SqliteStore) -> None:
    form = (
        "The Ministry of {} has decided on a possible sale of {} to {} for an estimated cost of $99 million. "
        "Parliament was notified on August 28.\n\n{}\n\nThe government of {} has asked to buy 17 of them. {}"
    )
    a = form.format("Jordan", "mortar bombs", "Ruritania", "The depot is old.", "Ruritania", "They go by sea.")
    b = form.format("Serbia", "trainers", "Jordan", "Crews are to be hired.", "Jordan", "A bank lends the money.")
    put(store, one("a", a))
    assert told(put(store, one("b", b))) == ("b", None)
