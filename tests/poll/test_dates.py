"""Dates of items: whole or not at all (cases 01, 02, 05, 16; pain 20), through a feed on loopback and alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.poll.poller import NOON, Poller, item, rss
from tests.poll.site import Site
from transforms.poll.dates import read_date


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def dated(site: Site, poller: Poller, raw: str) -> tuple[datetime | None, tuple[str, ...], str | None]:
    site.on("/feed", rss(item("Manifest of the Ardent Star", "https://news.example/m", date=raw)))
    entry = poller.poll().entries[0]
    return entry.published, entry.flags, entry.published_raw


@pytest.mark.parametrize(
    ("raw", "value", "flags"),
    [
        ("2024/7/8 17:04:09", at(2024, 7, 8, 17, 4, 9), ("zone_assumed",)),
        ("Tue, 16 Jul 24 09:15:00 +0300", at(2024, 7, 16, 6, 15), ()),
        ("Tue, 16 Jul 2024 09:15:00 GMT", at(2024, 7, 16, 9, 15), ()),
        ("16 Jul 2024 09:15 EDT", at(2024, 7, 16, 13, 15), ()),
        ("2024-07-16T09:15:30.250+05:30", at(2024, 7, 16, 3, 45, 30), ()),
        ("20240716T091500Z", at(2024, 7, 16, 9, 15), ()),
        ("Tue Jul 16 09:15:00 2024", at(2024, 7, 16, 9, 15), ("zone_assumed",)),
        ("Tue, 16 Jul 2024 09:15:00 IST", at(2024, 7, 16, 9, 15), ("zone_assumed",)),
        ("Tue, 16 Jul 2024 24:00:00 +0000", at(2024, 7, 17), ()),
        ("2024-07-16", at(2024, 7, 16), ("zone_assumed", "time_missing")),
        ("July 16, 2024 9:15 p.m. UTC", at(2024, 7, 16, 21, 15), ()),
        ("1721121300", at(2024, 7, 16, 9, 15), ()),
    ],
)
def test_dates_that_feeds_have(site: Site, poller: Poller, raw: str, value: datetime, flags: tuple[str, ...]) -> None:
    assert dated(site, poller, raw) == (value, flags, raw)


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        ("Sun, 20 Oct 2024 10:00:00 GMT", "date_absurd"),  # three months ahead
        ("Mon, 01 Jan 0100 00:00:00 GMT", "date_absurd"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "date_absurd"),
        ("2024-07", "date_unparsed"),
        ("2024", "date_unparsed"),
        ("155", "date_unparsed"),
        ("2S19", "date_unparsed"),
        ("May", "date_unparsed"),
        ("second", "date_unparsed"),
        ("2 May", "date_unparsed"),
        ("2024-02-30", "date_unparsed"),
        ("2024-07-16 09:15 and some", "date_unparsed"),
        ("16 Jul 2024 09:15:00 +9900", "date_unparsed"),
        ("yesterday", "date_unparsed"),
    ],
)
def test_what_is_no_date_is_kept_raw_and_flagged(site: Site, poller: Poller, raw: str, flag: str) -> None:
    assert dated(site, poller, raw) == (None, (flag,), raw)
    assert poller.titles() == ["Manifest of the Ardent Star"]


def test_two_days_ahead_is_a_date_and_more_is_not() -> None:
    edge = NOON + timedelta(days=2)
    assert read_date(edge.isoformat(), now=NOON).value == edge
    assert read_date((edge + timedelta(seconds=1)).isoformat(), now=NOON).flags == ("date_absurd",)


@pytest.mark.parametrize(
    ("raw", "language", "country", "value"),
    [
        ("9-10-2023", "it", None, at(2023, 10, 9)),
        ("2023-06-10", "fr", None, at(2023, 6, 10)),
        ("01.10.2023", "de", None, at(2023, 10, 1)),
        ("9/10/2023", "en", "USA", at(2023, 9, 10)),
        ("9/10/2023", "en", "GBR", at(2023, 10, 9)),
        ("9/10/2023", "es", None, at(2023, 10, 9)),
        ("02.01.2024", "en", None, at(2024, 1, 2)),
        ("25/12/2023", "en", "USA", at(2023, 12, 25)),
        ("12/25/2023", "en", "GBR", at(2023, 12, 25)),
        ("16 июля 2024 г., 10:30", "ru", None, at(2024, 7, 16, 10, 30)),
        ("mar. 16 juil. 2024", "fr", None, at(2024, 7, 16)),
        ("16 de julio de 2024", "es", None, at(2024, 7, 16)),
        ("Dienstag, 16. Juli 2024, 10:30 Uhr", "de", None, at(2024, 7, 16, 10, 30)),
        ("16 липня 2024, 10:30", "uk", None, at(2024, 7, 16, 10, 30)),
        ("16 juli 2024", "sv", None, at(2024, 7, 16)),
        ("2024年7月16日", "zh", None, at(2024, 7, 16)),
    ],
)
def test_the_order_is_the_languages_and_year_first_never_swaps(
    raw: str, language: str, country: str | None, value: datetime
) -> None:
    assert read_date(raw, now=NOON, language=language, country=country).value == value


@pytest.mark.parametrize(
    ("raw", "language", "hour"),
    [
        ("الثلاثاء، 16 يوليو 2024 - 14:30", "ar", 14),
        ("١٦ تموز ٢٠٢٤", "ar", 0),
        ("16 تموز/يوليه 2024", "ar", 0),
        ("16 جويلية 2024", "ar", 0),
        ("2024年7月16日（周二）14时30分", "zh", 14),
        ("2024年07月16日14:30", "zh", 14),
        ("2024年7月16日(火) 午後2時30分", "ja", 14),
        ("2024년 7월 16일 오후 2:30", "ko", 14),
        ("2024. 7. 16.", "ko", 0),
        ("16 июля 2024 года в 14:30 МСК", "ru", 11),
        ("Опубликовано: 16 июля 2024 г., 14:30", "ru", 14),
        ("16 липня 2024 р., 14:30", "uk", 14),
        ("Di, 16.07.2024 - 14:30", "de", 14),
        ("16 juillet 2024 à 14h30", "fr", 14),
        ("martes, 16 de julio de 2024 a las 14:30", "es", 14),
        ("mar, 16 jul 2024", "es", 0),
        ("16. července 2024", "cs", 0),
        ("2024-07-16T14:30Z[UTC]", "en", 14),
        ("Posted on July 16, 2024", "en", 0),
    ],
)
def test_dates_as_languages_write_them(raw: str, language: str, hour: int) -> None:
    found = read_date(raw, now=NOON, language=language).value
    assert found is not None and (found.date().isoformat(), found.hour) == ("2024-07-16", hour % 24)


@pytest.mark.parametrize("raw", ["16 mar 2024", "16 mar. 2024", "16-mar-2024"])
def test_a_name_of_a_month_goes_before_one_of_a_weekday(raw: str) -> None:
    found = read_date(raw, now=NOON, language="es")
    assert found.value is not None and found.value.month == 3


def test_a_guess_at_the_order_is_flagged_and_a_certain_one_is_not() -> None:
    assert "order_assumed" in read_date("9/10/2023", now=NOON, language="fr").flags
    assert "order_assumed" not in read_date("25/12/2023", now=NOON, language="fr").flags
    assert read_date("9/10/2023", now=NOON, language="fr", order="MDY").value == at(2023, 9, 10)


def test_the_sources_zone_is_assumed_where_none_is_given() -> None:
    found = read_date("2024-07-16 09:15", now=NOON, zone="Europe/Kyiv")
    assert (found.value, found.flags) == (at(2024, 7, 16, 6, 15), ("zone_assumed",))
    assert read_date("2024-07-16 09:15 +0000", now=NOON, zone="Europe/Kyiv").value == at(2024, 7, 16, 9, 15)
    assert read_date("2024-07-16 09:15 -0000", now=NOON, zone="Europe/Kyiv").value == at(2024, 7, 16, 6, 15)


def test_a_form_is_followed_with_month_names_of_the_language() -> None:
    found = read_date("le 16 juillet 2024", now=NOON, language="fr", form="le %d %B %Y")
    assert found.value == at(2024, 7, 16)
    assert read_date("16/07/2024", now=NOON, form="%d %B %Y").flags == ("date_unparsed",)


def test_atoms_updated_is_kept_as_updated_and_never_made_the_time_of_the_poll(site: Site, poller: Poller) -> None:
    site.on(
        "/feed",
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Desk</title><entry><id>u1</id><title>x</title>"
        "<updated>2024-03-05T10:00:00Z</updated></entry></feed>",
    )
    entry = poller.poll().entries[0]
    assert (entry.published, entry.updated) == (None, at(2024, 3, 5, 10))
    assert entry.flags == ("updated_only",) and entry.published_raw == "2024-03-05T10:00:00Z"


def test_a_future_item_is_stored_with_its_raw_date_and_first_seen_now(site: Site, poller: Poller) -> None:
    raw = "Sun, 20 Oct 2024 10:00:00 GMT"
    assert dated(site, poller, raw) == (None, ("date_absurd",), raw)
    assert next(iter(poller.entries.values())).first_seen == NOON


@given(st.text(max_size=120), st.sampled_from([None, "en", "ru", "ar", "zh", "xx"]))
def test_any_text_is_a_date_in_the_window_or_none(text: str, language: str | None) -> None:
    found = read_date(text, now=NOON, language=language)
    assert found.value is None or at(1990, 1, 1) <= found.value <= NOON + timedelta(days=2)
    assert found.value is not None or bool(found.flags) == bool(text.split())


@given(
    st.integers(int(at(1990, 1, 2).timestamp()), int(at(2024, 7, 20).timestamp())),
    st.integers(-14 * 60, 14 * 60),
)
def test_a_date_written_by_the_standard_is_read_as_it_was(seconds: int, minutes: int) -> None:
    moment = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes)))
    for raw in (moment.isoformat(), format_datetime(moment)):
        found = read_date(raw, now=at(2024, 8, 1))
        unknown = raw.endswith("-0000")
        assert found.value == moment.astimezone(UTC) and found.flags == (("zone_assumed",) if unknown else ())


@pytest.mark.parametrize("raw", ["2016008100", "2016008100000", "2016008100.25"])
def test_seconds_since_1970_are_read_beyond_2033_too(raw: str) -> None:
    read = read_date(raw, now=at(2034, 1, 1))
    assert read.value is not None
    assert (read.value.replace(microsecond=0), read.flags) == (at(2033, 11, 19, 10, 15), ())
    assert read_date(raw, now=NOON).flags == ("date_absurd",)
