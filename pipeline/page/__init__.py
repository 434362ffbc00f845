"""Self-contained HTML pages: one file, nothing from the network, nothing in it that was not meant to be.

Templates are Jinja's with autoescape. A page's style and script stand in it under a Content-Security-Policy that lets
in exactly those two (by hash), so that a hostile article could not run or load anything even if an escape were missed.
"""

from pipeline.page.page import address, clean, language_tag, render, sheet

__all__ = ["address", "clean", "language_tag", "render", "sheet"]
