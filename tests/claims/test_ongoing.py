"""What has gone on since a date is an interval to the publication: a standing flow, where it is long."""

from __future__ import annotations

import pytest

from transforms.claims import assemble
from transforms.recognise.mentions import recognise, subject
from transforms.records import Document


@pytest.mark.parametrize(
    ("lang", "published", "text", "date"),
    [
        ("en", "2024-05-06", "Norway has supplied artillery shells to Moldova since August 2023.", "2023-08/2024-05"),
        ("en", "2024-05-06", "Since August 2023 Norway has supplied artillery shells to Moldova.", "2023-08/2024-05"),
        (
            "en",
            "2024-05-06",
            "Norway has supplied artillery shells to Moldova since 3 March 2022.",
            "2022-03-03/2024-05-06",
        ),
        (
            "de",
            "2024-05-06",
            "Seit August 2023 hat Norwegen der Ukraine Artilleriegranaten geliefert.",
            "2023-08/2024-05",
        ),
        ("en", "2024-05-06", "Norway supplied artillery shells to Moldova in August 2023.", "2023-08"),
        ("en", "2023-09-06", "Norway has supplied artillery shells to Moldova since August 2023.", "2023-08"),
        ("en", None, "Norway has supplied artillery shells to Moldova since August 2023.", "2023-08"),
    ],
)
def test_since(lang: str, published: str | None, text: str, date: str) -> None:
    source = subject(Document(id="d", text=text, lang=lang, published=published))
    (claim,) = assemble(source, recognise(source))
    assert claim.date == date
