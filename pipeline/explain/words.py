"""What the codes of the records are called on a page."""

from __future__ import annotations

from transforms.records import Category, Claim, Goods, Reliability

CATEGORIES: dict[Category, str] = {
    "I": "battle tanks",
    "II": "armoured combat vehicles",
    "III": "large-calibre artillery",
    "IV": "combat aircraft",
    "V": "attack helicopters",
    "VI": "warships",
    "VII": "missiles and launchers",
    "SALW": "small arms and light weapons",
    "ammunition": "ammunition",
    "components": "components",
    "UAV": "uncrewed aircraft",
    "air_defence": "air defence",
    "missile": "missiles, kind not told",
    "transport_aircraft": "transport aircraft",
    "explosives": "explosives",
    "generic": "arms, kind not told",
}
RELIABILITIES: dict[Reliability, str] = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
CREDIBILITIES = (
    "confirmed by other sources",
    "probably true",
    "possibly true",
    "doubtful",
    "improbable",
    "truth cannot be judged",
)
"""Admiralty credibility, 1 to 6."""


def category(code: Category) -> str:
    """``large-calibre artillery (UN Register III)``; Tocsin's own classes have no number."""
    name = CATEGORIES[code]
    return f"{name} (UN Register {code})" if code.strip("IV") == "" else name


def goods(one: Goods) -> str:
    """What it is, with its category where that says more."""
    kind = CATEGORIES[one.category]
    return one.value if kind.startswith(one.value) else f"{one.value} ({kind})"


def reason(text: str) -> str:
    """A reason of the claims engine; its bookkeeping in plain words."""
    if text.startswith("sides from context: "):
        number = text.rsplit(" ", 1)[1]
        return "both sides told in the sentence itself" if number == "0" else f"{number} of the sides told before it"
    return text


def reasons(claim: Claim) -> list[str]:
    """The frame that matched, then what filled it."""
    return [f"frame {claim.frame}" if claim.frame else "frame not kept", *map(reason, claim.reasons)]
