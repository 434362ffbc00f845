"""Page furniture is marked by offsets of the text as it is; a report's own sentences never are."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.read.texts import ESTONIA, NORLAND
from transforms.read.furniture import furniture_of, wall_of
from transforms.read.lines import lines_of


def marked(text: str, title: str = "") -> list[str]:
    return [text[p.start : p.end] for p in furniture_of(lines_of(text), title)]


def test_buttons_and_headings_around_an_article() -> None:
    text = f"close\nMenu\n\n{NORLAND}\n\nRelated Articles\n\nSeven boats for Peru\n\nBack to top button"
    assert marked(text) == ["close\nMenu", "Related Articles\n\nSeven boats for Peru\n\nBack to top button"]


@pytest.mark.parametrize(
    "line",
    [
        "Share on Facebook",
        "* [Share](https://share.example/x?u=1)",
        "![A gun](https://img.example/1.jpg)",
        "Sign up for our newsletter",
        "Published :`2024-07-29 23:36:55`",
        "(Reporting by A. Writer in Oslo; Editing by B. Other)",
        "© 2024 The Example Times",
        "Partager sur Facebook",
        "Lire aussi : Sept bateaux pour le Pérou",
        "Lesen Sie auch: Sieben Boote für Peru",
        "Stand: 07.11.2023, 07:30 Uhr",
        "Sieben Boote für Peru | mehr",
        "Läs också: Sju båtar till Peru",
        "Suscríbete a nuestro boletín",
        "Читайте также: Семь катеров для Перу",
        "Читайте також: Сім катерів для Перу",
        "Поделиться в Telegram",
        "اقرأ أيضا",
        "{{< video 12 >}}",
        "[ad_1]",
        "---",
        "The post Seven boats for Peru appeared first on Example.",
    ],
)
def test_a_line_of_furniture_inside_an_article(line: str) -> None:
    first, rest = NORLAND.split("\n\n", 1)
    text = f"{first}\n\n{line}\n\n{rest}"
    assert marked(text) == [line]


@pytest.mark.parametrize(
    "text",
    [
        NORLAND,
        ESTONIA,
        "The cargo:\n18 howitzers\n40 trucks\n300 rockets\nwas unloaded in the night, the port said on Monday morning.",
        "Close to the border the convoy stopped.\n\nPublished figures show that 20 tanks were sold in 1990 and 1991.",
        "Video shows the shells. Reporting by the agency showed that arms went to Ghana before the embargo ended.",
        "Updated T-72 tanks went to 3 brigades.\n\nDate palms worth 3 million dollars were sold by the firm, it said.",
        "По теме поставок министр заявил, что 18 гаубиц уже переданы.",
        "Photo reconnaissance aircraft were sold to Chile. News of the sale reached the house on Tuesday, it was said.",
    ],
)
def test_reports_have_none(text: str) -> None:
    assert marked(text) == []


def test_a_menu_is_a_run_of_labels_and_a_list_of_goods_is_none() -> None:
    menu = "Home\nOur Fleet\nPress Office\nProcurement\n"
    assert marked(f"{menu}\n{NORLAND}") == [menu.strip()]
    goods = "Howitzers, 18\nShells, 4,200\nTrucks, 30\n"
    assert marked(f"{goods}\n{NORLAND}") == []


def test_the_articles_own_title_is_none() -> None:
    text = f"Home\nLatest news\nContact us\nNorway hands over guns\nNews\n\n{NORLAND}"
    assert "Norway hands over guns" not in "\n".join(marked(text, "Norway hands over guns"))


def test_titles_after_a_heading_end_where_prose_begins() -> None:
    first, second, *_ = NORLAND.split("\n\n")
    text = f"{first}\n\nRead also\n\nSeven boats for Peru\nA ship with no name\n\n{second}"
    assert marked(text) == ["Read also\n\nSeven boats for Peru\nA ship with no name"]


def test_only_the_credit_of_a_caption() -> None:
    text = f"A freighter unloads guns in Constanta – Photo: A. Writer\n\n{NORLAND}"
    assert marked(text) == [" Photo: A. Writer"]


def test_running_heads() -> None:
    head = "Ministry of Examples, press office"
    parts = NORLAND.split("\n\n")
    text = "\n\n".join(f"{head}\n\n{part}" for part in parts[:3])
    assert marked(text) == [head] * 3


def test_offsets_in_raw_html() -> None:
    text = f"<div><p>{NORLAND.split(chr(10))[0]}</p><p><b>Back</b> to&nbsp;top</p></div>"
    (passage,) = furniture_of(lines_of(text))
    assert text[passage.start : passage.end] == "Back</b> to&nbsp;top"


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("Subscribe to continue reading. Already a subscriber? Log in.", "paywall"),
        ("Cet article est réservé aux abonnés. Déjà abonné ? Connectez-vous.", "paywall"),
        ("We value your privacy. We and our partners store cookies. Accept all or manage your preferences.", "consent"),
        ("Just a moment... Enable JavaScript and cookies to continue. Ray ID: 7", "blocked"),
        (NORLAND, None),
    ],
)
def test_walls(text: str, wall: str | None) -> None:
    assert wall_of(text) == wall


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_any_text(text: str) -> None:
    passages = furniture_of(lines_of(text))
    assert all(0 <= p.start < p.end <= len(text) for p in passages)
    assert all(a.end <= b.start for a, b in pairwise(passages))


@given(st.text(alphabet="ab .\n<>&;-\u00ad\u00a0", max_size=300))
def test_lines_point_into_the_text(text: str) -> None:
    lines = lines_of(text)
    assert all(0 <= line.start < line.end <= len(text) for line in lines)
    assert all(line.offset(0) == line.start and line.offset(len(line.text)) == line.end for line in lines)
