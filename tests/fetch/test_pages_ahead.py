"""A slow host holds up its own pages and nobody else's; a page that is late is collected at its entry's next turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.samples import NOW, entry
from transforms.fetch.background import MANY, Background
from transforms.fetch.pages import Outcome, Retrieved, Retry, Wanted
from transforms.fetch.pages_ahead import PagesAhead
from transforms.fetch.worker import client_factory
from transforms.sources import Source

HTML = "<html><body><p>Norland shipped ten tanks.</p></body></html>"
SOURCE = Source(id="un", url="https://un.example/feed", allow_private=True, robots=False, full_text="page")


class Site:
    """Two hosts: one answers at once, the other when told."""

    def __init__(self) -> None:
        self.quick, self.slow = HTTPServer("127.0.0.1", 0, threaded=True), HTTPServer("127.0.0.1", 0, threaded=True)
        self.answer = threading.Event()
        self.asked: list[str] = []
        self.quick.expect_request("/q").respond_with_data(HTML, content_type="text/html")
        self.slow.expect_request("/s").respond_with_handler(self._slowly)
        self.slow.expect_request("/s2").respond_with_handler(self._slowly)
        self.slow.expect_request("/busy-later").respond_with_handler(lambda request: self._slowly(request, 503))

    def _slowly(self, request: Request, status: int = 200) -> Response:
        self.asked.append(request.path)
        self.answer.wait(60)
        return Response(HTML, status=status, content_type="text/html")


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    made.quick.start()
    made.slow.start()
    yield made
    made.answer.set()
    made.quick.stop()
    made.slow.stop()


@pytest.fixture
def background() -> Iterator[Background]:
    made = Background(client_factory("tocsin test", limits=MANY))
    yield made
    made.close()


def wanted(url: str, id: str, tries: int = 0) -> Wanted:
    return Wanted(entry=entry(id, url=url), source=SOURCE, tries=tries)


def test_what_is_there_goes_on_and_the_rest_comes_later(site: Site, background: Background) -> None:
    waits: list[int] = []

    def until_the_quick_one_is_there(futures: Sequence[Future[Outcome]]) -> None:
        waits.append(len(futures))
        futures[1].result(60)

    pages = PagesAhead(background, lambda: NOW, until_the_quick_one_is_there)
    both = [wanted(site.slow.url_for("/s"), "slow"), wanted(site.quick.url_for("/q"), "quick")]
    (_, slow), (_, quick) = pages.fetch(both)
    assert isinstance(quick, Retrieved)
    assert isinstance(slow, Retry)
    assert slow.next_due == NOW + timedelta(seconds=5)
    # Another page of the same host meanwhile: nobody waits for it.
    ((_, second),) = pages.fetch([wanted(site.slow.url_for("/s2"), "slow2")])
    assert isinstance(second, Retry)
    ((_, again),) = pages.fetch([wanted(site.slow.url_for("/s"), "slow", tries=1)])
    assert isinstance(again, Retry)
    assert again.next_due == NOW + timedelta(seconds=10)
    site.answer.set()
    [run.future.result(60) for run in pages._under_way.values()]
    ((_, again),) = pages.fetch([wanted(site.slow.url_for("/s"), "slow", tries=2)])
    assert isinstance(again, Retrieved)
    assert again.page.body == HTML
    assert site.asked.count("/s") == 1
    assert waits == [2]


def test_leases_that_only_found_the_page_under_way_were_no_tries(site: Site, background: Background) -> None:
    """Five tries end an entry; waiting is none."""
    pages = PagesAhead(background, lambda: NOW, lambda futures: None)
    reasons = []
    for tries in range(6):  # the page is under way for five leases, then the server is busy
        ((_, outcome),) = pages.fetch([wanted(site.slow.url_for("/busy-later"), "busy", tries=tries)])
        assert isinstance(outcome, Retry)
        reasons.append(outcome.reason)
    assert set(reasons) == {"its page is still under way"}
    site.answer.set()
    [run.future.result(60) for run in pages._under_way.values()]
    ((_, outcome),) = pages.fetch([wanted(site.slow.url_for("/busy-later"), "busy", tries=6)])
    assert isinstance(outcome, Retry)
    # The first try of five, so five minutes give or take a quarter; the next lease is the second try.
    assert timedelta(minutes=3) < outcome.next_due - NOW < timedelta(minutes=7)
    pages.fetch([wanted(site.slow.url_for("/busy-later"), "busy", tries=7)])
    [run.future.result(60) for run in pages._under_way.values()]
    ((_, outcome),) = pages.fetch([wanted(site.slow.url_for("/busy-later"), "busy", tries=8)])
    assert isinstance(outcome, Retry)
    assert timedelta(minutes=10) < outcome.next_due - NOW < timedelta(minutes=20)


def test_a_fetch_that_was_given_up_is_begun_again(site: Site, background: Background) -> None:
    pages = PagesAhead(background, lambda: NOW, lambda futures: None)
    pages.fetch([wanted(site.slow.url_for("/s"), "slow")])
    for run in pages._under_way.values():
        run.future.cancel()
    ((_, outcome),) = pages.fetch([wanted(site.slow.url_for("/s"), "slow")])
    assert isinstance(outcome, Retry)
    assert "begun again" in outcome.reason


def test_background_passes_on_what_was_raised_and_ends(background: Background) -> None:
    async def fails(_: object) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        background.start(fails).result(60)
    background.close()
    background.close()
