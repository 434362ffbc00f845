"""A text is credited to an agency by its dateline, its last lines or its byline; never by a quotation or a picture."""

from __future__ import annotations

import pytest

from transforms.read.lines import lines_of
from transforms.read.origin import credited, family_of, is_release


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("WARSAW, March 2 (Reuters) - Poland got the guns.", "reuters"),
        ("WASHINGTON (AP) — The guns were sent.", "ap"),
        ("Berlin (dpa) - Polen hat die Kanonen.", "dpa"),
        ("PARIS, 3 juin 2024 (AFP) – La France a livré.", "afp"),
        ("МОСКВА, 5 июня. /ТАСС/. Пушки поставлены.", "tass"),
        ("КИЕВ, 1 июл — РИА Новости. Пушки поставлены.", "ria"),
        ("KYIV, July 1 (Interfax-Ukraine) - The guns came.", "interfax-ukraine"),
        ("WASHINGTON, March 3 /PRNewswire/ -- The firm sold guns.", "prnewswire"),
        ("The guns came, he said.\nREUTER", "reuters"),
        ("The guns came, he said.\n\n(Reporting by A. Writer; Editing by B. Other)", "reuters"),
        ("The guns came, he said.\n© 2024 AFP", "afp"),
        ("The guns came, he said.\n\nSource: Xinhua", "xinhua"),
        ("AFP via Le Quotidien\n\nLes canons sont arrivés.", "afp"),
        ("Le Quotidien avec AFP\n\nLes canons sont arrivés.", "afp"),
        ("By Reuters\n\nThe guns came.", "reuters"),
        ("The guns came, the minister told Reuters.", None),
        ("The Palestinian Authority (PA) said it had no guns.", None),
        ("Exports to the Middle East (MENA) - a large market - rose.", None),
        ("The guns came.\n\nAFP via Getty Images", None),
        ("The guns came. Photo: AFP", None),
    ],
)
def test_credits(text: str, family: str | None) -> None:
    assert credited(lines_of(text), None, None) == family


@pytest.mark.parametrize(
    ("author", "family"),
    [("Reuters Staff", "reuters"), ("By AFP", "afp"), ("Jane Doe, Associated Press", "ap"), ("Ana Pereira", None)],
)
def test_bylines(author: str, family: str | None) -> None:
    assert credited([], author, None) == family


def test_the_agency_in_a_sources_name() -> None:
    assert family_of("IPS via Daily Example") == "ips"
    assert family_of("afp-via-daily-example") == "afp"
    assert family_of("Example/Reuters (scraper)") == "reuters"
    assert family_of("Daily App and Map News") is None


def test_press_releases() -> None:
    assert is_release(lines_of("PRESS RELEASE\n\nThe firm sold guns."))
    assert is_release(lines_of("Pressemitteilung\n\nDie Firma hat Kanonen verkauft."))
    assert not is_release(lines_of("A press release by the firm says that it sold guns."))
