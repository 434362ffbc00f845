"""What parties and voices are called in messages, exports and the brief."""

from __future__ import annotations

import pytest

from pipeline.brief.words import voices
from transforms.notify.names import voice
from transforms.records import Voice


@pytest.mark.parametrize("name", ["Russia", "Россия", "Russie", "俄罗斯"])
def test_a_state_that_speaks_is_the_same_in_every_language(name: str) -> None:
    assert voice(Voice(name=name, iso3="RUS")) == "Russia (RUS)"


def test_who_speaks_for_a_state_keeps_the_name_that_the_report_gives() -> None:
    assert voice(Voice(name="Москва", iso3="RUS")) == "Москва (RUS)"
    assert voice(Voice(name="Russia", iso3="BLR")) == "Russia (BLR)"
    assert voice(Voice(name="spokesman")) == "spokesman"


def test_a_brief_names_a_state_once() -> None:
    said = [Voice(name=name, iso3="RUS") for name in ("Russia", "Россия", "Ana Ruiz")]
    assert voices(said) == ("Russia", "Ana Ruiz (Russia)")
