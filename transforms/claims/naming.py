"""Non-state parties by the name that the document gives them (records.Party: ``name`` is as reported).

The catalogue's own name is kept where the document uses it anywhere, also in the singular ("Contra rebels" are the
Contras); else the document's first name for the actor stands, so that a reader finds it in the text. Identity does not
depend on it: that is ``actor``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from transforms.claims.actors import names
from transforms.records import Claim, Party


def as_reported(claims: Sequence[Claim], text: str) -> list[Claim]:
    """The claims with their actors named as the (folded) text names them."""
    actors = {p.actor for claim in claims for p in (claim.supplier, claim.recipient) if p.actor}
    if not actors:
        return list(claims)
    first: dict[str, str] = {}
    for found in names().find(text):
        id = found.entry.id
        if id in actors and id not in first:  # each actor's name is looked for once, however often it occurs
            first[id] = found.entry.name if _has(found.entry.name, text) else text[found.start : found.end]
    return [
        replace(claim, supplier=_named(claim.supplier, first), recipient=_named(claim.recipient, first))
        for claim in claims
    ]


def _named(party: Party, first: dict[str, str]) -> Party:
    name = first.get(party.actor or "")
    return replace(party, name=name) if name else party


def _has(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name.removesuffix('s'))}s?(?!\w)", text, re.IGNORECASE) is not None
