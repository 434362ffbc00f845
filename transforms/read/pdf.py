"""The text of a PDF, within limits: a press release has a few pages; a file of thousands must not hold up the rest."""

from __future__ import annotations

import io
import logging
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from pypdf import PdfReader

from transforms.poll.text import legal, one_line

# Its warnings are about the file's faults, which are the publisher's.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

MAX_BYTES = 20_000_000
MAX_PAGES = 60
MAX_CHARS = 400_000
MAX_SECONDS = 20.0
"""A page takes 10 to 50 ms; one that takes longer is drawings. Looked at between pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfText:
    """The text, pages parted by blank lines. cut: there was more than the limits allow."""

    text: str
    title: str | None = None
    author: str | None = None
    cut: bool = False


def extract_pdf(data: bytes, clock: Callable[[], float] = time.monotonic) -> PdfText | str:
    """The text of a PDF, or why there is none. Never raises for any bytes."""
    if len(data) > MAX_BYTES:
        return f"a PDF of more than {MAX_BYTES // 1_000_000} MB"
    deadline = clock() + MAX_SECONDS
    pages: list[str] = []
    length, cut = 0, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = PdfReader(io.BytesIO(data), strict=False)
            if reader.is_encrypted and not reader.decrypt(""):
                return "an encrypted PDF"
            for number, page in enumerate(reader.pages):
                if number >= MAX_PAGES or length >= MAX_CHARS or clock() > deadline:
                    cut = True
                    break
                text = page.extract_text()[: MAX_CHARS - length]
                length += len(text)
                pages.append(text.strip())
            title, author = _told(reader)
    except Exception as error:  # pypdf raises of many kinds for broken files
        if not any(pages):
            return f"a PDF that cannot be read ({type(error).__name__})"
        title = author = None
        cut = True
    text = legal("\n\n".join(page for page in pages if page))
    return PdfText(text=text, title=title, author=author, cut=cut) if text else "a PDF without text (a scan?)"


def _told(reader: PdfReader) -> tuple[str | None, str | None]:
    try:
        told = reader.metadata
        return (one_line(told.title or "") or None, one_line(told.author or "") or None) if told else (None, None)
    except Exception:
        return None, None
