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


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("伊朗无人机", None, "zh"),
        ("印度接收三架阵风战机", None, "zh"),
        ("美國售台武器案", None, "zh"),
        ("俄军无人机袭击基辅", "ja", "ja"),  # the declaration is believed where no kana contradict it
        ("防衛装備庁が契約を結んだ", None, "ja"),
        ("日本は武器輸出の原則を見直した", "zh", "ja"),
        ("2024年3月5日 巴西 出口 装甲车", None, "zh"),
        ("대한민국은 무기를 수출한다고 밝혔다", None, "ko"),
    ],
)
def test_han_is_told_by_its_script(text: str, declared: str | None, language: str) -> None:
    assert detect(text, declared) == language


def test_falls_back_to_the_declared_language() -> None:
    assert detect("155 mm", "de-CH") == "de"
    assert detect("", None) is None
    assert detect("\ud800\ud801" * 20, "en_GB") == "en"
