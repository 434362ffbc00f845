"""Feed date against page date, and the publisher's local date."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import entry
from transforms.read.dates import local, published_of

LATE = datetime(2024, 6, 28, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-06-28T09:30:00+02:00", "2024-06-28T09:30:00+02:00"),
        ("2024-06-28T09:30:00.123Z", "2024-06-28T09:30:00+00:00"),
        ("2024-06-28 09:30 +0200", "2024-06-28T09:30:00+02:00"),
        ("2024-06-28T09:30", "2024-06-28T09:30:00"),
        ("2024-06-28", "2024-06-28"),
        ("2024-06", "2024-06"),
        ("Fri, 28 Jun 2024 09:30:00 +0200", "2024-06-28T09:30:00+02:00"),
        ("2024-13-40", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_as_pages_write_them(text: str | None, expected: str | None) -> None:
    assert local(text) == expected


def test_the_offset_of_the_feed_is_the_publishers() -> None:
    one = entry(published=LATE, published_raw="Sat, 29 Jun 2024 07:30:00 +0900")
    assert published_of(one, None, None, None) == ("2024-06-29T07:30:00+09:00", "feed", None)


def test_a_feed_in_utc_is_put_into_the_sources_zone_or_the_pages() -> None:
    one = entry(published=LATE, published_raw="Fri, 28 Jun 2024 22:30:00 GMT")
    assert published_of(one, None, None, "Asia/Tokyo")[0] == "2024-06-29T07:30:00+09:00"
    assert published_of(one, "2024-06-29T00:30:00+02:00", None, None)[0] == "2024-06-29T00:30:00+02:00"
    assert published_of(one, None, None, None)[0] == "2024-06-28T22:30:00+00:00"


def test_a_feed_that_lists_an_old_article_again() -> None:
    one = entry(published=LATE)
    assert published_of(one, "2024-06-20T10:00:00+02:00", None, None)[:2] == ("2024-06-20T10:00:00+02:00", "page")
    assert published_of(one, "2024-06-28", None, None)[1] == "feed"


def test_modified() -> None:
    assert published_of(entry(published=LATE), None, "2024-06-29T08:00:00Z", None)[2] == "2024-06-29T08:00:00+00:00"
    assert published_of(entry(published=LATE, updated=LATE), None, None, None)[2] == "2024-06-28T22:30:00+00:00"


@given(st.text(max_size=40), st.text(alphabet="0123456789-:T+Z ", max_size=30))
def test_any_text(told: str, digits: str) -> None:
    for text in (told, digits):
        published_of(entry(published=LATE, published_raw=digits), text, text, None)
        published_of(entry(published_raw=digits), text, text, "Asia/Tokyo")
