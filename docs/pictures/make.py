"""Makes the pictures of README from the samples (``python docs/pictures/make.py``), without any network."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from pipeline.clock import utc_now
from pipeline.explain import read_document, show
from pipeline.graph import Parts
from pipeline.rounds import run_round
from pipeline.serve import serving
from pipeline.service import load
from pipeline.show import events_table
from sinks.urls import StoreAt
from transforms.recognise.mentions import document_of

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
        store.close()


if __name__ == "__main__":
    main()
