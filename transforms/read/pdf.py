"""The text of a PDF, within limits: a press release has a few pages; a file of thousands must not hold up the rest."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from transforms.poll.text import legal, one_line

_PROGRAM = Path(__file__).with_name("pdf_pages.py")
_HANG = 300.0
"""Seconds of the clock after which the process is ended though it used no time (a machine that stands still)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLimits:
    """What a PDF may have and use. page_seconds, seconds: CPU time of a page and of the whole (a page takes 10 to 50
    ms; one that takes seconds is drawings); memory: megabytes."""

    size: int = 20_000_000
    pages: int = 60
    characters: int = 400_000
    page_seconds: int = 5
    seconds: int = 20
    memory: int = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfText:
    """The text, pages parted by blank lines. cut: there was more than the limits allow."""

    text: str
    title: str | None = None
    author: str | None = None
    cut: bool = False


def extract_pdf(data: bytes, limits: PdfLimits = PdfLimits()) -> PdfText | str:
    """The text of a PDF, or why there is none. Read by a process of its own, which is ended where it uses more than the
    limits; the pages before are kept. Never raises for any bytes."""
    if len(data) > limits.size:
        return f"a PDF of more than {limits.size // 1_000_000} MB"
    pages: list[str] = []
    end: Mapping[str, object] | None = None
    error = ""
    for line in _lines(_run(data, limits)):
        if isinstance(page := line.get("page"), str):
            pages.append(page)
        elif isinstance(told := line.get("error"), str):
            error = told
        else:
            end = line
    text = legal("\n\n".join(page for page in pages if page))
    if end is None and not text:
        return error or "a PDF that takes too much time or memory"
    if not text:
        return "a PDF without text (a scan?)"
    return PdfText(
        text=text, title=_told(end, "title"), author=_told(end, "author"), cut=end is None or bool(end.get("cut"))
    )


def _run(data: bytes, limits: PdfLimits) -> bytes:
    numbers = (limits.pages, limits.characters, limits.page_seconds, limits.seconds, limits.memory)
    try:
        done = subprocess.run(  # noqa: S603 (our own program; -I: nothing of the environment is imported)
            [sys.executable, "-I", str(_PROGRAM), *map(str, numbers)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_HANG,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return late.stdout or b""
    return done.stdout


def _lines(output: bytes) -> Iterator[Mapping[str, object]]:
    for raw in output.splitlines():
        try:
            line = json.loads(raw)
        except ValueError:  # the process was ended while it wrote
            continue
        if isinstance(line, dict):
            yield line


def _told(end: Mapping[str, object] | None, name: str) -> str | None:
    value = end.get(name) if end else None
    return one_line(value) or None if isinstance(value, str) else None
