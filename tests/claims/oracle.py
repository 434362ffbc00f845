"""Marks the mentions of the goldens' texts from their own lexicon, and reads their notation of expected claims."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from transforms.claims.assembly import Assembly, explain
from transforms.recognise.context import Subject
from transforms.records import (
    Category,
    Claim,
    DateMention,
    Document,
    Mention,
    Party,
    Passage,
    PlaceMention,
    QuantityMention,
    StateMention,
    WeaponMention,
)
from transforms.text import view

GOLDEN = Path(__file__).parents[1] / "golden" / "claims"
_SCALE = {"million": 1e6, "billion": 1e9}
_CURRENCY = {"$": "USD", "euros": "EUR"}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)"


@cache
def _lexicon() -> dict[str, Any]:
    return cast(dict[str, Any], yaml.safe_load((GOLDEN / "lexicon.yaml").read_text(encoding="utf-8")))


def _taken(out: list[Mention], start: int, end: int) -> bool:
    return any(m.start < end and start < m.end for m in out)


def mentions(text: str) -> list[Mention]:
    """The mentions of a golden text."""
    out: list[Mention] = []
    known = _lexicon()
    forms: list[tuple[str, str, str, bool]] = []
    for iso3, names in known["states"].items():
        for name in names:
            form, _, adjective = name.partition(" | ")
            forms.append((form, "state", iso3, bool(adjective)))
    for value, record in known["weapons"].items():
        forms += [(form, "weapon", value, bool(record.get("named"))) for form in record["forms"]]
    forms += [(place, "place", record["country"], False) for place, record in known["places"].items()]
    forms += [(form, "date", value, False) for form, value in known["dates"].items()]
    for form, kind, value, flag in sorted(forms, key=lambda f: -len(f[0])):
        # Chinese words stand without blanks between them.
        whole = re.escape(form) if "\u4e00" <= form[0] <= "\u9fff" else rf"(?<!\w){re.escape(form)}(?!\w)"
        for found in re.finditer(whole, text, re.IGNORECASE if kind == "weapon" else 0):
            a, b = found.span()
            if _taken(out, a, b):
                continue
            if kind == "state":
                metonym = form in known["metonyms"]
                out.append(StateMention(text=form, start=a, end=b, value=value, metonym=metonym, adjective=flag))
            elif kind == "weapon":
                category = cast(Category, known["weapons"][value]["category"])
                origins = tuple(known["weapons"][value].get("origins", ()))
                out.append(
                    WeaponMention(
                        text=found[0], start=a, end=b, value=value, category=category, named=flag, origins=origins
                    )
                )
            elif kind == "place":
                out.append(PlaceMention(text=form, start=a, end=b, value=form, country=value))
            else:
                out.append(DateMention(text=form, start=a, end=b, value=value))
    return sorted([*out, *_quantities(text, out)], key=lambda m: (m.start, m.end))


def _quantities(text: str, others: list[Mention]) -> list[Mention]:
    words = _lexicon()["numbers"]
    out: list[Mention] = []
    money = re.compile(rf"(up to )?(\$)?({_NUMBER}(?:\.\d+)?) (million|billion)( euros)?")
    for m in money.finditer(text):
        amount = float(m[3].replace(",", "")) * _SCALE[m[4]]
        currency = _CURRENCY.get((m[2] or m[5] or "").strip())
        if currency is not None:
            ceiling = bool(m[1])
            out.append(
                QuantityMention(
                    text=m[0],
                    start=m.start(),
                    end=m.end(),
                    quantity_class="money",
                    currency=currency,
                    number=None if ceiling else amount,
                    max=amount if ceiling else None,
                )
            )
    counted = re.compile(rf"(?<!\w)(more than )?({_NUMBER}|{'|'.join(words)})( containers)?(?!\w)")
    for m in counted.finditer(text):
        if _taken([*others, *out], m.start(), m.end()):
            continue
        following = [w for w in others if isinstance(w, WeaponMention) and 0 <= w.start - m.end() <= 16]
        weapon = following[0] if following else None
        gap = text[m.end() : weapon.start].strip() if weapon else "far"
        if gap not in ("", "of", "more") and not re.search(
            r"^Another|are to follow|have been", text[max(0, m.start() - 8) : m.end() + 15]
        ):
            continue
        number = float(words.get(m[2]) or m[2].replace(",", ""))
        unit = "container" if m[3] else "piece"
        end = m.end() if weapon is None or gap else weapon.end
        out.append(
            QuantityMention(
                text=text[m.start() : end],
                start=m.start(),
                end=end,
                quantity_class="goods",
                unit=unit,
                target=weapon.start if weapon else None,
                number=None if m[1] else number,
                min=number if m[1] else None,
            )
        )
    return out


def run(case: dict[str, Any], lang: str) -> Assembly:
    """Assemble a golden case."""
    text = case["in"]
    published = str(case.get("date", "2024-06-15"))
    document = Document(id="golden", url=case.get("source"), published=published, lang=lang, text=text)
    passages = [
        Passage(kind="furniture", start=text.index(words), end=text.index(words) + len(words))
        for words in case.get("furniture", ())
    ]
    for who in case.get("speakers", ()):
        start = text.index(who["words"])
        passages.append(
            Passage(kind="speaker", start=0, end=start + len(who["words"]), speaker=who["name"], iso3=who["iso3"])
        )
    return explain(Subject(document, view(text), lang), mentions(text), passages)


def side(party: Party) -> str:
    return party.iso3 or (f"@{party.actor}" if party.actor else "?")


def head(claim: Claim) -> str:
    """Pair, stage and standing in the goldens' notation."""
    return f"{side(claim.supplier)}>{side(claim.recipient)} {claim.stage} {claim.standing}"


def differences(expected: str, claim: Claim) -> list[str]:
    """What of an expected line a claim does not have."""
    wrong: list[str] = []
    for item in expected.split()[3:]:
        name, equals, value = item.partition("=")
        told = _attribute(name, claim) if equals else sorted({goods.category for goods in claim.goods})
        if (value not in told) if equals else (told != sorted(item.split(","))):
            wrong.append(f"{name} {told}, not {value or item}")
    return wrong


def _attribute(name: str, claim: Claim) -> list[str]:
    if name == "n":
        q = claim.quantity
        if q is None:
            return ["-"]
        return (
            [f"{q.number:g}"]
            if q.number is not None
            else [f"{'' if q.min is None else f'{q.min:g}'}..{'' if q.max is None else f'{q.max:g}'}"]
        )
    if name == "v":
        v = claim.value
        return ["-"] if v is None else [f"{'<=' if v.bound == 'max' else ''}{v.amount:.0f}{v.currency}"]
    if name == "on":
        return [claim.date or "-"]
    if name in ("by", "no"):
        who = claim.asserted_by if name == "by" else claim.denied_by
        return [voice.iso3 for voice in who if voice.iso3] or ["-"]
    if name == "at":
        return [f"{place.role}:{place.text}" for place in claim.places]
    assert name == "via", name
    return [side(party) for party in claim.transit]
