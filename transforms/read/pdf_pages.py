"""A program of its own: the pages of a PDF on standard input as JSON lines, within hard limits of time and memory.

    python pdf_pages.py PAGES CHARACTERS PAGE_SECONDS SECONDS MEGABYTES < file.pdf

A page of a PDF is a program, and pypdf may be kept busy by one for minutes or be made to fill the memory; inside one
process neither can be stopped. Here the system ends the process, and what was written before stays. Seconds are CPU
time, so that a busy machine makes no difference. Lines: ``{"page": text}`` for each page, then ``{"end": true}`` with
``cut``, ``title`` and ``author``; or ``{"error": why}``. It imports nothing of Tocsin: it starts in a quarter second.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
import warnings


def _tell(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(pages: int, characters: int, page_seconds: int, seconds: int, megabytes: int) -> None:
    """Write the lines."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from pypdf import PdfReader

    logging.disable()  # its warnings are about the file's faults, which are the publisher's
    warnings.simplefilter("ignore")
    end = _spent() + seconds
    hard = int(end) + 10

    def allow() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (max(1, min(int(_spent()) + 1 + page_seconds, int(end) + 1)), hard))

    allow()
    reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        _tell(error="an encrypted PDF")
        return
    length, cut = 0, False
    for number, page in enumerate(reader.pages):
        if number >= pages or length >= characters or _spent() > end:
            cut = True
            break
        allow()
        text = page.extract_text()[: characters - length]
        length += len(text)
        _tell(page=text.strip())
    allow()
    try:
        told = reader.metadata
        title, author = (str(told.title or ""), str(told.author or "")) if told else ("", "")
    except Exception:
        title = author = ""
    _tell(end=True, cut=cut, title=title, author=author)


if __name__ == "__main__":
    try:
        main(*(int(argument) for argument in sys.argv[1:]))
    except Exception as error:  # pypdf raises of many kinds for broken files
        _tell(error=f"a PDF that cannot be read ({type(error).__name__})")
