"""``tocsin explain … --html``: an article with its mentions and claims as one self-contained page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from pipeline.explain.marks import KINDS
from pipeline.explain.reading import Explained
from pipeline.explain.views import article_view
from pipeline.page import render, sheet
from transforms.records import Article, Claim, Mention

HERE = Path(__file__).parent
Way = tuple[str, str]
"""An address and what it is called."""


def article_page(explained: Explained, made: datetime) -> str:
    """The page of one reading. Never raises for any text."""
    reading = explained.reading
    return page(
        "article.html.j2",
        made,
        article=article_view(reading.article, reading.mentions, reading.claims),
        relevant=reading.relevant,
        refused=explained.refused,
    )


def stored_article_page(
    article: Article, mentions: Sequence[Mention], claims: Sequence[Claim], made: datetime, ways: Sequence[Way] = ()
) -> str:
    """The page of an article of a store, with the claims that the store has of it."""
    view = article_view(article, mentions, claims)
    return page("article.html.j2", made, ways, article=view, relevant=bool(claims), refused=())


def page(template: str, made: datetime, ways: Sequence[Way] = (), **values: object) -> str:
    """A page of this package. ways: links to what is beside it, for one that is served rather than kept in a file."""
    return render(
        HERE / template,
        style=sheet(HERE / "explain.css"),
        script=(HERE / "explain.js").read_text(encoding="utf-8"),
        values={
            "kinds": KINDS,
            "version": version("tocsin"),
            "made": f"{made:%Y-%m-%d %H:%M} UTC",
            "ways": ways,
            **values,
        },
    )
