"""Who speaks, in words: where nobody is quoted, it is the report itself."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.notify import names
from transforms.records import Voice

NARRATION = "narration"
"""What a claim calls its own document's words (docs/claims.md)."""


def voice(speaker: Voice) -> str:
    """``Defence Ministry (KOR)``; ``the report itself`` for narration, with the state whose document it is."""
    if speaker.name == NARRATION:
        return f"the report itself ({speaker.iso3})" if speaker.iso3 else "the report itself"
    return names.voice(speaker)


def voices(speakers: Iterable[Voice]) -> list[str]:
    """Each speaker once, in the order given."""
    return list(dict.fromkeys(name for one in speakers if (name := voice(one))))
