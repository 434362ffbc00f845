"""Cells of a spreadsheet: text that no spreadsheet takes for a formula, whoever wrote it.

After OWASP's "CSV Injection": a cell that begins with ``=``, ``+``, ``-``, ``@`` (or their full-width forms), tab or
carriage return is a formula to Excel, LibreOffice or Google Sheets. What comes from a feed is anybody's, and a file is
also opened with another separator than it was written with, so that a cell may begin after any of them.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

Value = str | int | float | bool | datetime | None

LONGEST = 32_000
"""Characters. Excel's limit is 32,767 and it drops the rest silently; here it is marked."""
CUT = " […cut]"
STARTERS = "=+-@\uff1d\uff0b\uff0d\uff20"
"""What makes a formula at the beginning of a cell."""

_SPACE = " \u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff"
# The start of the text, or a character that some reader takes for the end of a cell or of a row; then what is trimmed.
_OPENS = re.compile(rf"""(\A|[,;|\n])([{_SPACE}"]*+)(?=[{re.escape(STARTERS)}])""")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def cell(value: Value) -> str:
    """A value as the text of a cell. Numbers are plain digits, moments ISO 8601 in UTC, nothing is empty."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return number(value)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case _:
            return harmless(value)


def number(value: float) -> str:
    """A number in digits; whole ones without a point, what is no number empty.

    A negative one stands alone in its cell and is no formula; Tocsin has none in its columns.
    """
    if not math.isfinite(value):
        return ""
    return str(int(value)) if value == int(value) else format(value, ".12g")


def harmless(text: str) -> str:
    """Text with control characters gone, cut to what a cell holds, and an apostrophe before what would be a formula."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\u2028", "\n")
    text = _CONTROL.sub("", text)
    if len(text) > LONGEST:
        text = text[:LONGEST].rstrip() + CUT
    return _OPENS.sub(r"\1\2'", text)
