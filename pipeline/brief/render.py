"""A brief as one HTML file or as Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.brief.build import build
from pipeline.brief.evidence import Detail
from pipeline.brief.model import Brief
from pipeline.brief.period import Period
from pipeline.brief.select import Selected
from pipeline.brief.words import STAGES
from pipeline.page import clean, render, sheet
from transforms.records import Article

PAGE = Path(__file__).with_name("page")
LARGEST = 2_000_000
"""Bytes that an HTML brief may have: what mail systems pass and a phone opens."""

_OPEN = 40  # events whose evidence stands open; that of further ones is folded away, one key from sight
_LISTED = 40  # disputed and changed ones told ahead of the table of all
# From full to bare: how much evidence each event is told with.
_DETAILS = (
    Detail(quotes=6, length=500, documents=20),
    Detail(quotes=3, length=360, documents=8),
    Detail(quotes=2, length=260, documents=4),
    Detail(quotes=1, length=200, documents=2),
    Detail(quotes=1, length=120, documents=1),
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def html(chosen: Sequence[Selected], omitted: int, articles: Mapping[str, Article], period: Period) -> str:
    """The page, with as much evidence as fits :data:`LARGEST` (all of it up to a hundred events or so)."""
    text = ""
    for detail in _DETAILS:
        text = page(build(chosen, omitted, articles, period, detail))
        if len(text.encode("utf-8")) <= LARGEST:
            break
    return text


def page(brief: Brief) -> str:
    """The HTML of a brief."""
    script = (PAGE / "brief.js").read_text(encoding="utf-8")
    stages = {name: key for key, name in STAGES.items()}
    values = {"brief": brief, "open": _OPEN, "most": _LISTED, "stages": stages}
    return render(PAGE / "brief.html.j2", style=sheet(PAGE / "brief.css"), script=script, values=values)


def markdown(chosen: Sequence[Selected], omitted: int, articles: Mapping[str, Article], period: Period) -> str:
    """The same as Markdown (CommonMark with tables)."""
    brief = build(chosen, omitted, articles, period, _DETAILS[1])
    # No HTML, so no HTML escapes: every foreign text goes through the filter ``md``, addresses through ``link``.
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(PAGE), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"md": escaped, "link": _link}
    text = environment.get_template("brief.md.j2").render(brief=brief)
    return clean(re.sub(r"\n{3,}", "\n\n", text)).strip() + "\n"


def escaped(text: str) -> str:
    """Text that Markdown takes to the letter, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _link(text: str, url: str | None) -> str:
    if url is None:
        return escaped(text)
    safe = re.sub(r"[<>()\[\]\\\s|`\"]", lambda found: f"%{ord(found[0]):02X}", url)
    return f"[{escaped(text)}](<{safe}>)"
