"""A non-state party bears the name that the document gives it; who it is does not depend on that."""

from __future__ import annotations

import pytest

from transforms.claims import assemble
from transforms.recognise.mentions import recognise, subject
from transforms.records import Document


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Chad has delivered 20 mortars to the Rapid Support Forces, diplomats said.", "Rapid Support Forces"),
        ("Chad has delivered 20 mortars to the RSF, diplomats said.", "RSF"),
        ("Chad has delivered 20 mortars to the Rapid Support Forces (RSF), diplomats said.", "RSF"),
    ],
)
def test_the_documents_own_name(text: str, name: str) -> None:
    source = subject(Document(id="d", text=text, lang="en", published="2024-06-28"))
    (claim,) = assemble(source, recognise(source))
    assert (claim.recipient.actor, claim.recipient.name) == ("rsf", name)
