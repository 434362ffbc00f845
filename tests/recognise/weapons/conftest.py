"""What the tests of the weapon recogniser share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from transforms.recognise.context import Subject
from transforms.recognise.weapons import WeaponRecogniser
from transforms.records import Document, WeaponMention
from transforms.text import view

Find = Callable[..., list[WeaponMention]]


@pytest.fixture(scope="session")
def find() -> Find:
    recogniser = WeaponRecogniser()

    def run(text: str, language: str | None = "en") -> list[WeaponMention]:
        document = Document(id="d", text=text, lang=language)
        return recogniser.find(Subject(document, view(text), language), ())

    return run
