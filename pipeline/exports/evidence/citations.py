"""Footnotes in the manner of the Chicago Manual of Style (17th ed., 14.191 and 14.303), as Markdown and as plain text.

1. Jane Roe, “Tanks Arrive,” Harbour Post, June 28, 2024, https://… (retrieved June 29, 2024).
"""

from __future__ import annotations

import re
from datetime import date, datetime

from pipeline.page import address
from transforms.records import Article, Report

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_SPECIAL = re.compile(r"([\\`*_\[\]~])")
_ENDS = (".", "!", "?", "…")


def footnote(report: Report, article: Article | None, copy_of: int | None) -> str:
    """One footnote without its number, in plain text. copy_of: the number of the note that this is a copy of."""
    parts = [part for part in (_author(article), _titled(report.title), *_published_in(report, article)) if part]
    parts.append(day(report.published) or "n.d.")
    url = address(report.url)
    if url:
        parts.append(url)
    text = ", ".join(parts).replace(",”,", ",”").replace("?”,", "?”").replace("!”,", "!”")
    more = [f"retrieved {day(article.evidence.retrieved)}"] if article and article.evidence else []
    more += [f"copy of note {copy_of}"] if copy_of else []
    return f"{text} ({'; '.join(more)})." if more else f"{text}."


def markdown(text: str) -> str:
    """Foreign text as Markdown that shows it and does nothing else."""
    return _SPECIAL.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))


def day(value: str | datetime | None) -> str:
    """``June 28, 2024``, ``June 2024``; a value of another form as it is."""
    if isinstance(value, datetime):
        value = value.date().isoformat()
    if not value:
        return ""
    try:
        if match := _DAY.match(value):
            on = date(int(match[1]), int(match[2]), int(match[3]))
            return f"{on:%B} {on.day}, {on.year}"
        if match := _MONTH.fullmatch(value):
            return f"{date(int(match[1]), int(match[2]), 1):%B} {match[1]}"
    except ValueError:
        pass
    return one_line(value)


def one_line(text: str) -> str:
    """Text with all its white space as single blanks."""
    return " ".join(text.split())


def _author(article: Article | None) -> str:
    return one_line(article.author or "") if article else ""


def _titled(title: str) -> str:
    told = one_line(title) or "Untitled"
    told = told.replace("“", "‘").replace("”", "’")
    return f"“{told}”" if told.endswith(_ENDS[1:]) else f"“{told.rstrip('.')},”"


def _published_in(report: Report, article: Article | None) -> list[str]:
    """Where it appeared; a document of the United Nations by its body and symbol."""
    un = article.un if article else None
    if un is not None:
        symbol = f"press release {un.symbol}" if un.symbol and "/" in un.symbol else un.symbol
        return [part for part in ("United Nations", un.body and one_line(un.body), symbol) if part]
    site = one_line((article.site if article else None) or report.publisher or report.source)
    agency = f"credited to {report.origin}" if report.origin and report.origin != report.publisher else ""
    return [part for part in (site, agency) if part]
