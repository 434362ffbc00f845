"""``tocsin explain`` as a page: where it goes, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.errors import UserError
from sinks.urls import StoreAt
from tests.explain.pages import disputed
from transforms.notify.feedback import give_feedback

TEXT = "Norway has delivered eight Leopard 2A4 tanks to Ukraine, the Norwegian defence ministry said on Friday."


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["explain", *map(str, arguments)])


def test_a_text_becomes_a_page(tmp_path: Path) -> None:
    text, out = tmp_path / "a.txt", tmp_path / "a.html"
    text.write_text(TEXT)
    done = run(text, "--html", out)
    assert (done.exit_code, done.stdout) == (0, "")
    html = out.read_text(encoding="utf-8")
    assert "Norway (NOR) → Ukraine (UKR)" in html
    assert "Leopard 2A4 (battle tanks)" in html
    assert "frame " in html


def test_the_page_goes_to_standard_output_where_no_file_is_named(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text(TEXT)
    done = run(text, "--format", "html")
    assert done.exit_code == 0
    assert done.stdout.startswith("<!doctype html>") and done.stdout.endswith("</html>")


def test_a_saved_page_is_read_as_one_that_was_fetched(tmp_path: Path) -> None:
    saved = tmp_path / "saved.html"
    saved.write_bytes(
        f"""<!doctype html><html lang="en"><head><meta charset="latin-1"><title>Tänks for Ukraine | Wire</title>
        <meta property="article:published_time" content="2024-06-28T10:00:00+00:00"></head><body>
        <nav><a href="/">Home</a></nav><article><h1>Tänks for Ukraine</h1><p>{TEXT}</p>
        <p>{"They went by rail. " * 20}</p></article></body>
        </html>""".encode("latin-1")
    )
    shown = run(saved)
    assert shown.exit_code == 0, shown.output
    assert "Tänks for Ukraine" in shown.stdout
    assert "Norway (NOR) → Ukraine (UKR)" in shown.stdout
    assert "<nav>" not in shown.stdout and "Home" not in shown.stdout


def test_a_page_without_an_article_says_so(tmp_path: Path) -> None:
    saved = tmp_path / "empty.html"
    saved.write_text("<html><body></body></html>")
    done = run(saved)
    assert isinstance(done.exception, UserError)
    assert str(done.exception).endswith("; to read a page as it stands, name it .txt")


def test_an_event_of_the_store_becomes_a_page(tmp_path: Path) -> None:
    url, out = f"sqlite:///{tmp_path}/t.db", tmp_path / "e.html"
    event, articles, feedback = disputed()
    store = StoreAt(url)()
    store.init()
    store.put_articles(list(articles.values()))
    assert store.put_event(event, "")
    give_feedback(store, event.id, feedback[0])
    store.close()
    done = run("--event", event.id, "--store", url, "--html", out)
    assert done.exit_code == 0, done.output
    html = out.read_text(encoding="utf-8")
    assert "Iran (IRN) → Houthis" in html
    assert "&lt;i&gt;old&lt;/i&gt; news" in html
    assert "ministry of Zembla" in html


@pytest.mark.parametrize(("arguments", "message"), [(("a.txt", "--event", "v1"), "One of them"), ((), "explain what?")])
def test_what_cannot_be_explained(arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments, "--html", "x.html")
    assert isinstance(done.exception, UserError)
    assert message in str(done.exception)


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text(TEXT)
    done = run(text, "--html", tmp_path / "no" / "a.html")
    assert isinstance(done.exception, UserError)
    assert "cannot be written" in str(done.exception)


def test_an_unknown_event(tmp_path: Path) -> None:
    StoreAt(f"sqlite:///{tmp_path}/t.db")().init()
    done = run("--event", "nothing", "--store", f"sqlite:///{tmp_path}/t.db", "--html", tmp_path / "e.html")
    assert isinstance(done.exception, UserError)
    assert "nothing" in str(done.exception)
