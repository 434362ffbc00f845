"""A source that a test polls again and again through the whole client, at times of its choosing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from tests.poll.site import Site
from transforms.fetch import Client, FetchWorker, Limits, Manners
from transforms.poll import PollOutcome
from transforms.records import FeedEntry, SourceState
from transforms.sources import Source

NOON = datetime(2024, 7, 20, 12, 0, tzinfo=UTC)


class Poller:
    """Keeps worker, clock, state and the entries as a store would: by id, a changed one as a new revision."""

    def __init__(self, site: Site, *, limits: Limits | None = None, manners: Manners | None = None) -> None:
        self.site = site
        self.now = NOON
        self.state: SourceState | None = None
        self.entries: dict[str, FeedEntry] = {}
        self.revisions: dict[str, int] = {}
        self.worker = FetchWorker(
            lambda: Client("tocsin-test/0 (tests@example.org)", limits=limits, manners=manners, clock=lambda: self.now),
            clock=lambda: self.now,
            seed=7,
        )

    def poll(self, path: str = "/feed", *, after: timedelta | None = None, **keys: object) -> PollOutcome:
        """Poll the source at ``path`` (with further keys of its configuration), some time after the last poll."""
        self.now += after or timedelta()
        values: Mapping[str, object] = {"id": "s", "url": self.site.url(path), "allow_private": True, **keys}
        outcome = self.worker.poll_now(Source.model_validate(values), self.state)
        self.state = outcome.state
        for entry in outcome.entries:
            self.entries[entry.id] = entry
            self.revisions[entry.id] = self.revisions.get(entry.id, 0) + 1
        return outcome

    def titles(self) -> list[str]:
        """Titles of everything stored so far, in the order of first sight."""
        return [entry.title for entry in self.entries.values()]


def rss(*items: str, site: str = "https://news.example/") -> str:
    """An RSS 2.0 feed around items."""
    head = f"<title>Harbour desk</title><link>{site}</link>"
    return f"<?xml version='1.0' encoding='utf-8'?>\n<rss version='2.0'><channel>{head}{''.join(items)}</channel></rss>"


def item(title: str = "", link: str = "", guid: str = "", date: str = "", text: str = "") -> str:
    """An RSS item with what is given."""
    parts = {"title": title, "link": link, "guid": guid, "pubDate": date, "description": text}
    return "<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in parts.items() if v) + "</item>"
