"""A real headless Chromium for tests of what a person sees: ``view`` opens a page and holds it to account.

Wait with locators (``wait_for``, ``expect``): ``wait_for_function`` needs eval, which a page's own policy forbids.

A page may load nothing from the network but loopback, and must write no error to the console; both are checked when
the test ends. Without Chromium such tests are skipped with the reason, and fail in CI (environment variable ``CI``).

    def test_the_brief(view: View, tmp_path: Path) -> None:
        page = view(file, width=360, dark=True)
        assert overflow(page) == 0
        assert violations(page) == []
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

PATIENCE = 90_000
"""Milliseconds after which something is taken to hang: a guard, not a claim about speed."""

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


def chromium_program() -> str:
    """Where Chromium is; skips the test where there is none, and fails it in CI."""
    named = os.environ.get("TOCSIN_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if found is None:
        reason = f"no browser: none of {', '.join(_PROGRAMS)} on PATH (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


# A module's, not the session's: Playwright keeps an event loop in the thread while it runs, and other modules' tests
# call asyncio.run.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A running browser."""
    program = chromium_program()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS, timeout=PATIENCE)
        yield browser
        browser.close()


@dataclass
class View:
    """Opens pages; ``troubles`` is what went wrong in any of them (errors in the console, requests to the network)."""

    browser: Browser
    troubles: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        what: Path | str,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        scripts: bool = True,
        **options: Any,
    ) -> Page:
        """The page of a file or loopback address. options: more of Playwright's ``new_context``."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            locale="en-GB",
            timezone_id="UTC",
            **options,
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.route("**/*", self._gate)
        page = context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(f"error in the page: {error}"))
        page.on("console", lambda said: said.type == "error" and self.troubles.append(f"console: {said.text}"))
        page.goto(what.resolve().as_uri() if isinstance(what, Path) else what, wait_until="load")
        return page

    def _gate(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.hostname not in ("127.0.0.1", "localhost", "::1"):
            self.troubles.append(f"asked the network for {route.request.url}")
            route.abort()
        else:
            route.continue_()


@pytest.fixture
def view(chromium: Browser) -> Iterator[View]:
    """Opens pages; fails the test that used it where a page wrote an error or asked the network for something."""
    opened = View(chromium)
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.troubles == []


def overflow(page: Page) -> int:
    """By how many CSS pixels the page is wider than the window; 0 is what a reader wants."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def violations(page: Page, **options: Any) -> list[str]:
    """What axe-core finds against the page: rule, what it says, where. options: axe's own, such as ``rules``."""
    from axe_playwright_python.sync_playwright import Axe

    response = Axe().run(page, options=options or None).response
    return [
        f"{found['id']}: {found['help']}: {node['target']} {node.get('failureSummary', '')}"
        for found in response["violations"]
        for node in found["nodes"]
    ]
