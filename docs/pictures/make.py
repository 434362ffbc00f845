"""Makes the pictures of README from the samples (``python docs/pictures/make.py``), without any network.

Those of pages need Chromium (``TOCSIN_CHROMIUM`` names one that is not on PATH as ``chromium``).
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from pipeline.brief.build import chosen_events, gather
from pipeline.brief.period import Period
from pipeline.brief.render import html
from pipeline.clock import utc_now
from pipeline.explain import read_document, show
from pipeline.explain.page import article_page
from pipeline.graph import Parts
from pipeline.rounds import run_round
from pipeline.serve import serving
from pipeline.settings import load
from pipeline.show import events_table
from sinks.urls import StoreAt
from transforms.contracts import Store
from transforms.recognise.mentions import document_of
from transforms.sources import Sources

ROOT = Path(__file__).parents[2]
_DARK = "#32363e #eb606b #86c878 #e5ba5f #61a2e8 #c87ddb #56bcc4 #bec2c8".split()
_BRIGHT = "#626873 #f07178 #98d68a #eec876 #79b5f2 #d692e6 #6cced5 #eceef2".split()


def _rgb(colours: list[str]) -> list[tuple[int, int, int]]:
    return [(int(c[1:3], 16), int(c[3:5], 16), int(c[5:7], 16)) for c in colours]


THEME = TerminalTheme((22, 24, 29), (214, 217, 222), _rgb(_DARK), _rgb(_BRIGHT))
# rich's own template loads a font from a public network; a reader's own monospaced font serves as well.
SVG = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
<rect fill="#16181d" x="0" y="0" width="{width}" height="{height}" rx="8"/>
<g transform="translate(18, 14)" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def console(width: int) -> Console:
    """A terminal that remembers what was printed."""
    return Console(record=True, width=width, force_terminal=True, color_system="truecolor", file=io.StringIO())


def save(terminal: Console, name: str) -> None:
    """Write what was printed as a picture."""
    path = ROOT / "docs" / "pictures" / f"{name}.svg"
    terminal.save_svg(str(path), theme=THEME, code_format=SVG, unique_id=name)
    print(path.relative_to(ROOT))


# The week of the sample brief, and who had reported before it: the rest then brings news, and changes what was known.
WEEK = Period(datetime(2026, 3, 4, 12, tzinfo=UTC), datetime(2026, 3, 11, 12, tzinfo=UTC))
BEFORE = {"daily-sample", "gazeta"}


def brief_of_week(folder: Path, sources: Sources) -> str:
    """The HTML brief of a store that polled some of the samples before the week began and the others within it."""
    factory = StoreAt(f"sqlite:///{folder}/week.db")
    store: Store = factory()
    store.init()
    early = [source for source in sources.sources if source.id in BEFORE]
    late = [source for source in sources.sources if source.id not in BEFORE]
    for at, polled in ((datetime(2026, 3, 3, 9, tzinfo=UTC), early), (datetime(2026, 3, 11, 9, tzinfo=UTC), late)):
        part = sources.model_copy(update={"sources": tuple(polled)})
        run_round(Parts(store=factory, sources=part, owner="pictures", clock=lambda at=at: at))
    chosen, omitted = chosen_events(store.iter_events(), WEEK)
    text = html(chosen, omitted, gather(chosen, store.articles), WEEK)
    store.close()
    return text


@contextmanager
def browsing(store: str) -> Iterator[str]:
    """The address of ``tocsin browse`` over a store."""
    command = [sys.executable, "-m", "pipeline.cli", "browse", "--store", store]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().split()[4].removesuffix("/tocsin")
        finally:
            process.terminate()


def photograph(page: Path | str, name: str, height: int, press: str | None = None) -> None:
    """Write the head of a page as a picture, as a reader with a wide window sees it who pressed a button, or none."""
    from playwright.sync_api import sync_playwright

    path = ROOT / "docs" / "pictures" / f"{name}.png"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("TOCSIN_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        tab = browser.new_page(viewport={"width": 1180, "height": height}, color_scheme="light")
        tab.goto(page.as_uri() if isinstance(page, Path) else page)
        if press:
            tab.get_by_role("button", name=press).first.click()
        tab.screenshot(path=path)
        browser.close()
    print(path.relative_to(ROOT))


def main() -> None:
    """Run the samples once, then draw the register and one article."""
    sources = load(ROOT / "samples" / "sources.yaml")
    with tempfile.TemporaryDirectory() as folder, serving(ROOT / "samples" / "site", sources):
        factory = StoreAt(f"sqlite:///{folder}/pictures.db")
        store = factory()
        store.init()
        run_round(Parts(store=factory, sources=sources, owner="pictures", clock=utc_now))
        table = console(150)
        table.print(events_table(store, 20))
        save(table, "show")
        article = next(a for a in store.iter_articles() if a.url.endswith("/dhow-oman.html"))
        explained = console(110)
        show(explained, read_document(document_of(article)))
        save(explained, "explain")
        article = next(a for a in store.iter_articles() if a.url.endswith("/shells-rajin.html"))
        store.close()
        page = Path(folder) / "explain.html"
        page.write_text(article_page(read_document(document_of(article)), utc_now()), encoding="utf-8")
        photograph(page, "explain-page", 680, press="Show evidence")
        with browsing(factory.url) as address:
            photograph(f"{address}/tocsin/events", "browse", 900)
            photograph(f"{address}/-/map", "browse-map", 860)
        page = Path(folder) / "brief.html"
        page.write_text(brief_of_week(Path(folder), sources), encoding="utf-8")
        photograph(page, "brief", 1345)


if __name__ == "__main__":
    main()
