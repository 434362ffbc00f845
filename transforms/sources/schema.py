"""What ``sources.yaml`` may say: one source is one address that is polled, with how far it is trusted.

The defaults here are the reasons beside the numbers; a file's own ``defaults`` and then each source override them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml.cssselect import CSSSelector
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from transforms.codec import digest
from transforms.records import Reliability

Kind = Literal["auto", "feed", "html", "sitemap", "json"]
FullText = Literal["auto", "feed", "page"]
DateOrder = Literal["DMY", "MDY", "YMD"]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(\d{1,7})\s*([smhdw]?)")
# What people write for the kinds of feed that are told apart by their content anyway.
_KIND_ALIASES = {"rss": "feed", "atom": "feed", "rdf": "feed", "jsonfeed": "json", "listing": "html"}


def _seconds(value: object) -> object:
    """``900``, ``"15m"``, ``"2h"``, ``"1d"`` or a timedelta as whole seconds; the rest is left to fail."""
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, str):
        match = _DURATION.fullmatch(value.strip().lower())
        if match is None:
            raise ValueError(f"{value!r} is no length of time; write seconds, or 15m, 2h, 1d")
        return int(match[1]) * _UNITS[match[2] or "s"]
    return value


def _css(value: str) -> str:
    try:
        CSSSelector(value)
    except Exception as error:
        raise ValueError(f"{value!r} is no CSS selector ({error})") from None
    return value


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is no regular expression ({error})") from None
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{value!r} is no time zone; write a name such as Europe/Zurich or UTC") from None
    return value


Seconds = Annotated[int, BeforeValidator(_seconds)]
Css = Annotated[str, AfterValidator(_css)]
Regex = Annotated[str, AfterValidator(_regex)]
Zone = Annotated[str, AfterValidator(_zone)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Interval(_Model):
    """How often a source is polled, in seconds: at first, and the bounds within which that adapts.

    Fifteen minutes is what news feeds bear without complaint; a day keeps a dormant one from being forgotten.
    """

    start: Seconds = Field(default=3600, ge=1)
    min: Seconds = Field(default=900, ge=1)
    max: Seconds = Field(default=86400, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _one_number(cls, value: object) -> object:
        """``interval: 1h`` means start there, with bounds a quarter and a day around it."""
        if isinstance(value, int | str | timedelta) and not isinstance(value, bool):
            start = _seconds(value)
            if isinstance(start, int) and start > 0:
                return {"start": start, "min": max(1, start // 4), "max": max(start, 86400)}
            raise ValueError("an interval is at least one second")
        if isinstance(value, Mapping) and "start" not in value:
            low, high = _seconds(value.get("min", 900)), _seconds(value.get("max", 86400))
            if isinstance(low, int) and isinstance(high, int):
                return {**value, "start": min(max(3600, low), high)}
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.min <= self.start <= self.max:
            raise ValueError(f"min {self.min} ≤ start {self.start} ≤ max {self.max} (seconds) does not hold")
        return self


class Listing(_Model):
    """How to read an HTML page that lists articles (a site without a feed), by CSS selectors.

    item: one element an article; the others are looked up inside it. link: the element with ``href`` (default: the
    first link). date_attribute: where the date is an attribute (``datetime`` of ``<time>``). date_format: strptime
    format; without one, numeric and named-month dates are read in the source's language. date_order: for 3/4/2024.
    url_date: regular expression on the link with groups ``year``, ``month``, ``day`` (day may be missing).
    """

    item: Css
    link: Css | None = None
    title: Css | None = None
    summary: Css | None = None
    date: Css | None = None
    date_attribute: str | None = None
    date_format: str | None = None
    date_order: DateOrder | None = None
    url_date: Regex | None = None


class UrlRules(_Model):
    """What of an address is the article's identity at this source, beyond the general rules.

    keep_params: only these query parameters count (and survive though they look like tracking). drop_params: also
    dropped. identity: regular expression whose first group (or whole match) on the address is the article, for sites
    that rewrite slugs. include, exclude: entries whose address does not (does) match are not taken.
    ignore_case: the server does not tell case apart in paths.
    """

    keep_params: tuple[str, ...] | None = None
    drop_params: tuple[str, ...] = ()
    identity: Regex | None = None
    include: Regex | None = None
    exclude: Regex | None = None
    ignore_case: bool = False


class Expect(_Model):
    """What the source asserts of itself; below it, it counts as silent."""

    min_per_week: int = Field(default=0, ge=0)


class TextRules(_Model):
    """CSS for what the general extraction gets wrong on a site: where the article is, what in it is not article."""

    body: Css | None = None
    remove: tuple[Css, ...] = ()
    title: Css | None = None
    author: Css | None = None
    date: Css | None = None


class Defaults(_Model):
    """What holds for every source that does not say otherwise, and how Tocsin introduces itself.

    contact: an address (mail or web) that an administrator can write to; it is part of the User-Agent.
    """

    contact: str | None = None
    user_agent: str | None = None
    interval: Interval = Interval()
    full_text: FullText = "auto"
    reliability: Reliability = "F"
    allow_private: bool = False
    robots: bool = True
    timezone: Zone | None = None
    archive: bool | None = None


class Source(_Model):
    """One source. See ``docs/polling.md`` for each key with an example.

    id: never changes, names the source in the store. url: what is polled; http or https.
    kind: ``feed`` (RSS, Atom), ``json`` (JSON Feed), ``sitemap``, ``html`` (a listing, needs ``listing``), or
        ``auto``: told by the content, with discovery where the address is an ordinary page.
    language: ISO 639-1 of what it publishes; country: ISO 3166-1 alpha-3 of the publisher, null for international.
    publisher: the family whose several feeds count once. reliability: Admiralty A–F.
    full_text: where the article's text comes from: the feed, the page, or the feed if it has the whole text.
    timezone: of dates that name no zone (flagged all the same). allow_private: may be on a private address.
    robots: whether robots.txt is obeyed. enabled: false keeps it listed without polling. archive: whether the bodies of
        its pages are kept (docs/exports.md); null: as ``tocsin run`` is told.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
    name: str = Field(default="", max_length=300)
    url: str
    kind: Kind = "auto"
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$")
    country: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    publisher: str = Field(default="", max_length=100)
    reliability: Reliability = "F"
    interval: Interval = Interval()
    full_text: FullText = "auto"
    listing: Listing | None = None
    url_rules: UrlRules = UrlRules()
    expect: Expect = Expect()
    text: TextRules = TextRules()
    timezone: Zone | None = None
    allow_private: bool = False
    robots: bool = True
    archive: bool | None = None
    enabled: bool = True
    notes: str | None = None

    @field_validator("kind", mode="before")
    @classmethod
    def _kind(cls, value: object) -> object:
        return _KIND_ALIASES.get(value.lower(), value.lower()) if isinstance(value, str) else value

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise ValueError(f"{value!r} is no address ({error})") from None
        if parts.scheme.lower() not in {"http", "https"}:
            raise ValueError(f"{value!r}: only http:// and https:// addresses are polled")
        if not host:
            raise ValueError(f"{value!r} names no host")
        if parts.username or parts.password:
            raise ValueError("a name or password in an address would end up in logs and evidence; leave it out")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "html" and self.listing is None:
            raise ValueError("kind: html needs listing: {item: …} (CSS selectors of the articles on the page)")
        return self

    @cached_property
    def reading(self) -> str:
        """The configured address and a hash of everything else that changes how a body is read."""
        rules = self.model_dump_json(include={"kind", "listing", "url_rules", "timezone", "language", "country"})
        return f"{self.url} {digest([rules])[:12]}"

    @property
    def family(self) -> str:
        """The publisher family, or the source itself where none is given."""
        return self.publisher or self.id

    @property
    def host(self) -> str:
        """The host of the configured address in lower case (what sharding hashes)."""
        return (urlsplit(self.url).hostname or "").lower()


class Sources(_Model):
    """The whole file, with the defaults already worked into each source."""

    defaults: Defaults = Defaults()
    sources: tuple[Source, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _inherit(cls, value: object) -> object:
        if isinstance(value, list | tuple):
            value = {"sources": value}
        if not isinstance(value, Mapping):
            return value
        defaults = value.get("defaults")
        shared = (
            {k: v for k, v in defaults.items() if k in Defaults.model_fields and k in Source.model_fields}
            if isinstance(defaults, Mapping)
            else {}
        )
        listed = value.get("sources")
        if shared and isinstance(listed, list | tuple):
            return {**value, "sources": [{**shared, **s} if isinstance(s, Mapping) else s for s in listed]}
        return value

    @model_validator(mode="after")
    def _unique(self) -> Self:
        seen: dict[str, int] = {}
        for index, source in enumerate(self.sources):
            if source.id in seen:
                raise ValueError(f"sources.{index}.id: {source.id!r} is already the id of source {seen[source.id] + 1}")
            seen[source.id] = index
        return self

    @property
    def by_id(self) -> dict[str, Source]:
        """The sources by id."""
        return {source.id: source for source in self.sources}

    @property
    def user_agent(self) -> str:
        """How Tocsin introduces itself: the project, and whom to write to."""
        if self.defaults.user_agent:
            return self.defaults.user_agent
        contact = self.defaults.contact or "no contact configured"
        return f"tocsin/0.1 (news monitor for arms-transfer research; {contact})"
