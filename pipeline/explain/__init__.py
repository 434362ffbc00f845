"""``tocsin explain``: a text with its mentions and claims marked, and why; an event with all that is known of it.

In the terminal (terminal.py, event.py) or as one self-contained page (page.py, event_page.py).
"""

from pipeline.explain.reading import Explained, document_from_file, read_document
from pipeline.explain.terminal import claim_panel, printable, show

__all__ = ["Explained", "claim_panel", "document_from_file", "printable", "read_document", "show"]
