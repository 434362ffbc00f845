"""``--since``: a moment given as a date, a datetime or a length of time before now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from pipeline.errors import UserError

_LENGTH = re.compile(r"(\d{1,5})\s*([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}


def since(text: str | None, now: datetime) -> datetime | None:
    """``7d``, ``36h``, ``2w``, ``2026-11-01`` or an ISO datetime as a moment; without a zone it is UTC.

    Raises UserError for anything else.
    """
    if text is None:
        return None
    told = text.strip()
    if match := _LENGTH.fullmatch(told.lower()):
        return now - timedelta(hours=int(match[1]) * _HOURS[match[2]])
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        raise UserError(f"--since {text}: no moment; write 7d, 36h, 2w, 2026-11-01 or 2026-11-01T06:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
