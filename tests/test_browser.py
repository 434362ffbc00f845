"""The browser that other tests look through sees what it must."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import View, overflow, violations

_GOOD = (
    '<!doctype html><html lang="en"><title>t</title>'
    '<meta name="viewport" content="width=device-width,initial-scale=1"><main><h1>Fine</h1></main>'
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "page.html"


def test_a_sound_page_has_no_faults(view: View, file: Path) -> None:
    file.write_text(_GOOD, encoding="utf-8")
    page = view(file, width=360, dark=True)
    assert page.inner_text("h1") == "Fine"
    assert overflow(page) == 0
    assert violations(page) == []
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is True


def test_what_is_too_wide_or_unlabelled_is_seen(view: View, file: Path) -> None:
    file.write_text(_GOOD + '<main><div style="width:500px">x</div><input></main>', encoding="utf-8")
    page = view(file, width=360)
    assert overflow(page) > 0
    assert any(fault.startswith("label: ") for fault in violations(page))


def test_errors_and_requests_to_the_network_are_troubles(view: View, file: Path) -> None:
    file.write_text(_GOOD + '<script>throw new Error("oops")</script><img alt="" src="https://net.example/i.png">')
    view(file)
    assert any("oops" in trouble for trouble in view.troubles)
    assert any("https://net.example/i.png" in trouble for trouble in view.troubles)
    view.troubles.clear()
