"""The language is the text's own; the declaration helps where the text tells too little."""

from __future__ import annotations

import pytest

from transforms.text.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ministry said that the first tanks had been delivered.", "en"),
        ("Le ministère a annoncé la livraison des premiers chars.", "fr"),
        ("Das Ministerium teilte mit, dass die ersten Panzer geliefert wurden.", "de"),
        ("El ministerio anunció la entrega de los primeros tanques.", "es"),
        ("Ministeriet meddelade att de första stridsvagnarna har levererats.", "sv"),
        ("Министерство сообщило о поставке первых танков.", "ru"),
        ("Міністерство повідомило про постачання перших танків.", "uk"),
        ("أعلنت الوزارة تسليم أولى الدبابات.", "ar"),
        ("THE MINISTRY SAID THAT THE FIRST TANKS HAD BEEN DELIVERED.", "en"),
    ],
)
def test_detects(text: str, language: str) -> None:
    assert detect(text) == language


def test_falls_back_to_the_declared_language() -> None:
    assert detect("155 mm", "de-CH") == "de"
    assert detect("", None) is None
    assert detect("\ud800\ud801" * 20, "en_GB") == "en"
